using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Bench.Clusters;

/// <summary>An API server with the rights of <c>deploy/base</c>, Services, and backends on loopback.</summary>
internal interface ICluster : IAsyncDisposable
{
    /// <summary>A client with every right.</summary>
    HttpClient Admin { get; }

    /// <summary>The same for a client of the product's kind.</summary>
    KubeConnection AdminConnection { get; }

    /// <summary>A file that leads here as the service's own ServiceAccount, with nothing but its rights.</summary>
    string Kubeconfig { get; }

    /// <summary>Where the backend of every Service is answered: <c>address:port</c>.</summary>
    string BackendAddress { get; }
}
