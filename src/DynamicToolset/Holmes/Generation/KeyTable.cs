using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Backends;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// What the keys of a toolset's config become in the file: the key of HolmesGPT's, or the argument of curl. Asked of those who write the
/// entries, so that a page made from it says what they do.
/// </summary>
public static class KeyTable
{
    private static readonly ImmutableArray<HolmesForm> Forms =
        [.. BackendKinds.All.SelectMany(k => k.FormsFor(HolmesTarget.Compat).Concat(k.FormsFor(HolmesTarget.Current)))];

    /// <summary>The keys that have another meaning than that of HolmesGPT's own key of this name somewhere; <c>url</c> comes first.</summary>
    public static ImmutableArray<string> Keys { get; } =
    [
        .. Forms.OfType<HolmesForm.BuiltIn>().SelectMany(f => f.Words.Select(w => w.Ours))
            .Concat(HttpEntry.Keys)
            .Concat(CurlOptions.Keys)
            .Concat(Forms.OfType<HolmesForm.Commands>().Select(f => f.Root?.Key).OfType<string>())
            .Distinct()
            .OrderBy(key => key != "url")
            .ThenBy(key => key, StringComparer.Ordinal),
    ];

    /// <summary>Null where the key is left out.</summary>
    public static string? NameOf(string key, BackendKind kind, HolmesTarget target) => kind.FormsFor(target)[0] switch
    {
        HolmesForm.BuiltIn builtIn => kind.UrlKeys.Contains(key) ? builtIn.UrlKey : new KeyMap(builtIn).NameOf(key, target),
        HolmesForm.Commands commands => key == commands.Root?.Key ? CurlOptions.Url : CurlOptions.NameOf(key, kind),
        HolmesForm.Http => HttpEntry.NameOf(key),
        _ => throw new UnreachableException(),
    };

    /// <summary>What the file has of a kind: the names of entries, and of what sort they are.</summary>
    public static string EntriesOf(BackendKind kind, HolmesTarget target) => kind.FormsFor(target) switch
    {
        [HolmesForm.Commands { Tools.Length: var count }] => $"`{DiscoveredName.Family}NAME`: {count} {(count > 1 ? "tools" : "tool")} with curl",
        [HolmesForm.Http] => $"`{DiscoveredName.Family}NAME` of type `http`, GET alone; below a path 1 tool with curl",
        var forms => string.Join(" and ", forms.OfType<HolmesForm.BuiltIn>().Select(f => $"`{f.Toolset}`"))
            + NumberOf(forms.OfType<HolmesForm.BuiltIn>().First(), target),
    };

    private static string NumberOf(HolmesForm.BuiltIn form, HolmesTarget target) => (form.List, target) switch
    {
        ({ } list, _) => $", several as `{list.Key}`",
        (null, HolmesTarget.Current) => ", several as `instances`",
        _ => ", one",
    };
}
