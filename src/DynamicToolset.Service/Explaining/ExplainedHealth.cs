using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Rules;

namespace DynamicToolset.Service.Explaining;

/// <summary>What checks say of Services that are explained.</summary>
/// <param name="Outcomes">Of the checks that were made.</param>
/// <param name="Missing">Credentials that backends want and HolmesGPT is not given.</param>
internal sealed record ExplainedHealth(
    ImmutableDictionary<HealthCheckTarget, ProbeOutcome> Outcomes, ImmutableDictionary<ObjectKey, MissingCredentials> Missing)
{
    /// <summary>What backends answered when they were asked what they are.</summary>
    public ImmutableDictionary<EndpointKey, BackendIdentity> Identities { get; init; } = ImmutableDictionary<EndpointKey, BackendIdentity>.Empty;

    /// <summary>What was tried besides at those that did not pass.</summary>
    public ImmutableDictionary<EndpointKey, OtherWay> Tried { get; init; } = ImmutableDictionary<EndpointKey, OtherWay>.Empty;

    /// <summary>Null where it did not tell, or was not asked.</summary>
    public BackendIdentity? IdentityOf(Detection detection) => detection switch
    {
        Detection.Matched match => Identities.GetValueOrDefault(match.EndpointKey),
        Detection.Contradicted contradicted => contradicted.Identity,
        _ => null,
    };

    public static ExplainedHealth Unasked { get; } =
        new(ImmutableDictionary<HealthCheckTarget, ProbeOutcome>.Empty, ImmutableDictionary<ObjectKey, MissingCredentials>.Empty);

    /// <summary>Null where it was not checked.</summary>
    public ProbeOutcome? Of(Detection.Matched found) => Outcomes.GetValueOrDefault(found.Health);

    /// <summary>Null where HolmesGPT lacks none, as far as is known.</summary>
    public MissingCredentials? MissingOf(Detection.Matched found) => Missing.GetValueOrDefault(found.Service.Key);

    /// <inheritdoc cref="Of"/>
    public ExplainedCheck? CheckOf(Detection.Matched found) => Of(found) is { } outcome
        ? new ExplainedCheck(outcome.Advice is null ? outcome.IsSuccess : null, outcome.Reason, outcome.StatusCode, MissingOf(found)?.Override)
        {
            Tried = TriedAt(found),
        }
        : null;

    /// <summary>What was tried besides and what came of it, for a person; null where nothing was.</summary>
    public string? TriedAt(Detection.Matched found) =>
        Tried.GetValueOrDefault(found.EndpointKey) is { } tried ? ExplanationWords.Of(tried) : null;
}
