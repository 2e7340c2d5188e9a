using System.Collections.Immutable;

namespace DynamicToolset.Cluster;

/// <summary>A ConfigMap as it was read. All maps and sets are ordered ordinally.</summary>
/// <param name="BinaryData">The size of each value in bytes; the values themselves are not kept.</param>
/// <param name="Immutable">True where <c>immutable: true</c> is set: every later change of the data is refused by the API server.</param>
public sealed record ConfigMapRecord(
    ObjectKey Key,
    string Uid,
    string ResourceVersion,
    bool Immutable,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Annotations,
    ImmutableArray<OwnerReference> Owners,
    ImmutableSortedDictionary<string, string> Data,
    ImmutableSortedDictionary<string, int> BinaryData,
    ImmutableArray<FieldManager> Managers);
