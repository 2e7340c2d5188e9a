namespace DynamicToolset.HealthCheck;

/// <summary>When an endpoint is checked again.</summary>
public static class ProbeSchedule
{
    /// <summary>The first delay of an endpoint that fails or is not settled yet; it doubles with each check that ends alike.</summary>
    public static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(2);

    /// <summary>The first delay of a backend that serves no data: most of them have just started. It doubles like the other.</summary>
    public static readonly TimeSpan FirstRevisit = TimeSpan.FromSeconds(15);

    private const double Jitter = 0.1;

    /// <summary>From the end of one check to the start of the next.</summary>
    /// <param name="interval">The delay of a steady endpoint, and the longest there is.</param>
    /// <param name="random">
    /// In [0, 1): spreads the delay over ±10 %, so that endpoints which appeared (or failed) together are not checked together for ever.
    /// </param>
    public static TimeSpan DelayAfter(HealthState state, TimeSpan interval, double random)
    {
        // What stands in the way on this side is not removed by asking more often.
        bool isSteady = state is { Status: HealthStatus.Healthy, Last: ProbeOutcome.Success or ProbeOutcome.Connected } or { Obstacle: not null };
        TimeSpan delay = isSteady ? interval : Backoff(FirstBackoff, state.Streak, interval);
        return Spread(delay, random);
    }

    /// <summary>From one visit to the next.</summary>
    /// <param name="silent">So many visits in a row met nobody, or were told something that has yet to be told twice.</param>
    /// <param name="empty">So many visits in a row found no data.</param>
    /// <param name="interval">The delay of one that tells what it is and serves data, and the longest there is.</param>
    /// <param name="random">In [0, 1).</param>
    public static TimeSpan RevisitAfter(int silent, int empty, TimeSpan interval, double random) => Spread(
        (silent, empty) switch
        {
            (0, 0) => interval,
            (0, _) => Backoff(FirstRevisit, empty, interval),
            _ => Backoff(FirstBackoff, silent, interval),
        },
        random);

    /// <param name="random">In [0, 1).</param>
    /// <returns>The delay, ±10 %.</returns>
    public static TimeSpan Spread(TimeSpan delay, double random) => delay * (1 - Jitter + (2 * Jitter * random));

    private static TimeSpan Backoff(TimeSpan first, int streak, TimeSpan longest)
    {
        TimeSpan delay = first;
        for (int i = 1; i < streak && delay < longest; i++)
            delay *= 2;
        return delay < longest ? delay : longest;
    }
}
