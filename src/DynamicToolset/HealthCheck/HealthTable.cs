using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>What is known of every endpoint: immutable, so whoever holds one reads a consistent moment.</summary>
public sealed class HealthTable
{
    private readonly ImmutableDictionary<HealthCheckTarget, HealthState> _states;

    private HealthTable(ImmutableDictionary<HealthCheckTarget, HealthState> states) => _states = states;

    public static HealthTable Empty { get; } = new(ImmutableDictionary<HealthCheckTarget, HealthState>.Empty);

    public int Count => _states.Count;

    public IEnumerable<KeyValuePair<HealthCheckTarget, HealthState>> States => _states;

    /// <summary>Null where the target is not (or no longer) known.</summary>
    public HealthState? Find(HealthCheckTarget target) => _states.GetValueOrDefault(target);

    public bool IsHealthy(HealthCheckTarget target) => Find(target) is { Status: HealthStatus.Healthy };

    public HealthTable With(HealthCheckTarget target, HealthState state) => new(_states.SetItem(target, state));

    /// <summary>
    /// Exactly these targets: what is known of them is kept, the others are forgotten, new ones start unknown or assumed healthy.
    /// A target without a check yet is raised to assumed healthy, never lowered from it.
    /// </summary>
    public HealthTable Retarget(IEnumerable<(HealthCheckTarget Target, bool AssumeHealthy)> targets, DateTimeOffset now)
    {
        ImmutableDictionary<HealthCheckTarget, HealthState>.Builder states = ImmutableDictionary.CreateBuilder<HealthCheckTarget, HealthState>();
        foreach ((HealthCheckTarget target, bool assumeHealthy) in targets)
        {
            HealthState? known = states.GetValueOrDefault(target) ?? Find(target);
            bool isUnchecked = known is null or { Status: HealthStatus.Unknown, Last: null };
            states[target] = assumeHealthy && isUnchecked ? HealthState.Assumed(now) : known ?? HealthState.New(now);
        }

        return new HealthTable(states.ToImmutable());
    }
}
