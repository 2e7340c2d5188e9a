using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// Whether the failure of an endpoint that is in place is believed. Where everything fails at once, a network policy or the DNS on this side is more
/// likely than the end of every backend.
/// <code>
/// an endpoint in place fails                                    it
/// fewer times in a row than the Unhealthy-threshold             stays
/// so many times, and there is no other endpoint                 goes
/// so many times, and no other passed a check begun after
///     its first failure                                         stays: if all others fail too, that is a panic
/// so many times, another passed such a check, and it failed
///     one more that began after that was known                  goes
/// </code>
/// The last condition is for the end of a panic: what answers again does so a moment sooner or later, and must not go in between.
/// </summary>
internal static class PanicRule
{
    /// <summary>Takes out whoever has to go. An endpoint that was never in place has no fall.</summary>
    public static ImmutableDictionary<EndpointKey, Fall> Settle(HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls) =>
        falls.SetItems([.. falls.Where(f => Goes(f.Key, f.Value, checks)).Select(f => KeyValuePair.Create(f.Key, f.Value with { IsOut = true }))]);

    /// <summary>The same where only one has been checked, and has not passed: of the others nothing new is known.</summary>
    public static ImmutableDictionary<EndpointKey, Fall> SettleOne(EndpointKey endpoint, HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls) =>
        falls.TryGetValue(endpoint, out Fall? fall) && Goes(endpoint, fall, checks) ? falls.SetItem(endpoint, fall with { IsOut = true }) : falls;

    /// <summary>Whether everything fails: something stays in place for want of another that passes, and nothing in place is known to pass.</summary>
    public static bool IsPanic(HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls) =>
        falls.Any(f => f.Value is { IsOut: false, ProvenAt: null } && checks.Find(f.Key)?.Status == HealthStatus.Unhealthy)
        && checks.Verdicts.All(v => v.Value is not { Status: HealthStatus.Healthy, IsObstructed: false } || falls.ContainsKey(v.Key))
        && falls.All(f => f.Value.IsOut || checks.Find(f.Key) is { Last.IsSuccess: false });

    private static bool Goes(EndpointKey endpoint, Fall fall, HealthTable checks)
    {
        if (fall.IsOut || checks.Find(endpoint) is not { Status: HealthStatus.Unhealthy, Last.IsSuccess: false } state)
            return false;
        return fall.ProvenAt is { } proven ? state.Ran.Began >= proven : checks.Count == 1;
    }
}
