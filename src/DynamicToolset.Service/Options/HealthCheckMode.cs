namespace DynamicToolset.Service.Options;

/// <summary>The way health checks take.</summary>
public enum HealthCheckMode
{
    /// <summary><see cref="Direct"/> in a cluster, <see cref="ApiServerProxy"/> outside of one.</summary>
    Auto,

    /// <summary>Straight to the Service.</summary>
    Direct,

    /// <summary>Through the API server's <c>services/…/proxy</c>.</summary>
    ApiServerProxy,
}
