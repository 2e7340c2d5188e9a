using System.Collections.Immutable;
using DynamicToolset.MicroBench.Steps;

namespace DynamicToolset.MicroBench;

/// <summary>Everything that is measured here.</summary>
internal static class AllSteps
{
    public static ImmutableArray<Step> All { get; } = [.. PureSteps.All, .. DecoderSteps.All, .. DiffSteps.All];
}
