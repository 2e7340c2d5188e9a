using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Tests.HealthCheck;

/// <summary>
/// A life of endpoints a, b, c … in words: <c>a+</c> a check of a passes, <c>a-</c> fails, <c>a?</c> says nothing by a fault of this side, <c>a&lt;</c> it begins and ends with the next of these;
/// <c>~a</c> a target that is assumed healthy, <c>!a</c> a new one, <c>xa</c> a is gone, <c>=ab</c>
/// by another replica a and b are in place and no other, <c>6m</c> six minutes pass.
/// </summary>
internal sealed class Checkups(HealthThresholds thresholds, bool hasPanicRule = true)
{
    private static readonly ProbeOutcome Obstructed = new ProbeOutcome.Unanswered(ProbeFailure.ApiServer("mend it"));

    private readonly Dictionary<char, TimeSpan> _begun = [];
    private TimeSpan _now;

    public JudgedHealth Health { get; private set; } = hasPanicRule ? JudgedHealth.Empty : JudgedHealth.EmptyWithoutPanic;

    /// <summary>All checks that ended, in that order, without the failures of who was forgotten.</summary>
    public List<(char Endpoint, bool IsPassed, CheckSpan Ran)> History { get; } = [];

    public IEnumerable<char> Targets => Health.Checks.States.Select(s => NameOf(s.Key)).Order();

    public string InPlace => string.Concat(Targets.Where(IsInPlace));

    public TimeSpan Now => _now;

    public bool IsInPlace(char endpoint) => Health.IsHealthy(KeyOf(endpoint));

    public HealthState? StateOf(char endpoint) => Health.Checks.Find(KeyOf(endpoint));

    public Checkups Do(string words)
    {
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            DoOne(word);
        return this;
    }

    private void DoOne(string word)
    {
        _now += TimeSpan.FromTicks(1);
        switch (word)
        {
            case [var digit, 'm']:
                _now += TimeSpan.FromMinutes(digit - '0');
                break;
            case ['~' or '!', var added]:
                Retarget(Health.Checks.States.Select(s => (s.Key, (bool?)null)).Append((KeyOf(added), word[0] == '~' ? true : null)));
                break;
            case ['=', .. var there]:
                Retarget(Health.Checks.States.Select(s => (s.Key, (bool?)there.Contains(NameOf(s.Key)))));
                break;
            case ['x', var gone]:
                _begun.Remove(gone);
                History.RemoveAll(c => c.Endpoint == gone && !c.IsPassed);
                Retarget(Health.Checks.States.Where(s => NameOf(s.Key) != gone).Select(s => (s.Key, (bool?)null)));
                break;
            case [var endpoint, '<']:
                _begun[endpoint] = _now;
                break;
            case [var endpoint, '?']:
                if (StateOf(endpoint) is { } known)
                    Health = Health.With(KeyOf(endpoint), HealthPolicy.Next(known, Obstructed, thresholds, DateTimeOffset.UnixEpoch + _now));
                break;
            case [var endpoint, var sign]:
                End(endpoint, sign == '+');
                break;
        }
    }

    private void Retarget(IEnumerable<(EndpointKey, bool?)> targets) => Health = Health.Retarget([.. targets], DateTimeOffset.UnixEpoch + _now);

    private void End(char endpoint, bool isPassed)
    {
        if (StateOf(endpoint) is null)
            DoOne($"!{endpoint}");
        if (!_begun.Remove(endpoint, out TimeSpan began))
            began = _now;
        _now += TimeSpan.FromTicks(1);
        ProbeOutcome outcome = isPassed ? new ProbeOutcome.Success(200) : new ProbeOutcome.BadStatus(503);
        var ran = new CheckSpan(began, _now);
        Health = Health.With(KeyOf(endpoint), HealthPolicy.Next(StateOf(endpoint)!, outcome, thresholds, DateTimeOffset.UnixEpoch + _now) with { Ran = ran });
        History.Add((endpoint, isPassed, ran));
    }

    private static char NameOf(EndpointKey endpoint) => endpoint.Service.Name[0];

    private static EndpointKey KeyOf(char endpoint) => new(new ObjectKey("monitoring", endpoint.ToString()), 80);
}
