using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// Compares what should be with what is:
/// <code>
/// observed                          | step
/// missing                           | Create, with the overrides last seen
/// missing, result over 1 MiB        | Refuse(TooLarge)
/// equal in all that is ours         | None, or Disown where our field manager owns what is the admin's
/// differs, immutable                | Refuse(Immutable)
/// differs, result over 900 KiB      | Refuse(TooLarge)
/// differs                           | Patch with just the differing keys; overrides.yaml and the keys of others are never named
/// </code>
/// </summary>
public static class ConfigMapPlanner
{
    /// <summary>
    /// What the API server takes, in bytes. Overrides that nearly fill it were accepted once; after a deletion they are nowhere else, and to
    /// keep to the smaller size then would lose them.
    /// </summary>
    public const int LargestRecreation = 1024 * 1024;

    /// <summary>
    /// In bytes, keys included. The API server takes 1 MiB; the rest is left for what others add.
    /// See https://kubernetes.io/docs/concepts/configuration/configmap/.
    /// </summary>
    public const int LargestSize = 900 * 1024;

    private static readonly ImmutableSortedDictionary<string, string?> NoChanges =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <param name="observed">Null where there is none.</param>
    /// <param name="lastSeenOverrides">The bytes of <c>overrides.yaml</c> when the ConfigMap was last there; null where that key was not.</param>
    public static ConfigMapPlan Plan(DesiredConfigMap desired, ConfigMapRecord? observed, string? lastSeenOverrides = null) =>
        observed is { } present ? PlanUpdate(desired, present) : PlanCreate(desired, lastSeenOverrides);

    private static ConfigMapPlan PlanCreate(DesiredConfigMap desired, string? overrides)
    {
        var data = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        data.AddRange(desired.Data);
        if (overrides is not null)
            data.Add(ToolsetKey.Overrides, overrides);
        int allowed = overrides is null ? LargestSize : LargestRecreation;
        if (ConfigMapSize.Of(data) is var size && size > allowed)
            return TooLarge(size, allowed);
        var annotations = desired.Annotations
            .Where(a => a.Value is not null)
            .ToImmutableSortedDictionary(a => a.Key, a => a.Value ?? "", StringComparer.Ordinal);
        ImmutableArray<OwnerReference> owners = desired.Owner.Choose([]).References;
        return new ConfigMapPlan.Create(new ConfigMapContent(desired.Labels, annotations, data.ToImmutable()) { Owners = owners, MadeWith = desired.MadeWith });
    }

    private static ConfigMapPlan PlanUpdate(DesiredConfigMap desired, ConfigMapRecord present)
    {
        ImmutableSortedDictionary<string, string?> data = DataChanges(desired, present);
        ImmutableSortedSet<string> binary = [.. present.BinaryData.Keys.Where(k => ToolsetKey.IsOurs(k) && !desired.KeptKeys.Contains(k))];
        ImmutableSortedDictionary<string, string?> labels = LabelChanges(desired, present);
        ImmutableSortedDictionary<string, string?> annotations = Changes(desired.Annotations, present.Annotations);
        ImmutableArray<OwnerReference> owners = desired.Owner.Choose(present.Owners).References;
        var patch = new ConfigMapPatch(present.ResourceVersion, labels, annotations, data, binary.WithComparer(StringComparer.Ordinal))
        {
            Owners = owners.SequenceEqual(present.Owners) ? null : owners,
            MadeWith = desired.MadeWith,
        };
        if (patch.IsEmpty)
        {
            ImmutableArray<string> notOurs = FieldOwnership.ToGiveUp(present);
            return notOurs.IsEmpty ? new ConfigMapPlan.None() : new ConfigMapPlan.Disown(present.ResourceVersion, notOurs);
        }

        if (present.Immutable)
            return new ConfigMapPlan.Refuse(RefuseReason.Immutable, "The ConfigMap is marked immutable: delete it, and the service recreates it.");
        if (ConfigMapSize.After(present, desired) is var size and > LargestSize)
            return TooLarge(size, LargestSize);
        return new ConfigMapPlan.Patch(patch, DriftOf(patch, present));
    }

