using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>An entry that switches one of HolmesGPT's own toolsets on.</summary>
internal static class BuiltInEntry
{
    private const int MostOfPlaces = 1000;

    /// <param name="backends">
    /// At least one. For the releases of 2025, which know one config for most toolsets, the first is taken, whatever it is called, with what
    /// was wished for it and nothing that was wished for another one: a credential must not reach a stranger.
    /// </param>
    public static DraftEntry Write(HolmesForm.BuiltIn form, ImmutableArray<Backend> backends, HolmesTarget target)
    {
        ImmutableArray<Backend> taken = target == HolmesTarget.Current || form.List is not null ? backends : [backends[0]];
        foreach (Backend other in backends[taken.Length..])
            other.LeftOut.AddWhole($"HolmesGPT supports only one {form.Toolset}, and {taken[0].Name} is used: set HOLMES_TARGET=current for several{SwapFor(other)}");
        string places = PlacesOf(taken);
        string? said = Said(taken, OwnWords.Instructions);
        if (form.HasOwnInstructions && said?.Length > InventoryEntry.LongestOfInstructions)
            TellOfCut(taken);
        ImmutableArray<(string, ToolsetValue)> description = Said(taken, OwnWords.Description) is { } words
            ? [(OwnWords.Description, new ToolsetValue.Text(words))]
            : [];
        ImmutableArray<(string, ToolsetValue)> instructions = form.HasOwnInstructions
            ? []
            : [(OwnWords.Instructions, new ToolsetValue.Text(said ?? $"{form.Instructions} It is {places}."))];
        var body = ToolsetValue.Map.Of(
        [
            DraftEntry.Enabled,
            .. description,
            .. instructions,
            ("config", WholeConfigOf(form, taken, target)),
        ]);
        return new DraftEntry(form.Toolset, body, taken)
        {
            Told = form.HasOwnInstructions ? new ToldElsewhere(form.Toolset, places, said ?? form.Instructions) : null,
        };
    }

    /// <summary>As many as a prompt has room for; the inventory shows all.</summary>
    private static string PlacesOf(ImmutableArray<Backend> backends)
    {
        int count = 0, length = 0;
        while (count < backends.Length && (count == 0 || length + backends[count].Place.Length <= MostOfPlaces))
            length += backends[count++].Place.Length;
        string more = count < backends.Length ? $"; and {backends.Length - count} more" : "";
        return string.Join("; ", backends.Take(count).Select(b => b.Place)) + more;
    }

    private static void TellOfCut(ImmutableArray<Backend> backends)
    {
        foreach (Backend backend in backends.Where(b => b.Toolset.Body[OwnWords.Instructions] is not null))
            backend.LeftOut.Add(OwnWords.Instructions, $"is longer than {InventoryEntry.LongestOfInstructions} characters, and is cut there");
    }

    private static string SwapFor(Backend other) =>
        other.Toolset.Source is ToolsetSource.Service { Swap: { } swap } ? $"; or, to use this one instead, {swap}" : "";

    /// <summary>What admins wrote of any of them, for HolmesGPT has one such text for a toolset.</summary>
    private static string? Said(IEnumerable<Backend> backends, string key)
    {
        string[] texts = [.. backends.Select(b => OwnWords.Read(b, key)).OfType<string>()];
        return texts.Length == 0 ? null : string.Join(' ', texts);
    }

    private static ToolsetValue.Map WholeConfigOf(HolmesForm.BuiltIn form, ImmutableArray<Backend> backends, HolmesTarget target)
    {
        if (form.List is { } list)
            return ListOf(form, list, backends, target);
        return backends.Length == 1 ? ConfigOf(form, backends[0], target, []) : InstancesOf(form, backends, target);
    }

    private static ToolsetValue.Map InstancesOf(HolmesForm.BuiltIn form, ImmutableArray<Backend> backends, HolmesTarget target)
    {
        var instances = backends.Select(b => ConfigOf(form, b, target, [("name", new ToolsetValue.Text(b.Name))]));
        return ToolsetValue.Map.Of(("instances", new ToolsetValue.List([.. instances])));
    }

    private static ToolsetValue.Map ListOf(HolmesForm.BuiltIn form, HolmesForm.ItemOf list, ImmutableArray<Backend> backends, HolmesTarget target)
    {
        var items = backends.Select(b => ConfigOf(form, b, target, [(list.NameKey, new ToolsetValue.Text(b.Name))]));
        return ToolsetValue.Map.Of((list.Key, new ToolsetValue.List([.. items])));
    }

    private static ToolsetValue.Map ConfigOf(
        HolmesForm.BuiltIn form, Backend backend, HolmesTarget target, ReadOnlySpan<(string Key, ToolsetValue Value)> first)
    {
        var keys = new KeyMap(form);
        ImmutableSortedDictionary<string, ToolsetValue> rest =
            ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, form.Defaults.Entries);
        if (backend.IsUnverified && keys.NameOf("verify_ssl", target) is { } verify)
            rest = rest.Add(verify, new ToolsetValue.Flag(false));
        rest = rest.SetItems(WithOneCredential(keys.Read(backend, target), backend));
        bool hasSlash = EndsWithSlash(form.Slash, backend.Url);
        var url = new ToolsetValue.Text(hasSlash ? backend.Url.TextWithSlash : backend.Url.TextWithoutSlash);
        return ToolsetValue.Map.Of(
        [
            .. first,
            (form.UrlKey, url),
            .. form.List is { OtherUrlKey: { } other } ? [(other, (ToolsetValue)url)] : Array.Empty<(string, ToolsetValue)>(),
            .. WithHealthcheck(rest, form, hasSlash).Select(e => (e.Key, e.Value)),
        ]);
    }

    /// <summary>
    /// No doubled slash: the releases of 2025 put one between the URL and this path. Where the URL has to end with one already, for the sake of
    /// newer releases, a dot segment takes it back, which their client resolves before it sends the path.
    /// </summary>
    private static ImmutableSortedDictionary<string, ToolsetValue> WithHealthcheck(
        ImmutableSortedDictionary<string, ToolsetValue> config, HolmesForm.BuiltIn form, bool hasSlash)
    {
        string? path = (config.GetValueOrDefault("healthcheck") as ToolsetValue.Text)?.Value.TrimStart('/');
        if (form.HealthcheckBehindSlash is { } usual && hasSlash)
            path = $"../{path ?? usual}";
        return path is null ? config : config.SetItem("healthcheck", new ToolsetValue.Text(path));
    }

    private static bool EndsWithSlash(HolmesForm.SlashAtEnd slash, BackendUrl url) =>
        slash == HolmesForm.SlashAtEnd.Always || (slash == HolmesForm.SlashAtEnd.BehindAPath && url.Plain is not { Path: "" or "/" });

    /// <summary>With both HolmesGPT takes neither. A user name is always an admin's wish, a key may be the one that all of the kind get.</summary>
    private static ImmutableSortedDictionary<string, ToolsetValue> WithOneCredential(
        ImmutableSortedDictionary<string, ToolsetValue> config, Backend backend)
    {
        if (!config.ContainsKey("username") || !config.ContainsKey("api_key"))
            return config;
        backend.LeaveOut("api_key", "is left out: HolmesGPT rejects it together with username");
        return config.Remove("api_key");
    }
}
