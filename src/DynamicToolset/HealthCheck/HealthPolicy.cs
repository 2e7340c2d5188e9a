namespace DynamicToolset.HealthCheck;

/// <summary>Decides what a check's outcome changes.</summary>
public static class HealthPolicy
{
    /// <summary>
    /// <code>
    /// status     outcome  becomes
    /// Unknown    passed   Healthy after Healthy-threshold passed checks in a row
    /// Unknown    failed   Unhealthy: nothing is taken away by saying so at once
    /// Healthy    passed   Healthy
    /// Healthy    failed   Unhealthy after Unhealthy-threshold failed checks in a row, also where it was only assumed
    /// Unhealthy  passed   Healthy after Healthy-threshold passed checks in a row
    /// Unhealthy  failed   Unhealthy
    /// any        a fault of this side: as it was
    /// </code>
    /// </summary>
    /// <param name="now">When the check ended.</param>
    public static HealthState Next(HealthState state, ProbeOutcome outcome, HealthThresholds thresholds, DateTimeOffset now)
    {
        if (outcome.Advice is not null)
            return state with { Obstacle = outcome.Advice };
        bool sameAsBefore = state.Last is { } last && last.IsSuccess == outcome.IsSuccess;
        int streak = sameAsBefore ? state.Streak + 1 : 1;
        HealthStatus status = outcome.IsSuccess
            ? AfterSuccess(state.Status, streak, thresholds)
            : AfterFailure(state.Status, streak, thresholds);
        DateTimeOffset since = status == state.Status ? state.Since : now;
        bool wantsCredentials = outcome.IsSuccess ? outcome is ProbeOutcome.WantsCredentials : state.WantsCredentials;
        return state with
        {
            Status = status,
            Streak = streak,
            Since = since,
            Last = outcome,
            LastChecked = now,
            Obstacle = null,
            WantsCredentials = wantsCredentials,
        };
    }

    /// <summary>
    /// Whether an endpoint has another form from now on: it was answered in that one, and not in its own. One that is believed healthy keeps its own until
    /// it would be believed unhealthy, so that a blip, or pods that differ, do not change its URL.
    /// </summary>
    /// <param name="state">Before the check.</param>
    public static bool Moves(HealthState state, CheckAttempt attempt, HealthThresholds thresholds)
    {
        if (attempt.Tried is not { Outcome.IsSuccess: true })
            return false;
        bool hasFailed = state.Obstacle is not null || state.Last is { IsSuccess: false };
        // Where the API server had no answer either, the failures before were not counted.
        int failures = !hasFailed ? 1 : state.Obstacle is not null ? thresholds.Unhealthy : state.Streak + 1;
        return state.Status != HealthStatus.Healthy || failures >= thresholds.Unhealthy;
    }

    /// <summary>
    /// Whether a check ends with this attempt. Further attempts keep a blip from counting. An endpoint that failed its last check gets none,
    /// nor does one that hangs and is not believed healthy: they would only hold what others wait for.
    /// </summary>
    /// <param name="state">Before the check.</param>
    /// <param name="attempt">Counted from 1.</param>
    public static bool EndsCheck(HealthState state, ProbeOutcome outcome, int attempt, int attempts) =>
        outcome.IsSuccess
        || outcome.Advice is not null
        || attempt >= attempts
        || state.Last is { IsSuccess: false }
        || (outcome.IsTimeout && state.Status != HealthStatus.Healthy)
        // A forbidden address does not become an allowed one within seconds.
        || outcome is ProbeOutcome.Unanswered { Failure.Denial: not null };

    private static HealthStatus AfterSuccess(HealthStatus status, int streak, HealthThresholds thresholds) =>
        streak >= thresholds.Healthy ? HealthStatus.Healthy : status;

    private static HealthStatus AfterFailure(HealthStatus status, int streak, HealthThresholds thresholds) =>
        status == HealthStatus.Healthy && streak < thresholds.Unhealthy ? HealthStatus.Healthy : HealthStatus.Unhealthy;
}
