namespace DynamicToolset.Reconciliation;

/// <param name="Detail">A sentence for people: what stands in the way, and what to do.</param>
/// <param name="MissingRight">The right without which it is so, and the manifest that grants it; null where that is not the reason.</param>
public sealed record OwnerWarning(OwnerProblem Problem, string Detail, string? MissingRight = null);
