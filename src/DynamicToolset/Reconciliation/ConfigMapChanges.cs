using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>The differences between a plan and the existing ConfigMap. It contains nothing that the plan leaves alone, whoever wrote it.</summary>
public static class ConfigMapChanges
{
    /// <param name="plan">One that can be carried out: a refusal changes nothing, and has no place here.</param>
    /// <param name="present">What the plan was made for.</param>
    public static ImmutableArray<ConfigMapChange> Of(ConfigMapPlan plan, ConfigMapRecord? present) => plan switch
    {
        ConfigMapPlan.None or ConfigMapPlan.Disown or ConfigMapPlan.Fence or ConfigMapPlan.Yield => [],
        ConfigMapPlan.Create create => OfNew(create.Content),
        ConfigMapPlan.Patch patch => OfPatch(patch.Changes, present ?? throw new ArgumentNullException(nameof(present))),
        ConfigMapPlan.Refuse => throw new ArgumentException("A refusal changes nothing.", nameof(plan)),
        _ => throw new UnreachableException(),
    };

    private static ImmutableArray<ConfigMapChange> OfNew(ConfigMapContent content) =>
    [
        .. content.Data.Select(d => new ConfigMapChange(ChangedPart.Data, d.Key, null, d.Value)),
        .. content.Labels.Select(l => new ConfigMapChange(ChangedPart.Label, l.Key, null, l.Value)),
        .. content.Annotations.Select(a => new ConfigMapChange(ChangedPart.Annotation, a.Key, null, a.Value)),
        .. OfOwners([], content.Owners),
    ];

    private static ImmutableArray<ConfigMapChange> OfPatch(ConfigMapPatch patch, ConfigMapRecord present) =>
    [
        .. patch.Data.Select(d => new ConfigMapChange(ChangedPart.Data, d.Key, present.Data.GetValueOrDefault(d.Key), d.Value)),
        .. patch.BinaryDataRemovals.Select(k => new ConfigMapChange(ChangedPart.BinaryData, k, "", null)),
        .. patch.Labels.Select(l => new ConfigMapChange(ChangedPart.Label, l.Key, present.Labels.GetValueOrDefault(l.Key), l.Value)),
        .. patch.Annotations.Select(a => new ConfigMapChange(ChangedPart.Annotation, a.Key, present.Annotations.GetValueOrDefault(a.Key), a.Value)),
        .. OfOwners(present.Owners, patch.Owners ?? present.Owners),
    ];

    /// <summary>One change for the list of them all, since their order and each of their fields may differ.</summary>
    private static ImmutableArray<ConfigMapChange> OfOwners(ImmutableArray<OwnerReference> before, ImmutableArray<OwnerReference> after) =>
        before.SequenceEqual(after) ? [] : [new ConfigMapChange(ChangedPart.Owner, OwnerReference.DriftKey, Listed(before), Listed(after))];

    private static string? Listed(ImmutableArray<OwnerReference> owners) =>
        owners.IsEmpty ? null : string.Join('\n', owners.Select(Described));

    private static string Described(OwnerReference owner) =>
        $"{owner.ApiVersion} {owner.Kind} {owner.Name} uid={owner.Uid}"
        + (owner.Controller is { } controller ? $" controller={Word(controller)}" : "")
        + (owner.BlockOwnerDeletion is { } blocks ? $" blockOwnerDeletion={Word(blocks)}" : "");

    private static string Word(bool isTrue) => isTrue ? "true" : "false";
}
