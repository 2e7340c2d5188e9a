using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>
/// What has to wait of that which a round would write: for the first checks after a start, for whoever may create a deleted ConfigMap anew, for
/// checks that are about to end, and where another writer keeps undoing it.
/// </summary>
/// <param name="Memory">What the round knows, its own looks included.</param>
internal sealed record HoldBack(RoundOptions Options, RoundInputs Inputs, RoundMemory Memory, Moment Now)
{
    /// <summary>Something healthy is about to say for the first time what it is, or what there is to say of itself.</summary>
    public bool IsAnswerDue { get; init; }

    /// <summary>Leaves out what is to wait, and says until when.</summary>
    public Hold From(ConfigMapPlan plan, ImmutableArray<Drift> drift, bool areFirstChecksDone)
    {
        if (plan is ConfigMapPlan.None or ConfigMapPlan.Refuse)
            return new Hold(new ConfigMapPlan.None(), null);
        if (WaitOf(plan, areFirstChecksDone) is { } until && until > Now.Elapsed)
            return Hold.All(until);
        if (plan is ConfigMapPlan.Patch && drift.IsEmpty && areFirstChecksDone && (IsAwaitingChecks || IsAnswerDue))
        {
            TimeSpan gathered = (Memory.GatheringSince ?? Now.Elapsed) + Options.GatheringTime;
            if (gathered > Now.Elapsed)
                return Hold.All(gathered) with { IsGathering = true };
        }

        return HoldFights(plan, drift);
    }

    /// <summary>Null where nothing has to be waited for.</summary>
    private TimeSpan? WaitOf(ConfigMapPlan plan, bool areFirstChecksDone)
    {
        TimeSpan? until = areFirstChecksDone ? null : Memory.StartedAt + Options.StartGrace;
        if (plan is not ConfigMapPlan.Create)
            return until;
        if (Inputs.ConfigMap.LastSeen is not null)
            until = Later(until, Memory.MissingSince + Options.RecreationPause);
        return Inputs.Owner is OwnerState.Unknown ? Later(until, Memory.MissingSince + Options.OwnerGrace) : until;
    }

    /// <summary>Those that were found just now are not in the table yet.</summary>
    private bool IsAwaitingChecks => Options.AreChecksEnabled
        && Memory.Detected.Matched.Any(d => Inputs.Health.Checks.Find(d.EndpointKey) is null or { Status: HealthStatus.Unknown, Obstacle: null });

    private static TimeSpan? Later(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;

    private Hold HoldFights(ConfigMapPlan plan, ImmutableArray<Drift> drift)
    {
        IEnumerable<string> fought = plan is ConfigMapPlan.Create ? [Fight.WholeObject] : drift.Select(d => d.Key);
        Dictionary<string, TimeSpan> paused = fought
            .Select(key => (key, until: Memory.Fights.PausedUntil(key, Now.Elapsed)))
            .Where(k => k.until is not null)
            .ToDictionary(k => k.key, k => k.until!.Value, StringComparer.Ordinal);
        if (paused.Count == 0)
            return new Hold(plan, null);
        TimeSpan until = paused.Values.Min();
        return plan is ConfigMapPlan.Create
            ? Hold.All(until) with { IsFight = true }
            : new Hold(DriftFilter.Without(plan, paused.ContainsKey), until) { IsFight = true };
    }
}

/// <param name="Step">What is left to do now.</param>
/// <param name="Until">When the rest may be done; null where nothing waits.</param>
internal sealed record Hold(ConfigMapPlan Step, TimeSpan? Until)
{
    public bool IsGathering { get; init; }

    public bool IsFight { get; init; }

    public static Hold All(TimeSpan until) => new(new ConfigMapPlan.None(), until);
}
