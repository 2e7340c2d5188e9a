namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// The news that the API server can be reached again, from the one who notices first to all who wait because a connection failed: after an
/// outage nobody needs to wait for a try of its own.
/// </summary>
/// <param name="announced">Called with each announcement, for a loop that waits on other things too. Must be quick and must not throw.</param>
public sealed class Reconnection(Action? announced = null)
{
    private TaskCompletionSource _next = new();

    /// <summary>
    /// Ends with the next announcement. Take it before an attempt: then none is missed that comes while the attempt fails. Whoever waits goes
    /// on inside the announcer's call, and should yield at once.
    /// </summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Announce()
    {
        Interlocked.Exchange(ref _next, new TaskCompletionSource()).SetResult();
        announced?.Invoke();
    }
}
