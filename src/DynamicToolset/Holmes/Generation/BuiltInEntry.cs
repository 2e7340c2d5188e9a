using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>An entry that switches one of HolmesGPT's own toolsets on.</summary>
internal static class BuiltInEntry
{
    /// <param name="backends">
    /// At least one. For the releases of 2025, which know one config for a toolset, the first is taken, whatever it is called, with what
    /// was wished for it and nothing that was wished for another one: a credential must not reach a stranger.
    /// </param>
    public static DraftEntry Write(HolmesForm.BuiltIn form, ImmutableArray<Backend> backends, HolmesTarget target)
    {
        ImmutableArray<Backend> taken = target == HolmesTarget.Current ? backends : [backends[0]];
        foreach (Backend other in backends[taken.Length..])
            other.LeftOut.AddWhole($"HolmesGPT takes one {form.Toolset}, and {taken[0].Name} is it: set HOLMES_TARGET=current for several");
        string places = string.Join("; ", taken.Select(b => b.Place));
        ImmutableArray<(string, ToolsetValue)> description = Said(taken, OwnWords.Description) is { } words ? [(OwnWords.Description, words)] : [];
        var body = ToolsetValue.Map.Of(
        [
            DraftEntry.Enabled,
            .. description,
            (OwnWords.Instructions, Said(taken, OwnWords.Instructions) ?? new ToolsetValue.Text($"{form.Instructions} It is {places}.")),
            ("config", taken.Length == 1 ? ConfigOf(form, taken[0], target, []) : InstancesOf(form, taken, target)),
        ]);
        return new DraftEntry(form.Toolset, body, taken);
    }

    /// <summary>What admins wrote of any of them, for HolmesGPT has one such text for a toolset.</summary>
    private static ToolsetValue.Text? Said(IEnumerable<Backend> backends, string key)
    {
        string[] texts = [.. backends.Select(b => OwnWords.Read(b, key)).OfType<string>()];
        return texts.Length == 0 ? null : new ToolsetValue.Text(string.Join(' ', texts));
    }

    private static ToolsetValue.Map InstancesOf(HolmesForm.BuiltIn form, ImmutableArray<Backend> backends, HolmesTarget target)
    {
        var instances = backends.Select(b => ConfigOf(form, b, target, [("name", new ToolsetValue.Text(b.Name))]));
        return ToolsetValue.Map.Of(("instances", new ToolsetValue.List([.. instances])));
    }

    private static ToolsetValue.Map ConfigOf(
        HolmesForm.BuiltIn form, Backend backend, HolmesTarget target, ReadOnlySpan<(string Key, ToolsetValue Value)> first)
    {
        ImmutableSortedDictionary<string, ToolsetValue> wanted = WithOneCredential(new KeyMap(form).Read(backend, target), backend);
        ImmutableSortedDictionary<string, ToolsetValue> rest =
            ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, form.Defaults.Entries).SetItems(wanted);
        return ToolsetValue.Map.Of(
        [
            .. first,
            (form.UrlKey, new ToolsetValue.Text(EndsWithSlash(form.Slash, backend.Url) ? backend.Url.TextWithSlash : backend.Url.Text)),
            .. rest.Select(e => (e.Key, e.Value)),
        ]);
    }

    private static bool EndsWithSlash(HolmesForm.SlashAtEnd slash, BackendUrl url) =>
        slash == HolmesForm.SlashAtEnd.Always || (slash == HolmesForm.SlashAtEnd.BehindAPath && url.Plain is not { Path: "" or "/" });

    /// <summary>With both HolmesGPT takes neither. A user name is always an admin's wish, a key may be the one that all of the kind get.</summary>
    private static ImmutableSortedDictionary<string, ToolsetValue> WithOneCredential(
        ImmutableSortedDictionary<string, ToolsetValue> config, Backend backend)
    {
        if (!config.ContainsKey("username") || !config.ContainsKey("api_key"))
            return config;
        backend.LeaveOut("api_key", "is not written beside username, which HolmesGPT refuses");
        return config.Remove("api_key");
    }
}
