namespace DynamicToolset.Service.Probing;

/// <summary>Endpoints that somebody waits for: each until a check of it has ended, or until it is no longer wanted.</summary>
/// <param name="since">Only checks that began after this moment count.</param>
internal sealed class AwaitedChecks(IEnumerable<WatchedEndpoint> endpoints, TimeSpan since, TaskCompletionSource done)
{
    private readonly HashSet<WatchedEndpoint> _left = [.. endpoints];

    public void Checked(WatchedEndpoint endpoint)
    {
        if (endpoint.Began > since)
            _left.Remove(endpoint);
    }

    public void Forget(WatchedEndpoint endpoint) => _left.Remove(endpoint);

    /// <returns>True if nobody waits any more.</returns>
    public bool EndIfComplete()
    {
        if (_left.Count > 0)
            return false;
        done.TrySetResult();
        return true;
    }
}
