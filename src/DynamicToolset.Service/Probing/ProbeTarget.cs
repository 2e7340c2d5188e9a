using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>One endpoint to keep an eye on.</summary>
/// <param name="ServiceType">For example <c>prometheus</c>; for logs and metrics.</param>
/// <param name="Service">The Service that the endpoint belongs to.</param>
/// <param name="Target">How it is asked; where that changes, it is checked at once.</param>
/// <param name="Version">The Service's resourceVersion: when it changes, the endpoint is checked at once.</param>
/// <param name="AssumeHealthy">True where the endpoint stands in the ConfigMap already.</param>
public sealed record ProbeTarget(HealthCheckTarget Target, string ServiceType, ObjectKey Service, string Version, bool AssumeHealthy)
{
    /// <summary>What its health is known by.</summary>
    public EndpointKey Endpoint => new(Service, Target.Endpoint.Port);
}
