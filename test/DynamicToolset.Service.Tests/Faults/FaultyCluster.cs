using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Faults;

/// <summary>A real API server with three backends, an admin's overrides, and the published service as it is installed for high availability.</summary>
internal static class FaultyCluster
{
    public const string Kubernetes = "kubernetes-toolset.yaml";
    public const string Prometheus = "prometheus-toolset.yaml";
    public const string Grafana = "grafana-toolset.yaml";
    public const string OverridesKey = "overrides.yaml";

    /// <summary>No writer of YAML would give these bytes back as they are.</summary>
    public const string AdminText =
        "# ours:\ttwo minutes\r\nprometheus:\r\n  config:\r\n    timeout: 120s\t# not 30\r\n\r\n# \u00e9 \U0001F600 no newline at the end";

    private const string Shop = "shop-toolset.yaml";

    /// <summary>The defaults, where tests have others.</summary>
    private static readonly (string Name, string Value)[] AsInstalled =
    [
        ("POD_NAME", "replica"),
        ("LEADER_ELECTION_ENABLED", "true"),
        ("DISCOVERY_INTERVAL", "5m"),
        ("RECONCILIATION_INTERVAL", "30s"),
        ("HEALTH_CHECK_INTERVAL", "30s"),
        ("HEALTH_CHECK_RETRY_INTERVAL", "1s"),
    ];

    /// <summary>A server for one test. Skips the test where something is missing that it needs, except in CI.</summary>
    public static Task<RealServer> OwnServerAsync(bool controllers = false)
    {
        // First: an API server takes seconds to start.
        PublishedProgram.DeployedPath();
        return RealServerFixture.OwnAsync(controllers);
    }

    /// <summary>Returns when the ConfigMap is as it should be.</summary>
    public static async Task<DeployedService> InstallAsync(IApiServer server)
    {
        DeployedService service = await DeployedService.InstallAsync(server);
        service.AnswerRightly();
        await service.AddAsync("prometheus");
        await service.AddAsync("grafana");
        await service.AddAsync("orders", "{ kubernaut.io/toolset: 'true', kubernaut.io/toolset-type: custom, kubernaut.io/toolset-name: shop }");
        service.RunAsInstalled();
        await service.HasKeysAsync(Kubernetes, Prometheus, Grafana, Shop);
        await service.SetDataAsync(OverridesKey, AdminText);
        await service.HasAsync(Prometheus, "timeout: \"120s\"");
        return service;
    }

    public static void RunAsInstalled(this DeployedService service) => service.Run(AsInstalled);

    /// <summary>Returns when the next one leads.</summary>
    public static async Task RestartAsync(this DeployedService service)
    {
        Assert.Equal(0, await service.StopAsync());
        service.RunAsInstalled();
        await service.Program.LineAsync("\"msg\":\"ConfigMap fenced\"");
    }
}
