using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Bench.Clusters;

/// <summary>An API server with the rights of <c>deploy/base</c>, Services, and backends on loopback.</summary>
internal interface ICluster : IAsyncDisposable
{
    /// <summary>The Services that it started with.</summary>
    ClusterContent Content { get; }

    /// <summary>A client with every right.</summary>
    HttpClient Admin { get; }

    /// <summary>The same for a client of the product's kind.</summary>
    KubeConnection AdminConnection { get; }

    /// <summary>A file that leads here as the service's own ServiceAccount, with nothing but its rights.</summary>
    string Kubeconfig { get; }

    /// <summary>Where the backend of every Service is answered: <c>address:port</c>.</summary>
    string BackendAddress { get; }

    /// <summary>What the service has asked for until now; a watch as soon as it has begun.</summary>
    IReadOnlyList<KubeRequest> Requests { get; }

    /// <summary>Somebody's merge patch of a Service, in the way that costs least of what is measured.</summary>
    /// <exception cref="HttpRequestException">The API server did not take it.</exception>
    Task ChangeAsync(ObjectKey service, JsonObject patch, CancellationToken stop);

    /// <summary>Of a ServiceAccount that may read the API of the service.</summary>
    Task<string> IssueReaderTokenAsync(int number, CancellationToken stop);
}

/// <param name="Verb">As in RBAC.</param>
/// <param name="Resource">The plural name; empty for a path that is none.</param>
internal readonly record struct KubeRequest(string Verb, string Resource);
