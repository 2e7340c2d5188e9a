using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>What is left of the ConfigMap for our keys. Equal where the same fits.</summary>
public sealed record ConfigMapRoom
{
    private readonly int _taken;
    private readonly ImmutableSortedSet<string> _unchanged;

    /// <param name="taken">In bytes.</param>
    /// <param name="unchanged">Keys that cost nothing: they stay as they are, whatever is desired of them.</param>
    private ConfigMapRoom(int taken, ImmutableSortedSet<string> unchanged)
    {
        _taken = taken;
        _unchanged = unchanged;
    }

    /// <param name="present">Null where there is no ConfigMap.</param>
    /// <param name="lastSeenOverrides">What comes back with one that is not there.</param>
    /// <param name="empty">What is desired, without data.</param>
    public static ConfigMapRoom In(ConfigMapRecord? present, string? lastSeenOverrides, DesiredConfigMap empty)
    {
        ImmutableSortedSet<string> none = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
        if (present is null)
            return new(lastSeenOverrides is null ? 0 : ConfigMapSize.Of([KeyValuePair.Create(ToolsetKey.Overrides, lastSeenOverrides)]), none);
        return new(ConfigMapSize.After(present, empty), empty.KeepsUnknown ? none.Union(present.Data.Keys) : none);
    }

    /// <summary>
    /// Whether the ConfigMap stays within <see cref="ConfigMapPlanner.LargestSize"/>. That counts when it is made anew too: what would only fit
    /// then would be taken away again by the next write.
    /// </summary>
    public bool IsEnoughFor(DesiredConfigMap desired) =>
        ConfigMapPlanner.LargestSize - _taken >= ConfigMapSize.Of(desired.Data.Where(d => !_unchanged.Contains(d.Key)));

    public bool Equals(ConfigMapRoom? other) => other is not null && _taken == other._taken && _unchanged.SequenceEqual(other._unchanged);

    public override int GetHashCode() => HashCode.Combine(_taken, _unchanged.Count);
}
