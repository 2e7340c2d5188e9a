using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// What is believed of every endpoint: whoever decides or tells by health asks here. It is what the checks say, except for those that
/// <see cref="PanicRule"/> keeps in place although they fail. Immutable; equal to an earlier one while nothing that decisions rest on has changed.
/// </summary>
public sealed class JudgedHealth : IEquatable<JudgedHealth>
{
    private readonly bool _hasPanicRule;
    private readonly ImmutableDictionary<EndpointKey, Fall> _falls;

    /// <summary>Those that the last <see cref="Retarget"/> said to be in place.</summary>
    private readonly ImmutableHashSet<EndpointKey> _placed;

    /// <summary>Found out when it is asked for: to look at all endpoints after each check of one would take thousands of them too long.</summary>
    private readonly Lazy<bool> _isPanic;

    private JudgedHealth(bool hasPanicRule, HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls, ImmutableHashSet<EndpointKey> placed)
    {
        _hasPanicRule = hasPanicRule;
        _placed = placed;
        _falls = PanicRule.Settle(checks, falls);
        Checks = checks;
        Kept = [.. _falls.Keys.Where(IsKept)];
        _isPanic = new(() => !Kept.IsEmpty && PanicRule.IsPanic(Checks, _falls));
    }

    /// <summary>After a check of one endpoint that says nothing of any other.</summary>
    private JudgedHealth(JudgedHealth before, HealthTable checks, ImmutableDictionary<EndpointKey, Fall> falls, EndpointKey endpoint)
    {
        _hasPanicRule = before._hasPanicRule;
        _placed = before._placed;
        _falls = PanicRule.SettleOne(endpoint, checks, falls);
        Checks = checks;
        Kept = IsKept(endpoint) ? before.Kept.Add(endpoint) : before.Kept.Remove(endpoint);
        bool isOneMore = ReferenceEquals(_falls, before._falls) && checks.Equals(before.Checks);
        _isPanic = isOneMore ? before._isPanic : new(() => !Kept.IsEmpty && PanicRule.IsPanic(Checks, _falls));
    }

    private JudgedHealth(HealthTable checks, ImmutableHashSet<EndpointKey> kept, bool isPanic, ImmutableHashSet<EndpointKey> placed)
    {
        _falls = ImmutableDictionary<EndpointKey, Fall>.Empty;
        _placed = placed;
        Checks = checks;
        Kept = kept;
        _isPanic = new(() => isPanic);
    }

    /// <summary>Nothing is known yet.</summary>
    public static JudgedHealth Empty { get; } = new(hasPanicRule: true, HealthTable.Empty, ImmutableDictionary<EndpointKey, Fall>.Empty, []);

    /// <summary>The same with HEALTH_PANIC=false: every failure is believed.</summary>
    public static JudgedHealth EmptyWithoutPanic { get; } = new(hasPanicRule: false, HealthTable.Empty, ImmutableDictionary<EndpointKey, Fall>.Empty, []);

    /// <summary>As somebody else judged it: decisions use it, and no check follows.</summary>
    /// <param name="placed">See <see cref="Placed"/>.</param>
    internal static JudgedHealth Judged(HealthTable checks, ImmutableHashSet<EndpointKey> kept, bool isPanic, ImmutableHashSet<EndpointKey> placed) =>
        new(checks, kept, isPanic, placed);

    /// <inheritdoc cref="_placed"/>
    internal ImmutableHashSet<EndpointKey> Placed => _placed;

    /// <summary>What the checks say, for whoever shows checks. Nothing is decided by it.</summary>
    public HealthTable Checks { get; }

    /// <summary>Those that are unhealthy by their checks, and in place all the same.</summary>
    public ImmutableHashSet<EndpointKey> Kept { get; }

    /// <summary>Everything fails, so that the fault is taken to be on this side.</summary>
    public bool IsPanic => _isPanic.Value;

    /// <summary>How many endpoints are unknown as yet, so that the next check of each may bring a toolset.</summary>
    public int Awaited => Checks.Awaited;

    /// <summary>False where the endpoint is not a target, or no longer.</summary>
    public bool Knows(EndpointKey endpoint) => Checks.Verdicts.ContainsKey(endpoint);

    /// <summary>Whether it becomes a toolset.</summary>
    public bool IsHealthy(EndpointKey endpoint) => Checks.IsHealthy(endpoint) || Kept.Contains(endpoint);

    /// <summary>Whether nobody knows yet if the endpoint alone fails: then the others have to be asked.</summary>
    public bool IsInDoubt(EndpointKey endpoint) => _falls.GetValueOrDefault(endpoint) is { IsOut: false, ProvenAt: null };

    /// <summary>Those of <see cref="Kept"/> of which the next check decides, since another endpoint has passed one.</summary>
    public IEnumerable<EndpointKey> AwaitingVerdict => Kept.Where(endpoint => _falls[endpoint].ProvenAt is not null);

    /// <summary>Everything in place has passed its last check, so nothing is about to go.</summary>
    public bool IsSettled => Checks.States.Where(s => IsHealthy(s.Key)).All(s => s.Value is { Obstacle: null, Last.IsSuccess: true });

    /// <summary>What stands in the way of checks, each once and with what to do.</summary>
    public IEnumerable<string> Obstacles => Checks.States.Select(s => s.Value.Obstacle).OfType<string>().Distinct();

