using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

/// <summary>One thing that somebody else does to the ConfigMap.</summary>
internal sealed record Tampering(TamperingKind Kind, int Index, string Text)
{
    public ConfigMapRecord ApplyTo(ConfigMapRecord record)
    {
        string[] ours = [.. record.Data.Keys.Where(ToolsetKey.IsOurs)];
        string key = ours.Length == 0 ? "none-toolset.yaml" : ours[Index % ours.Length];
        return Kind switch
        {
            TamperingKind.OurKeyMissing => record.Without(key),
            TamperingKind.OurKeyModified => record.With(key, record.Data.GetValueOrDefault(key) + Text),
            TamperingKind.ExtraKey => record.With($"extra-{Index}-toolset.yaml", Text),
            TamperingKind.ForeignKey => record.With($"notes-{Index}.txt", Text),
            TamperingKind.OurKeyInBinaryData => record.Without(key).WithBinary(key),
            TamperingKind.ForeignBinaryData => record.WithBinary($"logo-{Index}.png"),
            TamperingKind.OverridesInBinaryData => record.Without(ToolsetKey.Overrides).WithBinary(ToolsetKey.Overrides),
            TamperingKind.OverridesRemoved => record.Without(ToolsetKey.Overrides),
            TamperingKind.OverridesReplaced when !record.BinaryData.ContainsKey(ToolsetKey.Overrides) => record.With(ToolsetKey.Overrides, Text),
            TamperingKind.OverridesReplaced => record,
            TamperingKind.OurLabelGone => record with { Labels = record.Labels.Remove(DesiredConfigMap.ManagedByLabel) },
            TamperingKind.OurLabelChanged => record with { Labels = record.Labels.SetItem(DesiredConfigMap.ManagedByLabel, Text) },
            TamperingKind.ForeignLabel => record with { Labels = record.Labels.SetItem($"team-{Index}", Text) },
            TamperingKind.OurAnnotationAdded => record with { Annotations = record.Annotations.SetItem(DesiredConfigMap.OverrideErrorAnnotation, Text) },
            TamperingKind.ForeignAnnotation => record with { Annotations = record.Annotations.SetItem($"note-{Index}", Text) },
            TamperingKind.OurOwnerGone => record with { Owners = record.Owners.RemoveAll(World.IsOurs) },
            TamperingKind.OurOwnerStale => record with { Owners = record.Owners.RemoveAll(World.IsOurs).Add(World.OwnerWith($"old-{Index}") with { Controller = null }) },
            TamperingKind.ForeignOwner => record with { Owners = record.Owners.Add(new("v1", "ConfigMap", Text, $"plain-{Index}", Index % 2 == 0 ? null : false, null)) },
            // There can be one only.
            TamperingKind.ForeignController => record with
            {
                Owners = record.Owners.RemoveAll(o => o.Controller == true).Add(new("example.com/v1", "Toolbox", Text, $"controller-{Index}", true, null)),
            },
            // Rare, or hardly any plan would ever be carried out.
            TamperingKind.Immutable => record with { Immutable = Index == 0 },
            _ => throw new UnreachableException(),
        };
    }
}
