using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Cli;

/// <summary>What checks found, and before them what the ConfigMap says of forms.</summary>
/// <param name="Outcomes">One for each target; two Services may share one.</param>
/// <param name="Identities">Of those that told.</param>
internal sealed record CheckedEndpoints(
    ImmutableDictionary<HealthCheckTarget, ProbeOutcome> Outcomes, ImmutableDictionary<EndpointKey, BackendIdentity> Identities)
{
    private ImmutableDictionary<EndpointKey, EndpointForm> Forms { get; init; } = ImmutableDictionary<EndpointKey, EndpointForm>.Empty;

    /// <summary>What was tried besides at those that did not pass.</summary>
    public ImmutableDictionary<EndpointKey, OtherWay> Tried { get; private init; } = ImmutableDictionary<EndpointKey, OtherWay>.Empty;

    /// <summary>Before any check: a URL that stands in the ConfigMap is the one that worked.</summary>
    public static CheckedEndpoints In(PresentToolsets present) =>
        new(ImmutableDictionary<HealthCheckTarget, ProbeOutcome>.Empty, ImmutableDictionary<EndpointKey, BackendIdentity>.Empty)
        {
            Forms = present.Forms.ToImmutableDictionary(),
        };

    /// <summary>What answered; null where it did not tell.</summary>
    public BackendIdentity? Find(EndpointKey endpoint) => Identities.GetValueOrDefault(endpoint);

    /// <summary>In which form it is known to answer; null where that is the one that its Service shows, or nobody knows.</summary>
    public EndpointForm? FormOf(EndpointKey endpoint) => Forms.TryGetValue(endpoint, out EndpointForm form) ? form : null;

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
