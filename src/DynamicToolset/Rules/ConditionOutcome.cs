namespace DynamicToolset.Rules;

/// <summary>How a condition fared with one Service.</summary>
/// <param name="Met">How many of its single demands were met: of two conditions that fail the one with more came closer.</param>
/// <param name="Failed">The first demand that was not met and what stands there instead, for a person; null where all is met.</param>
public sealed record ConditionOutcome(int Met, string? Failed)
{
    public bool IsMet => Failed is null;
}
