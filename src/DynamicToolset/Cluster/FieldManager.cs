using System.Collections.Immutable;

namespace DynamicToolset.Cluster;

/// <summary>One entry of <c>metadata.managedFields</c>: who wrote which keys under <c>data</c>, and when last.</summary>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
public sealed record FieldManager(string Name, string Operation, DateTimeOffset? Time, ImmutableSortedSet<string> DataKeys)
{
    /// <summary>The labels and annotations that it wrote.</summary>
    public ImmutableSortedSet<string> MetadataKeys { get; init; } = [];
}
