using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>One check that has ended, for metrics, spans and history.</summary>
/// <param name="StartedAt">A check says nothing about what happened after it began.</param>
/// <param name="Duration">With all attempts, the pauses between them and what they waited for a slot.</param>
/// <param name="Attempts">At least 1.</param>
/// <param name="IsNews">Whether it wakes a round.</param>
public sealed record CompletedCheck(ProbeTarget Target, ProbeOutcome Outcome, DateTimeOffset StartedAt, TimeSpan Duration, int Attempts, bool IsNews)
{
    /// <summary>The way of which the outcome is.</summary>
    public HealthCheckTarget Asked { get; init; } = Target.Target;
}
