namespace DynamicToolset.HealthCheck;

/// <summary>When a check took place, by a monotonic clock that never gives the same moment twice: what began after an end has a greater time.</summary>
/// <param name="Began">With its first attempt.</param>
/// <param name="Ended">When its outcome was known.</param>
public readonly record struct CheckSpan(TimeSpan Began, TimeSpan Ended);
