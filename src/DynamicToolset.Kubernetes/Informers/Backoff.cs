using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// Waits that double from one failure to the next, up to a limit, until a success. Each is drawn from the upper half of its range ("equal
/// jitter"): clients that failed together do not return together, and yet none returns at once, so the number of requests in a time has
/// a bound that a draw from the whole range would not give.
/// </summary>
/// <param name="random">For this instance's owner alone: it is not safe for several callers.</param>
public sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    // Where nobody answers, nobody is burdened by being asked again.
    private static readonly TimeSpan LongestWaitForAnybody = TimeSpan.FromSeconds(5);

    private TimeSpan? _ceiling;

    /// <summary>To be called after a success: the next failure is the first of its kind.</summary>
    public void Reset() => _ceiling = null;

    /// <summary>The wait before the next attempt, by what the last one met.</summary>
    public TimeSpan After(KubeApiException failure) => Next(failure.RetryAfter, failure.IsConnectionFailure ? LongestWaitForAnybody : null);

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="atLeast">What the other side asked for (<c>Retry-After</c>); it lengthens the wait and never shortens it.</param>
    /// <param name="atMost">Where this failure deserves no longer wait of its own, whatever failed before.</param>
    public TimeSpan Next(TimeSpan? atLeast = null, TimeSpan? atMost = null)
    {
        TimeSpan limit = atMost < longest ? atMost.Value : longest;
        TimeSpan ceiling = _ceiling ?? first;
        ceiling = ceiling < limit ? ceiling : limit;
        _ceiling = ceiling * 2 < limit ? ceiling * 2 : limit;
        TimeSpan own = ceiling * (0.5 + (0.5 * random.NextDouble()));
        return atLeast > own ? atLeast.Value : own;
    }
}
