using System.Collections.Immutable;
using System.Diagnostics;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// What the keys of a toolset's config become in the file: the key of HolmesGPT's, or the argument of curl. Asked of those who write the
/// entries, so that a page made from it says what they do.
/// </summary>
public static class KeyTable
{
    /// <summary>The types that differ in it; <c>custom</c> stands for any other.</summary>
    public static ImmutableArray<string> Types { get; } = [.. Enum.GetValues<BackendKind>().Select(k => k.ToString().ToLowerInvariant())];

    /// <summary>The keys that have another meaning than that of HolmesGPT's own key of this name somewhere; <c>url</c> comes first.</summary>
    public static ImmutableArray<string> Keys { get; } =
    [
        .. Enum.GetValues<BackendKind>()
            .SelectMany(kind => BuiltInEntries.Of(kind, HolmesTarget.Current))
            .SelectMany(entry => entry.Keys.Words.Keys)
            .Concat(HttpConfig.Keys)
            .Concat(CurlOptions.Keys)
            .Append(JaegerEntry.EndpointKey)
            .Distinct()
            .OrderBy(key => key != "url")
            .ThenBy(key => key, StringComparer.Ordinal),
    ];

    /// <summary>Null where the key is left out.</summary>
    public static string? NameOf(string key, string type, HolmesTarget target)
    {
        BackendKind kind = Backend.KindOf(type);
        if (BuiltInEntries.Of(kind, target).FirstOrDefault() is { } entry)
            return entry.NameOf(key, kind, target);
        return kind switch
        {
            BackendKind.Jaeger => JaegerEntry.NameOf(key),
            BackendKind.Elasticsearch => CurlOptions.NameOf(key, kind),
            BackendKind.Custom => CustomEntry.NameOf(key, target),
            _ => throw new UnreachableException(),
        };
    }
}
