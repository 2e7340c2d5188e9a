using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>What is said to whoever changed what is generated.</summary>
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
            DriftKind.Modified => $"{what} changed by {who}, and set back: put changes in {edit}",
            DriftKind.Missing => $"{what} removed by {who}, and put back: to switch a toolset off, write NAME: {{enabled: false}} in {edit}",
            DriftKind.Extra => $"{what} added by {who}, and removed, since keys of this form are generated: put toolsets of your own in {edit}",
            _ => $"{what} changed by {who}, and set back: labels, annotations and owners that this service writes are to be left alone",
        };
    }

    private static string ListOf(ImmutableArray<string> keys)
    {
        int more = keys.Length - MostKeys;
        string first = string.Join(", ", keys.Take(MostKeys).Select(QuotedText.OrPlain));
        return more > 0 ? $"{first} and {more} more" : first;
    }

    private static string WhoIs(string? manager) =>
        manager is null ? "somebody whom the API server keeps no record of" : $"the field manager {QuotedText.OrPlain(manager)}";
}
