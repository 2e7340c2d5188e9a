using System.Collections.Immutable;
using DynamicToolset.Service.Cli;

namespace DynamicToolset.MicroBench.Steps;

/// <summary>Two texts line by line, for people.</summary>
internal static class DiffSteps
{
    public static ImmutableArray<Step> All { get; } =
    [
        new("diff of two texts: a line in ten differs", 500, n => Diff(n, i => i % 10 == 0)),
        new("diff of two texts: every line differs", 500, n => Diff(n, _ => true)),
    ];

    private static Action Diff(int lines, Func<int, bool> differs)
    {
        string before = string.Concat(Enumerable.Range(0, lines).Select(i => $"line {i}\n"));
        string after = string.Concat(Enumerable.Range(0, lines).Select(i => differs(i) ? $"other line {i}\n" : $"line {i}\n"));
        return () => _ = UnifiedDiff.Of(before, after).Count();
    }
}
