using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Rules;

namespace DynamicToolset.Service.Explaining;

/// <summary>What checks say of Services that are explained.</summary>
/// <param name="Outcomes">Of the checks that were made.</param>
/// <param name="Shortfalls">Where HolmesGPT will get nothing out of what answers.</param>
internal sealed record ExplainedHealth(
    ImmutableDictionary<HealthCheckTarget, ProbeOutcome> Outcomes, ImmutableDictionary<ObjectKey, Shortfall> Shortfalls)
{
    /// <summary>What backends answered when they were asked what they are.</summary>
    public ImmutableDictionary<EndpointKey, BackendIdentity> Identities { get; init; } = ImmutableDictionary<EndpointKey, BackendIdentity>.Empty;

    /// <summary>What backends say of themselves.</summary>
    public ImmutableDictionary<EndpointKey, CapabilityLine> Lines { get; init; } = ImmutableDictionary<EndpointKey, CapabilityLine>.Empty;

    /// <summary>Null where it did not tell, or told nothing that may be shown.</summary>
    public string? SaysOf(Detection detection) =>
        detection is Detection.Matched match && Lines.GetValueOrDefault(match.EndpointKey) is { Text: { Length: > 0 } text } ? text : null;

    /// <summary>What backends answered to what HolmesGPT will ask.</summary>
    public Func<Detection.Matched, QuestionVerdict?> VerdictOf { get; init; } = static _ => null;

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
        new(ImmutableDictionary<HealthCheckTarget, ProbeOutcome>.Empty, ImmutableDictionary<ObjectKey, Shortfall>.Empty);

    /// <summary>Null where it was not checked.</summary>
    public ProbeOutcome? Of(Detection.Matched found) => Outcomes.GetValueOrDefault(found.Health);

    /// <summary>Null where HolmesGPT lacks nothing, as far as is known.</summary>
    public Shortfall? ShortfallOf(Detection.Matched found) => Shortfalls.GetValueOrDefault(found.Service.Key);

    /// <summary>Null where nothing is known of what HolmesGPT will meet.</summary>
    public ExplainedQuestion? QuestionOf(Detection.Matched found) => VerdictOf(found) is { } verdict
        ? ExplainedQuestion.Of(verdict, ShortfallOf(found))
        : null;

    /// <inheritdoc cref="Of"/>
    public ExplainedCheck? CheckOf(Detection.Matched found)
    {
        if (Of(found) is not { } outcome)
            return null;
        Shortfall? shortfall = outcome is ProbeOutcome.WantsCredentials ? ShortfallOf(found) : null;
        return new ExplainedCheck(outcome.Advice is null ? outcome.IsSuccess : null, outcome.Reason, outcome.StatusCode, shortfall?.Override)
        {
            Tried = TriedAt(found),
        };
    }

    /// <summary>What was tried besides and what came of it, for a person; null where nothing was.</summary>
    public string? TriedAt(Detection.Matched found) =>
        Tried.GetValueOrDefault(found.EndpointKey) is { } tried ? ExplanationWords.Of(tried) : null;
}
