namespace DynamicToolset.Reconciliation;

/// <param name="Detail">A sentence for people: what stands in the way, and what to do.</param>
public sealed record OwnerWarning(OwnerProblem Problem, string Detail);
