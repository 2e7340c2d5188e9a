namespace DynamicToolset.Rules;

/// <summary>How a condition fared with one Service. All texts are for a person and fit on one line.</summary>
/// <param name="Evidence">How much of it is there; of two conditions that fail the one with more came closer.</param>
/// <param name="Failed">The first demand that was not met and what is there instead; null if all are met.</param>
/// <param name="Remedy">What to change so that this demand is met; null where nothing can be changed about it.</param>
/// <param name="Held">What was met, as written in the Service; null if that is not worth showing, such as an absent label.</param>
public sealed record ConditionOutcome(int Evidence, string? Failed = null, string? Remedy = null, string? Held = null)
{
    public bool IsMet => Failed is null;
}
