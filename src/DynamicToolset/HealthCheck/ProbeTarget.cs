using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>One endpoint to keep an eye on.</summary>
/// <param name="Target">How it is asked; where that changes, it is checked at once.</param>
/// <param name="ServiceType">For example <c>prometheus</c>; for logs and metrics.</param>
/// <param name="Service">The Service that the endpoint belongs to.</param>
/// <param name="Version">The Service's resourceVersion: when it changes, the endpoint is checked at once.</param>
/// <param name="InPlace">
/// Whether another replica, or an earlier run, has put it into the ConfigMap; null where this replica alone says what is in there.
/// </param>
public sealed record ProbeTarget(HealthCheckTarget Target, string ServiceType, ObjectKey Service, string Version, bool? InPlace)
{
    /// <summary>What its health is known by.</summary>
    public EndpointKey Endpoint => new(Service, Target.Endpoint.Port);
}
