using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Tests.Samples;

/// <summary>A plan as lines for people: what would be written, and why.</summary>
internal static class PlanText
{
    public static string Of(ConfigMapPlan plan) => plan switch
    {
        ConfigMapPlan.None => "nothing to write\n",
        ConfigMapPlan.Disown disown => $"disown {string.Join(" ", disown.Fields)}\n",
        ConfigMapPlan.Fence fence => $"fence {fence.Value}\n",
        ConfigMapPlan.Create create => Create(create.Content),
        ConfigMapPlan.Patch patch => Patch(patch),
        ConfigMapPlan.Refuse refuse => $"refuse {refuse.Reason}: {refuse.Detail}\n",
        _ => throw new UnreachableException(),
    };

    private static string Create(ConfigMapContent content)
    {
        var text = new StringBuilder("create\n");
        foreach ((string key, string value) in content.Labels)
            text.Append(CultureInfo.InvariantCulture, $"  label {key}={value}\n");
        foreach ((string key, string value) in content.Annotations)
            text.Append(CultureInfo.InvariantCulture, $"  annotation {key}={value}\n");
        AppendOwners(text, content.Owners.IsEmpty ? null : content.Owners);
        foreach (string key in content.Data.Keys)
            text.Append(CultureInfo.InvariantCulture, $"  set {key}\n");
        return text.ToString();
    }

    private static string Patch(ConfigMapPlan.Patch plan)
    {
        var text = new StringBuilder("patch\n");
        Append(text, "label ", plan.Changes.Labels);
        Append(text, "annotation ", plan.Changes.Annotations);
        AppendOwners(text, plan.Changes.Owners);
        foreach ((string key, string? value) in plan.Changes.Data)
            text.Append(CultureInfo.InvariantCulture, $"  {(value is null ? "remove" : "set")} {key}\n");
        foreach (string key in plan.Changes.BinaryDataRemovals)
            text.Append(CultureInfo.InvariantCulture, $"  remove binaryData {key}\n");
        text.Append("because\n");
        foreach (Drift drift in plan.Drift)
            text.Append(CultureInfo.InvariantCulture, $"  {drift.Kind} {drift.Key}{(drift.Manager is null ? "" : " by " + drift.Manager)}\n");
        return text.ToString();
    }

    private static void AppendOwners(StringBuilder text, ImmutableArray<OwnerReference>? owners)
    {
        if (owners is { } list)
            text.Append(CultureInfo.InvariantCulture, $"  set owners {(list.IsEmpty ? "none" : string.Join(", ", list))}\n");
    }

    private static void Append(StringBuilder text, string what, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        foreach ((string key, string? value) in changes)
            text.Append(CultureInfo.InvariantCulture, $"  {(value is null ? "remove" : "set")} {what}{key}{(value is null ? "" : "=" + value)}\n");
    }
}
