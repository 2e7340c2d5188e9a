using DynamicToolset.Sandbox.Http;

namespace DynamicToolset.Sandbox;

/// <summary>How a simulated API server is started.</summary>
public sealed record KubeSimOptions : ApiServerOptions
{
    /// <summary>The TCP port on 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>The bearer token that requests must carry; null for a random one.</summary>
    public string? Token { get; init; }

    /// <summary>Serve HTTPS with a certificate of its own. Without it the Kubernetes clients in Go, kubectl too, leave the token out and
    /// are refused.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>The seed of uids, generated names, cluster IPs and node ports.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Changes that can be watched and listed again; older resource versions are expired.</summary>
    public int HistoryLimit { get; init; } = 10_000;
}
