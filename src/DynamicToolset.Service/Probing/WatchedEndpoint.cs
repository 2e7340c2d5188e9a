using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>A target whose health is checked, by one attempt or several.</summary>
internal sealed class WatchedEndpoint(ProbeTarget target) : EndpointInHand
{
    public ProbeTarget Target { get; private set; } = target;

    public EndpointKey Key => Target.Endpoint;

    public bool CheckAgain { get; set; }

    /// <summary>True where the others were asked whether it alone fails, since it does.</summary>
    public bool HasAskedOthers { get; set; }

    public TimeSpan WarnedAt { get; set; }

    /// <summary>How the check that is under way asks first.</summary>
    public HealthCheckTarget Asked { get; private set; } = target.Target;

    /// <summary>When the check began.</summary>
    public TimeSpan Started { get; private set; }

    public TimeSpan AttemptStarted { get; private set; }

    /// <summary>The same as a moment that no other check shares.</summary>
    public TimeSpan Began { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>The other way that was tried in this check; null where none was.</summary>
    public OtherWay? Tried { get; set; }

    /// <summary>Of the check that is under way, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>Null where it was given up.</summary>
    public Task<CheckAttempt?> Answer { get; private set; } = Task.FromResult<CheckAttempt?>(null);

    public override Task Asking => Answer;

    /// <returns>True where it is to be checked at once.</returns>
    public bool Becomes(ProbeTarget target)
    {
        ProbeTarget before = Target;
        Target = target;
        if (before.Version == target.Version && before.Ways == target.Ways)
            return false;
        WantsLook = true;
        if (before.Ways != target.Ways)
            Cancel();
        return true;
    }

    /// <summary>The form of the URL to try first, by what is known.</summary>
    public HealthCheckTarget WayIn(HealthState state) => state.Form is { } form ? Target.Ways.In(form) ?? Target.Target : Target.Target;

    /// <param name="state">What is known of it.</param>
    /// <param name="moment">A moment that is given once.</param>
    /// <param name="ask">Must not begin before the bookkeeping is done: it may end at once.</param>
    public void StartAttempt(
        HealthState state,
        TimeSpan timeout,
        TimeSpan now,
        TimeSpan moment,
        DateTimeOffset wall,
        Func<WatchedEndpoint, CheckAttempt, CancellationToken, Task<CheckAttempt?>> ask)
    {
        CancellationToken stop = Begin(timeout);
        AttemptStarted = now;
        if (Attempt++ == 0)
            (Asked, Started, Began, StartedAt, Tried) = (WayIn(state), now, moment, wall, null);
        Answer = ask(this, new CheckAttempt(Target.Ways, Asked, state.Tried, IsAlone: Tried is not null), stop);
    }
}
