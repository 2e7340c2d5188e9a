using DynamicToolset.Discovery;

namespace DynamicToolset.HealthCheck;

/// <summary>What a probe asks: one GET of <see cref="Path"/> at <see cref="Endpoint"/>.</summary>
/// <param name="Path">Starts with <c>/</c>; not relative to the endpoint's own path.</param>
/// <param name="AcceptsUnauthorized">True where 401 and 403 mean "reachable, wants credentials", which is healthy.</param>
public sealed record HealthCheckTarget(EndpointUrl Endpoint, string Path, bool AcceptsUnauthorized);
