using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>Which overrides hold: those of the newest text that can be read, or those that the ConfigMap was last right by.</summary>
internal static class OverridesInForce
{
    public static string? TextIn(ConfigMapRecord? lastSeen) => lastSeen?.Data.GetValueOrDefault(ToolsetKey.Overrides);

    /// <inheritdoc cref="RoundMemory.OverridesReadFrom"/>
    public static (string? Text, bool IsBinary) SourceIn(ConfigMapRecord? lastSeen) =>
        (TextIn(lastSeen), lastSeen?.BinaryData.ContainsKey(ToolsetKey.Overrides) == true);

    /// <summary>
    /// Where the text cannot be read, those stay that were in place. A follower whose watch had a gap may not have seen them: where the ConfigMap is not what
    /// its own come to, it knows of none, so that it takes nothing away should it lead.
    /// </summary>
    public static OverrideState Next(RoundInputs inputs, OverrideState inPlace, bool isSure)
    {
        OverrideSet read = inputs.Overrides ?? OverrideParser.ParseIn(inputs.ConfigMap.LastSeen);
        return read.Problem is null || isSure ? inPlace.Next(read) : OverrideState.Start.Next(read);
    }

    /// <summary>
    /// A follower may want something else than the leader wrote, for its checks or its version differ: to that one the overrides are in force by the next
    /// version of the ConfigMap that still has them, unless nobody could write them.
    /// </summary>
    public static bool AreInPlace(ConfigMapPlan plan, Leadership leadership, ConfigMapRecord? present, RoundMemory next) =>
        plan is ConfigMapPlan.None or ConfigMapPlan.Disown
        || (leadership is Leadership.Follower && plan is not ConfigMapPlan.Refuse
            && present is not null && present.ResourceVersion != next.OverridesSince);

    /// <summary>
    /// Also of a write that went without an answer, or that another replica made: the next text may come before a round in which nothing differs.
    /// </summary>
    public static bool IsInPlace(PipelineResult? wanted, ConfigMapRecord? present) =>
        wanted is not null && present is not null && ConfigMapPlanner.Plan(wanted.Desired, present) is ConfigMapPlan.None or ConfigMapPlan.Disown;
}
