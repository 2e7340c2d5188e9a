namespace DynamicToolset.Reconciliation;

/// <summary>
/// Tells which copy of the ConfigMap is the newest: the one that the watch brought, or the answer to a read or write of our own that the
/// watch has yet to catch up with. Resource versions are opaque, so "newer" is known by order of arrival alone; where that is wrong the
/// API server answers 409 and nothing is lost.
/// </summary>
public sealed record ConfigMapView
{
    private readonly long _generation;
    private readonly ConfigMapRecord? _watched;
    private readonly Observed<ConfigMapRecord> _own;

    private ConfigMapView(long generation, ConfigMapRecord? watched, Observed<ConfigMapRecord> own)
    {
        _generation = generation;
        _watched = watched;
        _own = own;
    }

    public static ConfigMapView Empty { get; } = new(0, null, default);

    /// <summary>Null where there is no ConfigMap.</summary>
    public ConfigMapRecord? Newest => _own.IsKnown ? _own.Value : _watched;

    /// <summary>What the watch knows now.</summary>
    /// <param name="generation">
    /// Moves with every change that the watch brings. Comparing the objects would not do: between two looks the ConfigMap may have come
    /// and gone, and "not there" is the same as before.
    /// </param>
    public ConfigMapView Watched(long generation, ConfigMapRecord? present) =>
        generation == _generation ? this : new ConfigMapView(generation, present, default);

    /// <summary>What the API server has just answered.</summary>
    public ConfigMapView Answered(ConfigMapRecord? present) => new(_generation, _watched, new Observed<ConfigMapRecord>(true, present));
}
