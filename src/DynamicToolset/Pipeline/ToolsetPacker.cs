using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Pipeline;

/// <summary>
/// Leaves out toolsets where there is no room for all. Namespaces take turns, so that one with thousands of Services does not keep those of
/// the others out; in a namespace it goes by the names of the Services, since those of the toolsets depend on who is left out. What was
/// there before does not count: the same toolsets and the same room always give the same result.
/// </summary>
public static class ToolsetPacker
{
    /// <param name="mayGo">True for those that may be left out; each is a Service's.</param>
    /// <param name="fits">Whether there is room for these. Where it is, there is room for any part of them.</param>
    /// <returns>As many as fit; all that may go where not even the rest fits.</returns>
    public static PackedToolsets Pack(ImmutableArray<Toolset> toolsets, Func<Toolset, bool> mayGo, Func<ImmutableArray<Toolset>, bool> fits)
    {
        if (fits(toolsets))
            return new PackedToolsets(toolsets, []);
        ImmutableArray<Toolset> turns = InTurn(toolsets.Where(mayGo));
        int least = 0, most = turns.Length;
        while (most - least > 1)
        {
            int middle = (least + most) / 2;
            if (fits(With(middle)))
                least = middle;
            else
                most = middle;
        }

        return new PackedToolsets(With(least), turns[least..]);

        ImmutableArray<Toolset> With(int count)
        {
            HashSet<string> gone = turns.Skip(count).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
            return [.. toolsets.Where(t => !gone.Contains(t.Name))];
        }
    }

    private static ImmutableArray<Toolset> InTurn(IEnumerable<Toolset> toolsets) =>
    [
        .. toolsets
            .GroupBy(t => ServiceOf(t).Namespace)
            .OrderBy(ns => ns.Key, StringComparer.Ordinal)
            .SelectMany(ns => ns.OrderBy(t => ServiceOf(t).Name, StringComparer.Ordinal).Select((toolset, turn) => (toolset, turn)))
            .OrderBy(t => t.turn)
            .Select(t => t.toolset),
    ];

    private static ObjectKey ServiceOf(Toolset toolset) => ((ToolsetSource.Service)toolset.Source).Key;
}
