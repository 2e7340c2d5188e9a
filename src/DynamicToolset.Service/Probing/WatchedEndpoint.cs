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

    /// <summary>How the check that is under way asks.</summary>
    public HealthCheckTarget Asked { get; private set; } = target.Target;

    /// <summary>What it is about to answer was asked in an old way.</summary>
    public bool IsAskedInOldWay => Asked != Target.Target;

    /// <summary>When the check began.</summary>
    public TimeSpan Started { get; private set; }

    public TimeSpan AttemptStarted { get; private set; }

    /// <summary>The same as a moment that no other check shares.</summary>
    public TimeSpan Began { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Of the check that is under way, from 1.</summary>
    public int Attempt { get; set; }

    public Task<ProbeAnswer?> Answer { get; private set; } = Task.FromResult<ProbeAnswer?>(null);

    public override Task Asking => Answer;

    /// <returns>True where it is to be checked at once.</returns>
    public bool Becomes(ProbeTarget target)
    {
        ProbeTarget before = Target;
        Target = target;
        if (before.Version == target.Version && before.Target == target.Target)
            return false;
        WantsLook = true;
        if (before.Target != target.Target)
            Cancel();
        return true;
    }

    /// <param name="moment">A moment that is given once.</param>
    /// <param name="ask">Must not begin before the bookkeeping is done: it may end at once.</param>
    public void StartAttempt(
        TimeSpan timeout, TimeSpan now, TimeSpan moment, DateTimeOffset wall, Func<WatchedEndpoint, CancellationToken, Task<ProbeAnswer?>> ask)
    {
        CancellationToken stop = Begin(timeout);
        AttemptStarted = now;
        if (Attempt++ == 0)
            (Asked, Started, Began, StartedAt) = (Target.Target, now, moment, wall);
        Answer = ask(this, stop);
    }
}
