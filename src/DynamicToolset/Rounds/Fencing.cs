using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>
/// How a leader sees to it that nobody writes beside it: it marks the ConfigMap with the random value of its term before it writes anything else. That moves
/// the version, so that what a leader before it has still on its way is refused.
/// </summary>
public static class Fencing
{
    /// <summary>The value of the last term of this replica by which the ConfigMap is known to have been fenced; null before any.</summary>
    /// <param name="remembered">The same before <paramref name="present"/> was seen. It may have been written by us without an answer.</param>
    public static string? LastOf(Leadership leadership, ConfigMapRecord? present, string? remembered) =>
        leadership is Leadership.Leader { Fence: var fence } && EpochIn(present) == fence ? fence : remembered;

    /// <summary>No other replica can have anything put in place from now on.</summary>
    /// <param name="fenced">As <see cref="LastOf"/> says.</param>
    public static bool IsAlone(Leadership leadership, string? fenced) => leadership switch
    {
        Leadership.Follower => false,
        Leadership.Leader { Fence: var fence } => fence == fenced,
        _ => true,
    };

    /// <summary>
    /// What this replica does of what is to be done. Before a leader has fenced the ConfigMap it does nothing else to it; one that is not there is
    /// created with the fence.
    /// </summary>
    /// <param name="fenced">As <see cref="LastOf"/> says.</param>
    public static ConfigMapPlan StepOf(ConfigMapPlan step, Leadership leadership, ConfigMapRecord? present, string? fenced) => leadership switch
    {
        Leadership.Follower => new ConfigMapPlan.None(),
        Leadership.Leader { Fence: var fence } when fence == fenced && EpochIn(present) is { Length: > 0 } epoch && epoch != fence => new ConfigMapPlan.Yield(),
        Leadership.Leader { Fence: var fence } when present is not null && fence != fenced => new ConfigMapPlan.Fence(present.ResourceVersion, fence),
        Leadership.Leader { Fence: var fence } when step is ConfigMapPlan.Create { Content: var content } => new ConfigMapPlan.Create(
            content with { Annotations = content.Annotations.SetItem(DesiredConfigMap.LeaderEpochAnnotation, fence) }),
        _ => step,
    };

    private static string? EpochIn(ConfigMapRecord? present) => present?.Annotations.GetValueOrDefault(DesiredConfigMap.LeaderEpochAnnotation);
}
