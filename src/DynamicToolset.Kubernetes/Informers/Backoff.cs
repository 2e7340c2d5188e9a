namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// Waits that double from one failure to the next, up to a limit, and start anew after a healthy time. Each is drawn from the upper half
/// of its range ("equal jitter"): clients that failed together do not return together, and yet none returns at once, so the number
/// of requests in a time has a bound that a draw from the whole range would not give.
/// </summary>
public sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private readonly TimeSpan _resetAfter;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private TimeSpan _ceiling;
    private TimeSpan _wait;
    private long _askedAt;

    /// <param name="resetAfter">How long after a wait nothing may fail for the next wait to be short again.</param>
    /// <param name="random">For this instance's owner alone: it is not safe for several callers.</param>
    public Backoff(TimeSpan first, TimeSpan longest, TimeSpan resetAfter, TimeProvider time, Random random)
    {
        _first = first;
        _longest = longest;
        _resetAfter = resetAfter;
        _time = time;
        _random = random;
        _ceiling = first;
        _askedAt = time.GetTimestamp();
    }

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="atLeast">What the other side asked for (<c>Retry-After</c>); it lengthens the wait and never shortens it.</param>
    public TimeSpan Next(TimeSpan? atLeast = null)
    {
        if (_time.GetElapsedTime(_askedAt) - _wait >= _resetAfter)
            _ceiling = _first;
        TimeSpan own = _ceiling * (0.5 + (0.5 * _random.NextDouble()));
        _ceiling = _ceiling * 2 < _longest ? _ceiling * 2 : _longest;
        _askedAt = _time.GetTimestamp();
        _wait = atLeast > own ? atLeast.Value : own;
        return _wait;
    }
}
