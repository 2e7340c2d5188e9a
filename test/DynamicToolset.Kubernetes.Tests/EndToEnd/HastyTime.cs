namespace DynamicToolset.Kubernetes.Tests.EndToEnd;

/// <summary>Real time in which every wait is a thousand times shorter, so that a test may have hundreds of backoffs.</summary>
internal sealed class HastyTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 1000 : dueTime, period > TimeSpan.Zero ? period / 1000 : period);
}
