using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// What the checks say of every endpoint: immutable, so whoever holds one reads a consistent moment. Equal to an earlier one while no verdict changed.
/// </summary>
public sealed class HealthTable : IEquatable<HealthTable>
{
    private readonly ImmutableDictionary<EndpointKey, HealthState> _states;

    private HealthTable(
        ImmutableDictionary<EndpointKey, HealthState> states,
        ImmutableDictionary<EndpointKey, HealthVerdict> verdicts,
        ImmutableDictionary<EndpointKey, EndpointForm> forms,
        int awaited)
    {
        _states = states;
        Verdicts = verdicts;
        Forms = forms;
        Awaited = awaited;
    }

    public static HealthTable Empty { get; } = new(
        ImmutableDictionary<EndpointKey, HealthState>.Empty,
        ImmutableDictionary<EndpointKey, HealthVerdict>.Empty,
        ImmutableDictionary<EndpointKey, EndpointForm>.Empty,
        awaited: 0);

    public int Count => _states.Count;

    public IEnumerable<KeyValuePair<EndpointKey, HealthState>> States => _states;

    /// <summary>
    /// Another object only where a verdict came, went or changed: whoever decides by health alone compares references. The times of
    /// checks move on without it.
    /// </summary>
    public ImmutableDictionary<EndpointKey, HealthVerdict> Verdicts { get; }

    /// <summary>The forms of those that have another one than their Service shows.</summary>
    public ImmutableDictionary<EndpointKey, EndpointForm> Forms { get; }

    /// <summary>
    /// How many endpoints are unknown as yet, so that the next check of each may bring a toolset; not those whose checks say nothing, which may stay so.
    /// </summary>
    public int Awaited { get; }

    /// <summary>Null where the endpoint is not (or no longer) known.</summary>
    public HealthState? Find(EndpointKey endpoint) => _states.GetValueOrDefault(endpoint);

    /// <summary>Unknown also where the endpoint is not known.</summary>
    public HealthStatus StatusOf(EndpointKey endpoint) => Find(endpoint)?.Status ?? HealthStatus.Unknown;

    public bool IsHealthy(EndpointKey endpoint) => Verdicts.TryGetValue(endpoint, out HealthVerdict verdict) && verdict.Status == HealthStatus.Healthy;

    public HealthTable With(EndpointKey endpoint, HealthState state) =>
        new(
            _states.SetItem(endpoint, state),
            Verdicts.SetItem(endpoint, state.Verdict),
            state.Form is { } form ? Forms.SetItem(endpoint, form) : Forms.Remove(endpoint),
            Awaited - AwaitedIn(Find(endpoint)) + AwaitedIn(state));

    /// <summary>
    /// Exactly these endpoints: what is known of them is kept, the others are forgotten, new ones start unknown or assumed healthy.
    /// An unknown endpoint is raised to assumed healthy, never lowered from it.
    /// </summary>
    public HealthTable Retarget(IEnumerable<(EndpointKey Endpoint, bool AssumeHealthy)> endpoints, DateTimeOffset now)
    {
        ImmutableDictionary<EndpointKey, HealthState>.Builder states = _states.ToBuilder();
        ImmutableDictionary<EndpointKey, HealthVerdict>.Builder verdicts = Verdicts.ToBuilder();
        HashSet<EndpointKey> wanted = [];
        foreach ((EndpointKey endpoint, bool assumeHealthy) in endpoints)
        {
            wanted.Add(endpoint);
            HealthState? known = states.GetValueOrDefault(endpoint);
            known ??= HealthState.New(now);
            // One that has passed too few checks as yet, too.
            if (assumeHealthy && known.Status == HealthStatus.Unknown)
                known = known with { Status = HealthStatus.Healthy, Since = now };
            states[endpoint] = known;
            verdicts[endpoint] = known.Verdict;
        }

        EndpointKey[] gone = [.. _states.Keys.Where(endpoint => !wanted.Contains(endpoint))];
        states.RemoveRange(gone);
        verdicts.RemoveRange(gone);
        return new HealthTable(states.ToImmutable(), verdicts.ToImmutable(), Forms.RemoveRange(gone), states.Values.Sum(AwaitedIn));
    }

    /// <summary>The forms that others put in place, and without those that a Service or a rule no longer leaves open.</summary>
    public HealthTable Reform(IEnumerable<ProbeTarget> targets)
    {
        HealthTable table = this;
        foreach (ProbeTarget target in targets)
        {
            if (Find(target.Endpoint) is not { } state)
                continue;
            HealthState next = state with { Told = target.Told, Form = target.Told is { } told && told != state.Told ? Later(state.Form, told) : state.Form };
            if (next.Form is { } form && (target.Ways.In(form) is not { } way || way == target.Ways.First))
                next = next with { Form = null, Tried = null };
            if (next.Told != state.Told || next.Form != state.Form)
                table = table.With(target.Endpoint, next);
        }

        return table;
    }

    /// <summary>What another replica wrote is no reason to go back to plain HTTP either: it may know less.</summary>
    private static EndpointForm? Later(EndpointForm? known, EndpointForm told) => known is { Scheme: "https" } && told.Scheme != "https" ? known : told;

    public bool Equals(HealthTable? other) => ReferenceEquals(Verdicts, other?.Verdicts);

    public override bool Equals(object? obj) => Equals(obj as HealthTable);

    public override int GetHashCode() => Verdicts.Count;

    private static int AwaitedIn(HealthState? state) => state is { Status: HealthStatus.Unknown, Obstacle: null } ? 1 : 0;
}
