using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>What is known of one endpoint.</summary>
/// <param name="Streak">How many checks in a row ended as the last one did: passed, or failed for whatever reason. 0 before the first.</param>
/// <param name="Since">When <paramref name="Status"/> took this value.</param>
/// <param name="Last">What the last check found; null before the first.</param>
/// <param name="LastChecked">When the last check ended; null before the first.</param>
public sealed record HealthState(HealthStatus Status, int Streak, DateTimeOffset Since, ProbeOutcome? Last, DateTimeOffset? LastChecked)
{
    /// <summary>When the check took place that <see cref="Last"/> is of; nothing before the first.</summary>
    public CheckSpan Ran { get; init; }

    /// <summary>Why the last check said nothing of the backend, and what to do; null where it did. All else is what earlier checks said.</summary>
    public string? Obstacle { get; init; }

    /// <summary>The last check that passed met a backend that wants credentials.</summary>
    public bool WantsCredentials { get; init; }

    /// <summary>The last checks, the newest last; see <see cref="CheckHistory"/>.</summary>
    public ImmutableArray<CheckRecord> History { get; init; } = [];

    /// <summary>The form that worked last, in which it is asked first; null where that is the one that its Service shows.</summary>
    public EndpointForm? Form { get; init; }

    /// <summary>The last <see cref="ProbeTarget.Told"/>.</summary>
    public EndpointForm? Told { get; init; }

    /// <summary>What was tried besides since <see cref="Form"/> fails, the last time; null where nothing was, or it passes.</summary>
    public OtherWay? Tried { get; init; }

    /// <summary>Healthy without a check: it stood in the ConfigMap already, or checks are switched off.</summary>
    public bool IsAssumed => Status == HealthStatus.Healthy && Last is null;

    public HealthVerdict Verdict => new(Status, WasChecked: Last is not null, IsObstructed: Obstacle is not null, WantsCredentials) { Form = Form };

    public static HealthState New(DateTimeOffset now) => new(HealthStatus.Unknown, 0, now, null, null);

    /// <summary>
    /// The start of an endpoint that a predecessor found healthy: a restart or a new leader must not take its toolset away before
    /// a check of its own has ended.
    /// </summary>
    public static HealthState Assumed(DateTimeOffset now) => new(HealthStatus.Healthy, 0, now, null, null);
}
