using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;

namespace DynamicToolset.Rounds;

/// <summary>Whether a plan takes away most of what is there.</summary>
internal static class MassRemoval
{
    /// <summary>At least half of the toolsets. The one of Kubernetes itself does not count: it stands for no backend, and never goes.</summary>
    /// <param name="counts">Whether a toolset of this name does, if it goes.</param>
    public static bool IsOne(ConfigMapPlan plan, ConfigMapRecord? present, Func<string, bool> counts)
    {
        if (plan is not ConfigMapPlan.Patch { Changes.Data: var changes } || present is null)
            return false;
        string[] there = [.. present.Data.Keys.Where(k => ToolsetKey.IsToolset(k) && ToolsetKey.NameIn(k) != ToolsetName.Kubernetes)];
        int gone = there.Count(k => counts(ToolsetKey.NameIn(k)) && changes.TryGetValue(k, out string? text) && text is null);
        return gone > 0 && gone * 2 >= there.Length;
    }
}
