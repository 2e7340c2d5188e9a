using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>What a probe asks: one GET of <see cref="Path"/> at <see cref="Endpoint"/>.</summary>
/// <param name="Path">Starts with <c>/</c>; not relative to the endpoint's own path.</param>
/// <param name="Accepts">The answers that are healthy; 401 and 403 among them where wanting credentials is.</param>
public sealed record HealthCheckTarget(EndpointUrl Endpoint, string Path, AcceptedStatuses Accepts);
