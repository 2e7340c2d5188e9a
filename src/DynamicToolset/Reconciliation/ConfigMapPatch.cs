using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// A JSON merge patch (RFC 7386) of a ConfigMap: only what is named changes, and a null removes.
/// </summary>
/// <param name="ResourceVersion">The version the patch was computed from; the API server answers 409 when it is no longer the present one.</param>
/// <param name="BinaryDataRemovals">Keys to remove under <c>binaryData</c>; nothing is ever set there.</param>
public sealed record ConfigMapPatch(
    string ResourceVersion,
    ImmutableSortedDictionary<string, string?> Labels,
    ImmutableSortedDictionary<string, string?> Annotations,
    ImmutableSortedDictionary<string, string?> Data,
    ImmutableSortedSet<string> BinaryDataRemovals)
{
    /// <summary>All owners, those of others too, since a list is replaced whole; null where they stay as they are.</summary>
    public ImmutableArray<OwnerReference>? Owners { get; init; }

    /// <summary>See <see cref="DesiredConfigMap.MadeWithAnnotation"/>: it goes along with what is changed, and is no change.</summary>
    public string? MadeWith { get; init; }

    public bool IsEmpty => Labels.IsEmpty && Annotations.IsEmpty && Data.IsEmpty && BinaryDataRemovals.IsEmpty && Owners is null;
}
