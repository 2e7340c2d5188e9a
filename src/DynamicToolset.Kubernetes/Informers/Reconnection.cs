namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// The news that the API server can be reached again, from the one who notices first to all who wait because a connection failed: after an
/// outage nobody needs to wait for a try of its own.
/// </summary>
/// <param name="announced">Called with each announcement, for a loop that waits on other things too. Must be quick and must not throw.</param>
public sealed class Reconnection(Action? announced = null)
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends with the next announcement. Take it before an attempt: then none is missed that comes while the attempt fails.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Announce()
    {
        Interlocked.Exchange(ref _next, New()).SetResult();
        announced?.Invoke();
    }

    // Whoever waits goes on in a turn of its own, not inside the announcer's.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
