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
    /// <param name="yielded">As <see cref="Next"/> says.</param>
    public static ConfigMapPlan StepOf(
        ConfigMapPlan step, Leadership leadership, ConfigMapRecord? present, string? fenced, YieldedFence? yielded)
    {
        if (leadership is Leadership.Follower)
            return new ConfigMapPlan.None();
        if (leadership is not Leadership.Leader leader)
            return step;
        if (IsFencedByAnother(leader, present, fenced, yielded))
            return new ConfigMapPlan.Yield();
        if (present is not null && leader.Fence != fenced)
            return new ConfigMapPlan.Fence(present.ResourceVersion, leader.Fence);
        return step is ConfigMapPlan.Create { Content: var content }
            ? new ConfigMapPlan.Create(content with { Annotations = content.Annotations.SetItem(DesiredConfigMap.LeaderEpochAnnotation, leader.Fence) })
            : step;
    }

    /// <summary>To which fence of another this replica yields last; null where it never did.</summary>
    /// <param name="yielded">The same before.</param>
    public static YieldedFence? Next(YieldedFence? yielded, Leadership leadership, ConfigMapRecord? present, string? fenced) =>
        leadership is Leadership.Leader leader && IsFencedByAnother(leader, present, fenced, yielded)
            ? new YieldedFence(leader.Fence, EpochIn(present)!)
            : yielded;

    /// <summary>
    /// Each term has a value of its own: one that comes again, after another look at the Lease has shown that this replica leads, is somebody's copy of an
    /// old ConfigMap, and means nothing.
    /// </summary>
    private static bool IsFencedByAnother(Leadership.Leader leader, ConfigMapRecord? present, string? fenced, YieldedFence? yielded) =>
        leader.Fence == fenced
        && EpochIn(present) is { Length: > 0 } epoch
        && epoch != fenced
        && (yielded is null || epoch != yielded.Epoch || leader.Fence == yielded.Term);

    private static string? EpochIn(ConfigMapRecord? present) => present?.Annotations.GetValueOrDefault(DesiredConfigMap.LeaderEpochAnnotation);
}

/// <param name="Term">The fence of the term that ends by it.</param>
/// <param name="Epoch">What was found in its place.</param>
public sealed record YieldedFence(string Term, string Epoch);
