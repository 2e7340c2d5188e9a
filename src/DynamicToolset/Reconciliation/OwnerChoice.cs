using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <param name="References">All owners that should be there, in order: ours, and those of others as they are.</param>
/// <param name="Warning">Why they are not as they should be, or not known to be; null where nothing is wrong.</param>
public sealed record OwnerChoice(ImmutableArray<OwnerReference> References, OwnerWarning? Warning);
