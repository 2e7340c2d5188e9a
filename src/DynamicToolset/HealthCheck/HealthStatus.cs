namespace DynamicToolset.HealthCheck;

/// <summary>What is believed of an endpoint. Only <see cref="Healthy"/> ones become toolsets.</summary>
public enum HealthStatus
{
    /// <summary>No check has ended yet, or too few of them passed.</summary>
    Unknown,
    Healthy,
    Unhealthy,
}
