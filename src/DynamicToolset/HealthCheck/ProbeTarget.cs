using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>One endpoint to keep an eye on.</summary>
/// <param name="Target">How it is asked before anything is known of it.</param>
/// <param name="ServiceType">For example <c>prometheus</c>; for logs and metrics.</param>
/// <param name="Service">The Service that the endpoint belongs to.</param>
/// <param name="Version">The Service's resourceVersion: when it changes, the endpoint is checked at once.</param>
/// <param name="InPlace">
/// Whether another replica, or an earlier run, has put it into the ConfigMap; null where this replica alone says what is in there.
/// </param>
public sealed record ProbeTarget(HealthCheckTarget Target, string ServiceType, ObjectKey Service, string Version, bool? InPlace)
{
    /// <summary>How it may be asked besides.</summary>
    public CheckWays Ways { get => field ?? new CheckWays(Target); init; }

    /// <summary>
    /// The form in which another replica, or an earlier run, has put it into the ConfigMap, or in which it was known before it was a target; null where the
    /// checks alone say. Each one counts once, until checks say otherwise.
    /// </summary>
    public EndpointForm? Told { get; init; }

    /// <summary>What its health is known by.</summary>
    public EndpointKey Endpoint => new(Service, Target.Endpoint.Port);
}
