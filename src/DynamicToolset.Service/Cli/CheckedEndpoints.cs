using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Identification;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Cli;

/// <summary>What checks and visits found, and before them what the ConfigMap says of forms.</summary>
/// <param name="Outcomes">One for each target; two Services may share one.</param>
/// <param name="Identities">Of those that told what they are.</param>
internal sealed record CheckedEndpoints(
    ImmutableDictionary<HealthCheckTarget, ProbeOutcome> Outcomes, ImmutableDictionary<EndpointKey, BackendIdentity> Identities)
{
    private ImmutableDictionary<EndpointKey, Inquiry> _visits = ImmutableDictionary<EndpointKey, Inquiry>.Empty;

    private ImmutableDictionary<EndpointKey, EndpointForm> Forms { get; init; } = ImmutableDictionary<EndpointKey, EndpointForm>.Empty;

    /// <summary>What was tried besides at those that did not pass.</summary>
    public ImmutableDictionary<EndpointKey, OtherWay> Tried { get; private init; } = ImmutableDictionary<EndpointKey, OtherWay>.Empty;

    /// <summary>What those say of themselves that told.</summary>
    public ImmutableDictionary<EndpointKey, CapabilityLine> Lines { get; private init; } = ImmutableDictionary<EndpointKey, CapabilityLine>.Empty;

    /// <summary>Before any check: a URL in the ConfigMap is the one that worked, and its type is what answered.</summary>
    /// <param name="detect">What the Services are, with what is known so far.</param>
    public static CheckedEndpoints In(PresentToolsets present, RuleSet rules, Func<CheckedEndpoints, IEnumerable<Detection>> detect)
    {
        CheckedEndpoints asWritten = new(ImmutableDictionary<HealthCheckTarget, ProbeOutcome>.Empty, ImmutableDictionary<EndpointKey, BackendIdentity>.Empty)
        {
            Forms = present.Forms.ToImmutableDictionary(),
        };
        return asWritten with { Identities = present.AnswersOf(detect(asWritten).OfType<Detection.Matched>(), rules).ToImmutableDictionary() };
    }

    /// <summary>What answered; null where it did not tell.</summary>
    public BackendIdentity? Find(EndpointKey endpoint) => Identities.GetValueOrDefault(endpoint);

    /// <summary>The form of URL in which it is known to answer; null if it is the one that its Service shows, or unknown.</summary>
    public EndpointForm? FormOf(EndpointKey endpoint) => Forms.TryGetValue(endpoint, out EndpointForm form) ? form : null;

    /// <summary>It is healthy. Checking it once is enough: its product does not change the check.</summary>
    public bool IsWorthAVisit(Detection.Matched found) =>
        Outcomes.GetValueOrDefault(found.Health) is { IsSuccess: true } && !_visits.ContainsKey(found.EndpointKey);

    /// <summary>What HolmesGPT will meet; null where nothing is known of it.</summary>
    public QuestionVerdict? VerdictOf(EndpointKey endpoint, HealthCheckTarget check) => QuestionVerdicts.WithHealth(
        Outcomes.GetValueOrDefault(check) is ProbeOutcome.WantsCredentials, _visits.GetValueOrDefault(endpoint)?.Found.Verdict);

    /// <summary>Where HolmesGPT will get nothing out of what answers, and what mends it.</summary>
    public ImmutableArray<Shortfall> Shortfalls(PipelineResult result) =>
        result.Shortfalls(s => s.Check is { } check ? VerdictOf(new EndpointKey(s.Key, check.Endpoint.Port), check) : null);

    public CheckedEndpoints With(IEnumerable<Inquiry> visits)
    {
        ImmutableArray<Inquiry> all = [.. visits];
        return this with
        {
            Identities = Identities.SetItems(all.Where(v => v.Found.Identity is not null).Select(v => KeyValuePair.Create(v.Target.Key, v.Found.Identity!))),
            Lines = Lines.SetItems(all.Where(v => v.Found.Says is not null).Select(v => KeyValuePair.Create(v.Target.Key, v.Found.Says!))),
            _visits = _visits.SetItems(all.Select(v => KeyValuePair.Create(v.Target.Key, v))),
        };
    }

    /// <param name="table">After these checks, and of nothing else.</param>
    public CheckedEndpoints With(IEnumerable<CompletedCheck> checks, HealthTable table)
    {
        ImmutableDictionary<EndpointKey, EndpointForm> forms = Forms.RemoveRange(table.States.Select(s => s.Key)).SetItems(table.Forms);
        return this with
        {
            // Two Services may share a target.
            Outcomes = Outcomes.SetItems(checks.Select(c => KeyValuePair.Create(c.Asked, c.Outcome))),
            Forms = forms,
            Tried = Tried.SetItems(table.States.Where(s => s.Value.Tried is not null).Select(s => KeyValuePair.Create(s.Key, s.Value.Tried!))),
        };
    }
}
