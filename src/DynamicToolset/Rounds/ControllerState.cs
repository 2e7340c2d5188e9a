using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Identification;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;

namespace DynamicToolset.Rounds;

/// <summary>Everything that a round was decided by, and what came of it; replaced whole.</summary>
/// <param name="Observed">The ConfigMap after the round; null if there is none.</param>
/// <param name="WasThere">True where there was one, in this program's time.</param>
/// <param name="LastWrite">Null before the first.</param>
/// <param name="Refusal">Why nothing is written although something differs; null where nothing differs.</param>
/// <param name="Owner">What is known of the Deployment that should own it.</param>
/// <param name="OwnerWarning">Why the owner of the ConfigMap is not as it should be, or not known; null where nothing is wrong.</param>
/// <param name="Fights">What somebody else keeps undoing.</param>
/// <param name="IsConverged">True where every endpoint was asked at least once and the ConfigMap says what it should.</param>
/// <param name="Leadership">A follower tells nobody but those who ask it.</param>
public sealed record ControllerState(
    DateTimeOffset AsOf,
    RuleState Rules,
    DetectedServices Detected,
    JudgedHealth Health,
    OverrideState Overrides,
    PipelineResult Result,
    ConfigMapRecord? Observed,
    bool WasThere,
    ConfigMapWrite? LastWrite,
    ConfigMapPlan.Refuse? Refusal,
    OwnerState Owner,
    OwnerWarning? OwnerWarning,
    ImmutableArray<Fight> Fights,
    bool IsConverged,
    Leadership Leadership)
{
    public CapabilityLines Lines { get; init; } = CapabilityLines.None;

    public IdentityTable Identities { get; init; } = IdentityTable.Unneeded;

    /// <summary>Where HolmesGPT will get nothing out of what answers, and what mends it.</summary>
    public ImmutableArray<Shortfall> Shortfalls => Result.Shortfalls(s =>
        s.Check is { } check ? VerdictOf(new EndpointKey(s.Key, check.Endpoint.Port)) : null);

    /// <summary>What HolmesGPT will meet at an endpoint by its last check and the last visit; null where nothing is known of it.</summary>
    public QuestionVerdict? VerdictOf(EndpointKey endpoint) =>
        QuestionVerdicts.WithHealth(
            Health.Checks.Find(endpoint) is { Status: HealthStatus.Healthy, WantsCredentials: true }, Identities.VerdictOf(endpoint));

    /// <inheritdoc cref="VerdictOf(EndpointKey)"/>
    /// <param name="unverified">Services whose certificates nobody verifies.</param>
    public QuestionVerdict? VerdictOf(Detection.Matched detection, IReadOnlySet<ObjectKey> unverified) =>
        VerdictOf(detection.EndpointKey).WithCertificate(isVerified: !unverified.Contains(detection.Service.Key));

    /// <inheritdoc cref="RoundMemory.Forms"/>
    public ImmutableDictionary<EndpointKey, EndpointForm> Forms { get; init; } = ImmutableDictionary<EndpointKey, EndpointForm>.Empty;

    /// <summary>Something healthy is about to say for the first time what it is.</summary>
    public bool IsAnswerDue { get; init; }

    public Sightings Sightings { get; init; } = Sightings.None;

    /// <summary>What the round came to: the step that it took, or would have as a leader.</summary>
    public ConfigMapPlan Step { get; init; } = new ConfigMapPlan.None();

    /// <summary>What is not done since it takes away most of what is there; null where that is not so, or the first checks are still under way.</summary>
    public ConfigMapPlan? HeldRemoval { get; init; }
}
