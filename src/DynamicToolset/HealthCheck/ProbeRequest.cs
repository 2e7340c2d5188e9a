using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>One GET; of an endpoint that does not speak HTTP a connection, over which nothing is sent.</summary>
/// <param name="Path">Starts with <c>/</c>, and may have a query; not relative to the endpoint's own path. Empty for a connection.</param>
/// <param name="MostBodyBytes">So much of the body has to arrive, where there is so much; what follows is not read.</param>
/// <param name="Timeout">From the name's resolution to the last byte read. Greater than zero.</param>
public sealed record ProbeRequest(EndpointUrl Endpoint, string Path, int MostBodyBytes, TimeSpan Timeout)
{
    /// <summary>The headers of the answer that are wanted beside its type and where it leads.</summary>
    public ImmutableArray<string> Headers { get; init; } = [];

    /// <summary>The file with the token for a second request, where the first is answered 401 or 403; null for none.</summary>
    public string? TokenFile { get; init; }
}
