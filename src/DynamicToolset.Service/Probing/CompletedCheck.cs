using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>One check that has ended, for metrics and history.</summary>
/// <param name="StartedAt">A check says nothing about what happened after it began.</param>
/// <param name="Duration">With all attempts, the pauses between them and what they waited for a slot.</param>
public sealed record CompletedCheck(ProbeTarget Target, ProbeOutcome Outcome, DateTimeOffset StartedAt, TimeSpan Duration);
