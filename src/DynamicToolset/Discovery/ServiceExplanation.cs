using System.Collections.Immutable;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>Why a Service is what it is taken for.</summary>
/// <param name="Toolset">The name of its toolset while it is healthy; null where it has none.</param>
/// <param name="Verdicts">One of each rule, the closest first.</param>
public sealed record ServiceExplanation(Detection Detection, string? Toolset, ImmutableArray<RuleVerdict> Verdicts)
{
    /// <summary>What it is, be it in its own right or as a twin; null where it is none.</summary>
    public Detection.Matched? Match => Detection as Detection.Matched ?? (Detection as Detection.Twin)?.Match;

    /// <summary>The verdict that answers the question: that of the rule in force, else of the one that came closest; null where none came close.</summary>
    public RuleVerdict? Closest => Verdicts.FirstOrDefault(v => v.IsMatched) ?? Verdicts.FirstOrDefault(v => v.Closeness > 0);
}
