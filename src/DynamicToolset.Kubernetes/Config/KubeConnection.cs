namespace DynamicToolset.Kubernetes.Config;

/// <summary>Where the API server is and how to talk to it; made by <see cref="KubeConnectionResolver"/>.</summary>
public sealed record KubeConnection
{
    /// <summary>The URL that all paths are appended to; it may have a path of its own.</summary>
    public required Uri Server { get; init; }

    public KubeTls Tls { get; init; } = new();

    public KubeCredentials Credentials { get; init; } = new KubeCredentials.None();

    /// <summary><c>http</c>, <c>https</c> or <c>socks5</c>; null connects directly.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>What answers, or fails to, for messages: the server, and the proxy without its credentials.</summary>
    internal string Route => Proxy is null ? Server.ToString() : $"{Server} (through the proxy {Proxy.Scheme}://{Proxy.Authority})";

    /// <summary>The namespace of the context, or of the pod.</summary>
    public string DefaultNamespace { get; init; } = "default";

    public bool IsInCluster { get; init; }

    /// <summary>What it was made from, for people: <c>in-cluster</c>, or a file and a context.</summary>
    public string Origin { get; init; } = "";
}
