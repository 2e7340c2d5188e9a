namespace DynamicToolset.Kubernetes.Client;

/// <summary>The few things about a client that are not the connection.</summary>
public sealed record KubeApiClientOptions
{
    /// <summary>Sent as <c>User-Agent</c>; it is what the audit log of the API server shows.</summary>
    public string UserAgent { get; init; } = $"dynamic-toolset/{typeof(KubeApiClientOptions).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>For a whole request, body included; for a watch until it is accepted.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Items asked for at a time.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>
    /// Called after every request with the RBAC verb, the resource and the status code (0: no answer). Must not throw; several may call at once.
    /// </summary>
    public Action<string, string, int>? OnRequest { get; init; }
}
