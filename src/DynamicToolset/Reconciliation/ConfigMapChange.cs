using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>One thing that a plan would change.</summary>
/// <param name="Key">Of owners, who are compared as one list, <see cref="OwnerReference.DriftKey"/>, and each is a line.</param>
/// <param name="Before">Null where it is not there. What stands under <c>binaryData</c> is not read, and empty here.</param>
/// <param name="After">Null where it would be removed.</param>
public sealed record ConfigMapChange(ChangedPart Part, string Key, string? Before, string? After);
