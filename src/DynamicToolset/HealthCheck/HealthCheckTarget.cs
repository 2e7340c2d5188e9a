using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>How an endpoint is asked for its health: one GET of <see cref="Path"/> at <see cref="Endpoint"/>, or nothing but a connection.</summary>
/// <param name="Path">Starts with <c>/</c>; not relative to the endpoint's own path. Empty where the endpoint does not speak HTTP.</param>
/// <param name="Accepts">The answers that are healthy.</param>
public sealed record HealthCheckTarget(EndpointUrl Endpoint, string Path, AcceptedStatuses Accepts)
{
    /// <summary>The body says nothing about health, but a backend that falls silent after its headers is not well.</summary>
    private const int MostBodyBytes = 1024;

    /// <summary>The request.</summary>
    public string Url => $"{Endpoint.Scheme}://{Endpoint.Host}:{Endpoint.Port}{Path}";

    /// <summary>What is done, for a person: <c>GET http://…</c>, or <c>connect tcp://…</c>.</summary>
    public string Action => $"{(Endpoint.IsTcp ? "connect" : "GET")} {Url}";

    public ProbeRequest Request(TimeSpan timeout) => new(Endpoint, Path, MostBodyBytes, timeout);
}
