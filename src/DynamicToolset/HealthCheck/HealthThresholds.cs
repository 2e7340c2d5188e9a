namespace DynamicToolset.HealthCheck;

/// <summary>How many checks in a row change what is believed of an endpoint; both at least 1.</summary>
/// <param name="Unhealthy">Failed checks until a healthy endpoint is unhealthy.</param>
/// <param name="Healthy">Passed checks until any other endpoint is healthy.</param>
public sealed record HealthThresholds(int Unhealthy = 2, int Healthy = 1);
