using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>The text for whoever changed generated content.</summary>
internal static class RepairWords
{
    /// <summary>A line of <c>kubectl describe</c> is for a person.</summary>
    private const int MostKeys = 5;

    /// <param name="keys">Of drifts of this kind by one manager.</param>
    /// <param name="manager">Null where it is not known.</param>
    public static string Of(DriftKind kind, ImmutableArray<string> keys, string? manager, ObjectKey configMap)
    {
        string edit = $"{ToolsetKey.Overrides} (kubectl edit configmap {configMap.Name} -n {configMap.Namespace})";
        string what = $"{ListOf(keys)}{(keys.Length == 1 ? " was" : " were")}", who = WhoIs(manager);
        return kind switch
        {
            DriftKind.Modified => $"{what} changed by {who}, and reverted: put changes in {edit}",
            DriftKind.Missing => $"{what} removed by {who}, and added again: to switch a toolset off, write NAME: {{enabled: false}} in {edit}",
            DriftKind.Extra => $"{what} added by {who}, and removed, since such keys are generated: put your own toolsets in {edit}",
            _ => $"{what} changed by {who}, and reverted: do not change the labels, annotations and owners of this service",
        };
    }

    private static string ListOf(ImmutableArray<string> keys)
    {
        int more = keys.Length - MostKeys;
        string first = string.Join(", ", keys.Take(MostKeys).Select(QuotedText.OrPlain));
        return more > 0 ? $"{first} and {more} more" : first;
    }

    private static string WhoIs(string? manager) =>
        manager is null ? "somebody whom the API server did not record" : $"the field manager {QuotedText.OrPlain(manager)}";
}
