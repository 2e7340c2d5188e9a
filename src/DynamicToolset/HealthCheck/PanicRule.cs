using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// Whether the failure of an endpoint that is in place is believed. Where everything fails at once, a network policy or the DNS on this side is more
/// likely than the end of every backend.
/// <code>
/// an endpoint in place fails                                    it
/// fewer times in a row than the Unhealthy-threshold             stays
/// so many times, and no other is, or just was, in place         goes
/// so many times, and no other passed a check begun after
///     its first failure                                         stays: if all others fail too, that is a panic
/// so many times, another passed such a check, and it failed
///     one more that began after that was known                  goes
/// </code>
/// The last condition is for the end of a panic: what answers again does so a moment sooner or later, and must not go in between.
/// </summary>
internal static class PanicRule
{
    /// <summary>
    /// What went so shortly before is one of those that fail together. What went earlier is none: else an endpoint that was healthy once would keep the
    /// last other one in place for ever.
    /// </summary>
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(5);

    /// <summary>Takes out whoever has to go. An endpoint that was never in place has no fall, and counts for nothing.</summary>
    /// <param name="now">When the last check ended.</param>
    public static ImmutableDictionary<EndpointKey, Fall> Settle(HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls, TimeSpan now)
    {
        while (true)
        {
            EndpointKey[] gone = [.. falls.Where(f => Goes(f.Key, f.Value, checks, falls)).Select(f => f.Key)];
            if (gone.Length == 0)
                return falls;
            falls = falls.SetItems(gone.Select(key => KeyValuePair.Create(key, falls[key] with { OutSince = now })));
        }
    }

    /// <summary>Whether everything fails: something stays in place for want of another that passes, and nothing in place is known to pass.</summary>
    public static bool IsPanic(HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls) =>
        falls.Any(f => f.Value is { OutSince: null, ProvenAt: null } && checks.Find(f.Key)?.Status == HealthStatus.Unhealthy)
        && falls.All(f => f.Value.IsOut || checks.Find(f.Key) is { Last.IsSuccess: false })
        && checks.Verdicts.All(v => v.Value is not { Status: HealthStatus.Healthy, IsObstructed: false } || falls.ContainsKey(v.Key));

    private static bool Goes(EndpointKey endpoint, Fall fall, HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls)
    {
        if (fall.IsOut || checks.Find(endpoint) is not { Status: HealthStatus.Unhealthy, Last.IsSuccess: false } state)
            return false;
        return fall.ProvenAt is { } proven ? state.Ran.Began >= proven : !HasCompany(endpoint, fall, checks, falls);
    }

    private static bool HasCompany(EndpointKey endpoint, Fall fall, HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls) =>
        falls.Any(f => f.Key != endpoint && (f.Value.OutSince is not { } gone || fall.Since - gone <= Together))
        || checks.Verdicts.Any(v => v.Key != endpoint && v.Value.Status == HealthStatus.Healthy);
}
