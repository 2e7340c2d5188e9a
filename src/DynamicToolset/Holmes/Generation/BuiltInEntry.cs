using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>An entry that switches one of HolmesGPT's own toolsets on.</summary>
/// <param name="UrlKey">The key of the URL in both generations, first the one of 2025.</param>
/// <param name="Purpose">For the model: what to ask it, before the places.</param>
internal sealed record BuiltInEntry(KeyMap Keys, (string Older, string Newer) UrlKey, string Purpose)
{
    public string Name => Keys.Toolset;

    /// <summary>Whether paths get lost where the URL has no slash at its end.</summary>
    public Func<HolmesTarget, BackendUrl, bool> EndsUrlWithSlash { get; init; } = (_, _) => false;

    /// <summary>What is said where the admin says nothing else.</summary>
    public Func<HolmesTarget, ToolsetValue.Map> Defaults { get; init; } = _ => ToolsetValue.Map.Empty;

    /// <summary>The target's name of a key of a backend's config; null where it has no such key.</summary>
    public string? NameOf(string key, BackendKind kind, HolmesTarget target) =>
        Backend.UrlKeys(kind).Contains(key) ? UrlKeyOf(target) : Keys.NameOf(key, target);

    /// <param name="backends">At least one. For the releases of 2025, which know one config for a toolset, only the first is taken.</param>
    public DraftEntry Write(ImmutableArray<Backend> backends, HolmesTarget target)
    {
        ImmutableArray<Backend> taken = target == HolmesTarget.Current ? backends : [backends[0]];
        foreach (Backend other in backends[taken.Length..])
            other.LeftOut.AddWhole($"HolmesGPT takes one {Name}, and {taken[0].Name} is it: set HOLMES_TARGET=current for several");
        string places = string.Join("; ", taken.Select(b => b.Place));
        ImmutableArray<(string, ToolsetValue)> description = Said(taken, OwnWords.Description) is { } words ? [(OwnWords.Description, words)] : [];
        var body = ToolsetValue.Map.Of(
        [
            ("enabled", new ToolsetValue.Flag(true)),
            .. description,
            (OwnWords.Instructions, Said(taken, OwnWords.Instructions) ?? new ToolsetValue.Text($"{Purpose} {places}.")),
            ("config", taken.Length == 1 ? ConfigOf(taken[0], target, []) : InstancesOf(taken, target)),
        ]);
        return new DraftEntry(Name, body, taken);
    }

    /// <summary>What admins wrote of any of them, for HolmesGPT has one such text for a toolset.</summary>
    private static ToolsetValue.Text? Said(IEnumerable<Backend> backends, string key)
    {
        string[] texts = [.. backends.Select(b => OwnWords.Read(b, key)).OfType<string>()];
        return texts.Length == 0 ? null : new ToolsetValue.Text(string.Join(' ', texts));
    }

    private ToolsetValue.Map InstancesOf(ImmutableArray<Backend> backends, HolmesTarget target) => ToolsetValue.Map.Of(
        ("instances", new ToolsetValue.List([.. backends.Select(b => ConfigOf(b, target, [("name", new ToolsetValue.Text(b.Name))]))])));

    private ToolsetValue.Map ConfigOf(Backend backend, HolmesTarget target, ReadOnlySpan<(string Key, ToolsetValue Value)> first)
    {
        string url = EndsUrlWithSlash(target, backend.Url) ? backend.Url.TextWithSlash : backend.Url.Text;
        ImmutableSortedDictionary<string, ToolsetValue> wanted = WithOneCredential(Keys.Read(backend, target), backend);
        ImmutableSortedDictionary<string, ToolsetValue> rest = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, Defaults(target).Entries).SetItems(wanted);
        return ToolsetValue.Map.Of(
        [
            .. first,
            (UrlKeyOf(target), new ToolsetValue.Text(url)),
            .. rest.Select(e => (e.Key, e.Value)),
        ]);
    }

    private string UrlKeyOf(HolmesTarget target) => target == HolmesTarget.Compat ? UrlKey.Older : UrlKey.Newer;

    /// <summary>With both HolmesGPT takes neither. A user name is always an admin's wish, a key may be the one that every Grafana gets.</summary>
    private static ImmutableSortedDictionary<string, ToolsetValue> WithOneCredential(ImmutableSortedDictionary<string, ToolsetValue> config, Backend backend)
    {
        if (!config.ContainsKey("username") || !config.ContainsKey("api_key"))
            return config;
        backend.LeftOut.Add(KeyPath.Join(KeyPath.Config, "api_key"), "is not written beside username, which HolmesGPT refuses");
        return config.Remove("api_key");
    }
}
