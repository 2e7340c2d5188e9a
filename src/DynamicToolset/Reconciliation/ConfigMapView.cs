using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// Tells which copy of the ConfigMap is the newest: the one that the watch brought, or the answer to a read or write of our own that the
/// watch has yet to catch up with. Resource versions are opaque, so "newer" is known by order of arrival alone, but for the versions that
/// an answer has replaced: when the watch brings one of those late it is no news, and must not be taken for somebody's change. Where the
/// order is wrong all the same the API server answers 409 and nothing is lost.
/// </summary>
public sealed record ConfigMapView
{
    private readonly long _generation;
    private readonly ConfigMapRecord? _watched;
    private readonly Observed<ConfigMapRecord> _own;
    private readonly ImmutableHashSet<string> _replaced;

    private ConfigMapView(long generation, ConfigMapRecord? watched, Observed<ConfigMapRecord> own, ImmutableHashSet<string> replaced)
    {
        _generation = generation;
        _watched = watched;
        _own = own;
        _replaced = replaced;
    }

    public static ConfigMapView Empty { get; } = new(0, null, default, []);

    /// <summary>Null where there is no ConfigMap.</summary>
    public ConfigMapRecord? Newest => _own.IsKnown ? _own.Value : _watched;

    /// <summary>What the watch knows now.</summary>
    /// <param name="generation">
    /// Moves with every change that the watch brings. Comparing the objects would not do: between two looks the ConfigMap may have come
    /// and gone, and "not there" is the same as before.
    /// </param>
    public ConfigMapView Watched(long generation, ConfigMapRecord? present)
    {
        if (generation == _generation)
            return this;
        bool isLate = present is not null && _replaced.Contains(present.ResourceVersion);
        return isLate ? new ConfigMapView(generation, present, _own, _replaced) : new ConfigMapView(generation, present, default, []);
    }

    /// <summary>What the API server has just answered to a request that began after the last look at the watch.</summary>
    public ConfigMapView Answered(ConfigMapRecord? present)
    {
        bool isReplaced = Newest is not null && Newest.ResourceVersion != present?.ResourceVersion;
        return new ConfigMapView(_generation, _watched, new Observed<ConfigMapRecord>(true, present), isReplaced ? _replaced.Add(Newest!.ResourceVersion) : _replaced);
    }
}