    /// <summary>The same, with the endpoints whose checks it stands in the way of.</summary>
    public IEnumerable<IGrouping<string, EndpointKey>> Obstructed =>
        Checks.States.Where(s => s.Value.Obstacle is not null).GroupBy(s => s.Value.Obstacle!, s => s.Key);

    /// <param name="state">After a check of the endpoint, which is a target; <see cref="HealthState.Ran"/> says when that took place.</param>
    public JudgedHealth With(EndpointKey endpoint, HealthState state)
    {
        HealthTable checks = Checks.With(endpoint, state);
        if (state.Obstacle is not null)
            return new JudgedHealth(this, checks, _falls, endpoint);
        ImmutableDictionary<EndpointKey, Fall> falls = _hasPanicRule ? NextFalls(endpoint, state) : _falls;
        return state.Last is { IsSuccess: true }
            ? new JudgedHealth(_hasPanicRule, checks, falls, _placed)
            : new JudgedHealth(this, checks, falls, endpoint);
    }

    /// <summary>Whether the last <see cref="Retarget"/> said that it is in place: only then is its failure judged as that of one that is.</summary>
    public bool IsPlaced(EndpointKey endpoint) => _placed.Contains(endpoint);

    /// <summary>
    /// See <see cref="HealthTable.Retarget"/>. What another replica put in place, or took away, is so here too: one that fails here alone must not be gone
    /// as soon as this replica leads, nor come back.
    /// </summary>
    /// <param name="endpoints">Each with <see cref="ProbeTarget.InPlace"/>.</param>
    public JudgedHealth Retarget(IReadOnlyCollection<(EndpointKey Endpoint, bool? InPlace)> endpoints, DateTimeOffset now)
    {
        HealthTable checks = Checks.Retarget(endpoints.Select(e => (e.Endpoint, e.InPlace == true)), now);
        ImmutableDictionary<EndpointKey, Fall> falls = _falls.RemoveRange(_falls.Keys.Where(endpoint => checks.Find(endpoint) is null));
        foreach ((EndpointKey endpoint, bool? inPlace) in endpoints)
        {
            if (_hasPanicRule && Moved(endpoint, inPlace) is { } fall)
                falls = falls.SetItem(endpoint, fall);
        }

        return new JudgedHealth(_hasPanicRule, checks, falls, [.. endpoints.Where(e => e.InPlace == true).Select(e => e.Endpoint)]);
    }

    /// <inheritdoc cref="HealthTable.Reform"/>
    public JudgedHealth Reform(IEnumerable<ProbeTarget> targets) => new(_hasPanicRule, Checks.Reform(targets), _falls, _placed);

    public bool Equals(JudgedHealth? other) =>
        other is not null && Checks.Equals(other.Checks) && IsPanic == other.IsPanic && Kept.SetEquals(other.Kept);

    public override bool Equals(object? obj) => Equals(obj as JudgedHealth);

    public override int GetHashCode() => Checks.GetHashCode();

    private bool IsKept(EndpointKey endpoint) => _falls.GetValueOrDefault(endpoint) is { IsOut: false } && Checks.StatusOf(endpoint) == HealthStatus.Unhealthy;

    /// <summary>The fall of an endpoint that fails, and was put in place, or taken away, by another replica; null where that changes nothing.</summary>
    private Fall? Moved(EndpointKey endpoint, bool? inPlace)
    {
        if (Checks.Find(endpoint) is not { Status: HealthStatus.Unhealthy } state)
            return null;
        if (inPlace == false && Kept.Contains(endpoint))
            return _falls[endpoint] with { IsOut = true };
        return inPlace == true && !_placed.Contains(endpoint) && !Kept.Contains(endpoint) ? new Fall(state.Ran.Ended) : null;
    }

    private ImmutableDictionary<EndpointKey, Fall> NextFalls(EndpointKey endpoint, HealthState state)
    {
        ImmutableDictionary<EndpointKey, Fall> falls = _falls;
        if (state.Last is { IsSuccess: true })
        {
            IEnumerable<KeyValuePair<EndpointKey, Fall>> proven = falls.Where(f => f.Value.ProvenAt is null && state.Ran.Began > f.Value.Since);
            falls = falls.SetItems([.. proven.Select(f => KeyValuePair.Create(f.Key, f.Value with { ProvenAt = state.Ran.Ended }))]);
        }

        return NextFall(endpoint, state) is { } next ? falls.SetItem(endpoint, next) : falls.Remove(endpoint);
    }

    /// <summary>Null where it does not fall.</summary>
    private Fall? NextFall(EndpointKey endpoint, HealthState state)
    {
        Fall? fall = _falls.GetValueOrDefault(endpoint);
        bool isRecovered = state is { Status: HealthStatus.Healthy, Last.IsSuccess: true };
        if (isRecovered || (fall is null && !Checks.IsHealthy(endpoint)))
            return null;
        bool isOneMore = state.Last is { IsSuccess: false } && Checks.Find(endpoint)?.Last is { IsSuccess: false };
        // An own check that passed, and is not enough to be healthy, is no other's: what it began after counts anew.
        return fall is { IsOut: true } || (fall is not null && isOneMore) ? fall : new Fall(state.Ran.Ended);
    }
}
