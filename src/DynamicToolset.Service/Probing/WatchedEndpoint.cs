using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>One target's bookkeeping. It waits for its time, or for a slot, or an attempt is under way.</summary>
internal sealed class WatchedEndpoint(ProbeTarget target) : IDisposable
{
    private CancellationTokenSource? _cancellation;

    public ProbeTarget Target { get; private set; } = target;

    public EndpointKey Key => Target.Endpoint;

    /// <summary>True from the time that it became new, or changed, until it is asked.</summary>
    public bool WantsLook { get; private set; } = true;

    /// <summary>True where the last attempt took all its time.</summary>
    public bool Hangs { get; set; }

    public bool CheckAgain { get; set; }

    /// <summary>True where the others were asked whether it alone fails, since it does.</summary>
    public bool HasAskedOthers { get; set; }

    public bool IsForgotten { get; private set; }

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

    /// <summary>Of the attempt.</summary>
    public TimeSpan Timeout { get; private set; }

    public bool IsUnderWay => _cancellation is not null;

    public Task<ProbeAnswer?> Answer { get; private set; } = Task.FromResult<ProbeAnswer?>(null);

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

    public void Forget()
    {
        IsForgotten = true;
        Cancel();
    }

    public void Cancel() => _cancellation?.Cancel();

    /// <param name="moment">A moment that is given once.</param>
    /// <param name="ask">Must not begin before the bookkeeping is done: it may end at once.</param>
    public void StartAttempt(
        TimeSpan timeout, TimeSpan now, TimeSpan moment, DateTimeOffset wall, Func<WatchedEndpoint, CancellationToken, Task<ProbeAnswer?>> ask)
    {
        WantsLook = false;
        Timeout = timeout;
        AttemptStarted = now;
        _cancellation = new CancellationTokenSource();
        if (Attempt++ == 0)
            (Asked, Started, Began, StartedAt) = (Target.Target, now, moment, wall);
        Answer = ask(this, _cancellation.Token);
    }

    public void EndAttempt()
    {
        _cancellation?.Dispose();
        _cancellation = null;
    }

    public void Dispose() => EndAttempt();
}
