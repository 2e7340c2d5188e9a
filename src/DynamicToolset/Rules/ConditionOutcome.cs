using DynamicToolset.Cluster;

namespace DynamicToolset.Rules;

/// <summary>
/// How a condition fared with one Service. All texts are for a person and fit on one line. They are made when they are asked for: nobody asks for those
/// of most rules, and thousands of Services times hundreds of conditions would take seconds.
/// </summary>
/// <param name="Evidence">How much of it is there; of two conditions that fail the one with more came closer.</param>
/// <param name="Missed">The first that was not met; null if all are met.</param>
/// <param name="Kept">Tells what was met; null where there is nothing to tell.</param>
public readonly record struct ConditionOutcome(ServiceRecord Service, TextCondition Product, int Evidence, Condition? Missed = null, Condition? Kept = null)
{
    public bool IsMet => Missed is null;

    /// <summary>The first demand that was not met and what is there instead; null if all are met.</summary>
    public string? Failed => Missed?.TellMiss(Service);

    /// <summary>What to change so that this demand is met; null where nothing can be changed about it.</summary>
    public string? Remedy => Missed?.RemedyFor(Service);

    /// <summary>What was met, as written in the Service; null if that is not worth showing, such as an absent label.</summary>
    public string? Held => Kept?.TellHeld(Service, Product);
}
