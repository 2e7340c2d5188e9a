namespace DynamicToolset.HealthCheck;

/// <summary>How the health of a type's backends is asked.</summary>
/// <param name="Path">Starts with <c>/</c>.</param>
public sealed record HealthCheckSpec(string Path, AcceptedStatuses Accepts);
