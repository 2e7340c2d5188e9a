using DynamicToolset.Toolsets;

namespace DynamicToolset.Reconciliation;

/// <summary>What others leave of the ConfigMap.</summary>
public sealed record ConfigMapRoom
{
    private readonly ConfigMapRecord? _present;
    private readonly int _comingBack;

    private ConfigMapRoom(ConfigMapRecord? present, int comingBack)
    {
        _present = present;
        _comingBack = comingBack;
    }

    /// <param name="present">Null where there is no ConfigMap.</param>
    /// <param name="lastSeenOverrides">What comes back with one that is not there.</param>
    public static ConfigMapRoom In(ConfigMapRecord? present, string? lastSeenOverrides) =>
        new(present, lastSeenOverrides is null ? 0 : ConfigMapSize.Of([KeyValuePair.Create(ToolsetKey.Overrides, lastSeenOverrides)]));

    /// <summary>
    /// Whether the ConfigMap stays within <see cref="ConfigMapPlanner.LargestSize"/>. That counts when it is made anew too: what would only fit
    /// then would be taken away again by the next write.
    /// </summary>
    public bool IsEnoughFor(DesiredConfigMap desired) => ConfigMapPlanner.LargestSize
        >= (_present is null ? _comingBack + ConfigMapSize.Of(desired.Data) : ConfigMapSize.After(_present, desired));
}
