using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>What a ConfigMap is created with.</summary>
public sealed record ConfigMapContent(
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    ImmutableSortedDictionary<string, string> Data)
{
    public ImmutableArray<OwnerReference> Owners { get; init; } = [];

    /// <summary>See <see cref="DesiredConfigMap.MadeWithAnnotation"/>.</summary>
    public string? MadeWith { get; init; }
}
