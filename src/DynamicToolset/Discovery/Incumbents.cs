using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>
/// Which Service holds which toolset name, whether it is healthy or not. A name stays with its holder when a rival of the same class turns
/// up, and while the holder is down: an override with its credentials would go along.
/// </summary>
public sealed record Incumbents(ImmutableSortedDictionary<string, ObjectKey> ByName)
{
    public static Incumbents None { get; } = new(ImmutableSortedDictionary.Create<string, ObjectKey>(StringComparer.Ordinal));

    /// <summary>The same by holder: nobody holds two.</summary>
    public IReadOnlyDictionary<ObjectKey, string> ByHolder() => ByName.ToDictionary(h => h.Value, h => h.Key);

    public bool Holds(string name, Detection.Matched detection) => ByName.TryGetValue(name, out ObjectKey holder) && holder == detection.Service.Key;

    public bool Equals(Incumbents? other) => other is not null && ByName.SequenceEqual(other.ByName);

    public override int GetHashCode() => ByName.Count;
}
