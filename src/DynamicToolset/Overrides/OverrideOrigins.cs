using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Values;

namespace DynamicToolset.Overrides;

/// <summary>Who of several says what of one toolset in the end.</summary>
public static class OverrideOrigins
{
    /// <summary>For a comment on one line.</summary>
    private const int MostPaths = 5;

    /// <param name="bodies">What each wants of the toolset, in the order in which they count.</param>
    /// <returns>Those whose word holds somewhere, in that order, with the paths of the values: <c>config.url</c>.</returns>
    public static ImmutableArray<OverrideOrigin> Of(IEnumerable<(string Origin, ToolsetValue.Map Body)> bodies)
    {
        ImmutableArray<(string Origin, ToolsetValue Value)> layers = [.. bodies.Select(b => (b.Origin, (ToolsetValue)b.Body))];
        ILookup<string, string> paths = Walk("", layers).ToLookup(v => v.Origin, v => v.Path);
        return [.. layers.Select(l => l.Origin).Distinct().Where(paths.Contains).Select(o => new OverrideOrigin(o, [.. paths[o]]))];
    }

    /// <summary>For a person: <c>10-base.yaml of OVERRIDES_DIR: enabled; overrides.yaml: config.url</c>.</summary>
    public static string Describe(ImmutableArray<OverrideOrigin> origins) =>
        string.Join("; ", origins.Select(o => $"{o.Origin}: {Describe(o.Paths)}"));

    private static string Describe(ImmutableArray<string> paths) => paths.Length <= MostPaths
        ? string.Join(", ", paths)
        : $"{string.Join(", ", paths.Take(MostPaths))} and {paths.Length - MostPaths} more";

    /// <summary>As <see cref="OverrideMerger"/> has it: the last one counts, and maps that follow each other are one map.</summary>
    private static IEnumerable<(string Origin, string Path)> Walk(string path, ImmutableArray<(string Origin, ToolsetValue Value)> layers)
    {
        if (layers[^1].Value is not ToolsetValue.Map)
            return [(layers[^1].Origin, path)];
        return layers.Reverse().TakeWhile(l => l.Value is ToolsetValue.Map).Reverse()
            .SelectMany(l => ((ToolsetValue.Map)l.Value).Entries.Select(e => (e.Key, Layer: (l.Origin, e.Value))))
            .GroupBy(e => e.Key, e => e.Layer, StringComparer.Ordinal)
            .SelectMany(key => Walk(Join(path, key.Key), [.. key]));
    }

    private static string Join(string path, string key) => path.Length == 0 ? QuotedText.OrPlain(key) : $"{path}.{QuotedText.OrPlain(key)}";
}

/// <param name="Origin">The key <c>overrides.yaml</c>, or a file.</param>
/// <param name="Paths">Of the values that are as it says.</param>
public sealed record OverrideOrigin(string Origin, ImmutableArray<string> Paths);
