using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>The part of a <see cref="HealthState"/> that decisions rest on.</summary>
/// <param name="WasChecked">False until a check of our own has ended: the status is assumed, or unknown.</param>
/// <param name="IsObstructed">The last check said nothing of the backend, by a fault of this side.</param>
/// <param name="WantsCredentials">The last check that passed met a backend that wants credentials: nothing is decided by it, and people are told.</param>
public readonly record struct HealthVerdict(HealthStatus Status, bool WasChecked, bool IsObstructed = false, bool WantsCredentials = false)
{
    /// <inheritdoc cref="HealthState.Form"/>
    public EndpointForm? Form { get; init; }
}