    private static ImmutableSortedDictionary<string, string?> DataChanges(DesiredConfigMap desired, ConfigMapRecord present)
    {
        var changes = NoChanges.ToBuilder();
        foreach ((string key, string value) in desired.Data)
        {
            bool isThere = present.Data.TryGetValue(key, out string? now);
            if (!isThere || (now != value && !desired.KeepsUnknown))
                changes.Add(key, value);
        }

        if (desired.KeepsUnknown)
            return changes.ToImmutable();
        var wanted = desired.Data.Select(d => d.Key).Concat(desired.KeptKeys).ToHashSet(StringComparer.Ordinal);
        foreach (string key in present.Data.Keys.Where(k => ToolsetKey.IsOurs(k) && !wanted.Contains(k)))
            changes.Add(key, null);
        return changes.ToImmutable();
    }

    /// <summary>The label of earlier versions goes along with the coming of the present one: by itself it is no reason to write.</summary>
    private static ImmutableSortedDictionary<string, string?> LabelChanges(DesiredConfigMap desired, ConfigMapRecord present)
    {
        ImmutableSortedDictionary<string, string?> changes = Changes(desired.Labels.Select(l => KeyValuePair.Create(l.Key, (string?)l.Value)), present.Labels);
        bool isOfEarlierVersion = !present.Labels.ContainsKey(DesiredConfigMap.ManagedByLabel)
            && present.Labels.GetValueOrDefault(DesiredConfigMap.FormerManagedByLabel) == DesiredConfigMap.ManagedBy;
        return isOfEarlierVersion ? changes.Add(DesiredConfigMap.FormerManagedByLabel, null) : changes;
    }

    private static ImmutableSortedDictionary<string, string?> Changes(
        IEnumerable<KeyValuePair<string, string?>> desired, ImmutableSortedDictionary<string, string> present) =>
        NoChanges.AddRange(desired.Where(d => present.GetValueOrDefault(d.Key) != d.Value));

    private static ImmutableArray<Drift> DriftOf(ConfigMapPatch patch, ConfigMapRecord present)
    {
        var drift = ImmutableArray.CreateBuilder<Drift>();
        foreach ((string key, string? value) in patch.Data)
        {
            DriftKind kind = value is null ? DriftKind.Extra : present.Data.ContainsKey(key) ? DriftKind.Modified : DriftKind.Missing;
            drift.Add(new Drift(kind, key, ManagerOf(key, present)));
        }

        drift.AddRange(patch.BinaryDataRemovals.Where(k => !patch.Data.ContainsKey(k)).Select(k => new Drift(DriftKind.Extra, k, null)));
        drift.AddRange(patch.Labels.Keys.Concat(patch.Annotations.Keys).Select(k => new Drift(DriftKind.Metadata, k, ManagerOf(k, present))));
        if (patch.Owners is not null)
            drift.Add(new Drift(DriftKind.Metadata, OwnerReference.DriftKey, null));
        return drift.ToImmutable();
    }

    /// <summary>
    /// Who changes a value takes the key from all who set another one. So a key that is still ours was written under our name: by this
    /// program, or by a second copy of it.
    /// </summary>
    private static string? ManagerOf(string key, ConfigMapRecord present)
    {
        ImmutableArray<FieldManager> writers = [.. present.Managers.Where(m => m.DataKeys.Contains(key) || m.MetadataKeys.Contains(key))];
        return writers.Any(m => m.Name == FieldManager.Ours) ? FieldManager.Ours : writers.MaxBy(m => m.Time)?.Name;
    }

    private static ConfigMapPlan.Refuse TooLarge(int size, int allowed) => new(
        RefuseReason.TooLarge,
        $"The ConfigMap would take {size} bytes even without toolsets of custom Services, but only {allowed} are allowed: shorten overrides.yaml, or opt Services out with kubernaut.io/toolset: \"false\".");
}
