using System.Collections.Immutable;

namespace DynamicToolset.Cluster;

/// <summary>One entry of <c>metadata.managedFields</c>: who wrote which keys under <c>data</c>, and when last.</summary>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
public sealed record FieldManager(string Name, string Operation, DateTimeOffset? Time, ImmutableSortedSet<string> DataKeys)
{
    /// <summary>The name under which this program writes.</summary>
    public const string Ours = "dynamic-toolset";

    /// <summary>Whether it owns <c>data</c> as a whole, and with it what is in there unowned: it has made the map, or nothing of it is named.</summary>
    public bool OwnsData { get; init; }

    /// <summary>The labels and annotations that it wrote.</summary>
    public ImmutableSortedSet<string> MetadataKeys { get; init; } = [];
}
