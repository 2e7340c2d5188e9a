using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>Tells what somebody else changed from what we want to change ourselves.</summary>
public static class DriftFilter
{
    /// <summary>
    /// The part of a plan that undoes another's change: where what is wanted of a key is what was wanted when the ConfigMap was last
    /// known to be right, the difference is not ours.
    /// </summary>
    /// <param name="before">
    /// What was in place; null where that is not known, as after a start. Nor is it where the overrides were unknown: whatever was there was right then.
    /// </param>
    public static ImmutableArray<Drift> ByOthers(ImmutableArray<Drift> planned, DesiredConfigMap? before, DesiredConfigMap desired) =>
        before is null || (before.KeepsUnknown && !desired.KeepsUnknown) ? [] : [.. planned.Where(d => IsWantedAsBefore(d, before, desired))];

    /// <summary>The plan without the keys that are to be left alone for now.</summary>
    public static ConfigMapPlan Without(ConfigMapPlan plan, Func<string, bool> isPaused)
    {
        if (plan is not ConfigMapPlan.Patch patch || !patch.Drift.Any(d => isPaused(d.Key)))
            return plan;
        var rest = patch.Changes with
        {
            Labels = Remove(patch.Changes.Labels, isPaused),
            Annotations = Remove(patch.Changes.Annotations, isPaused),
            Data = Remove(patch.Changes.Data, isPaused),
            BinaryDataRemovals = patch.Changes.BinaryDataRemovals.Except(patch.Changes.BinaryDataRemovals.Where(isPaused)),
            Owners = isPaused(OwnerReference.DriftKey) ? null : patch.Changes.Owners,
        };
        return rest.IsEmpty ? new ConfigMapPlan.None() : new ConfigMapPlan.Patch(rest, [.. patch.Drift.Where(d => !isPaused(d.Key))]);
    }

    private static ImmutableSortedDictionary<string, string?> Remove(ImmutableSortedDictionary<string, string?> changes, Func<string, bool> isPaused) =>
        changes.RemoveRange(changes.Keys.Where(isPaused));

    private static bool IsWantedAsBefore(Drift drift, DesiredConfigMap before, DesiredConfigMap desired) =>
        drift.Key == OwnerReference.DriftKey ? before.Owner == desired.Owner : Wanted(before, drift) == Wanted(desired, drift);

    private static string? Wanted(DesiredConfigMap desired, Drift drift)
    {
        if (drift.Kind != DriftKind.Metadata)
            return desired.Data.FirstOrDefault(d => d.Key == drift.Key).Value;
        return desired.Labels.TryGetValue(drift.Key, out string? label) ? label : desired.Annotations.GetValueOrDefault(drift.Key);
    }
}
