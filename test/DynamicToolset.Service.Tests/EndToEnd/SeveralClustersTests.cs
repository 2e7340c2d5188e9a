using System.Text.Json.Nodes;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>What <c>docs/several-clusters.md</c> says: a service for each cluster, and neither knows of the other.</summary>
public sealed class SeveralClustersTests(SeveralClustersTests.Fixture clusters) : IClassFixture<SeveralClustersTests.Fixture>, IAsyncLifetime
{
    private const string Kubernetes = "kubernetes-toolset.yaml";
    private const string Prometheus = "prometheus-toolset.yaml";
    private const string Grafana = "grafana-toolset.yaml";
    private const string Overrides = "overrides.yaml";

    private DeployedService East => clusters.East!;

    private DeployedService West => clusters.West!;

    public async ValueTask InitializeAsync() => await clusters.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Services_ConfigMap_Lease_and_metrics_are_each_cluster_s_own_and_so_is_its_outage()
    {
        Assert.StartsWith("east_", await HolderAsync(East), StringComparison.Ordinal);
        Assert.StartsWith("west_", await HolderAsync(West), StringComparison.Ordinal);
        Assert.Equal((1, 0), await DiscoveredAsync(East));
        Assert.Equal((0, 1), await DiscoveredAsync(West));

        string token = await East.TokenAsync(DeployedService.Account);
        Assert.Equal((200, 401), (await East.AskApiAsync("/api/v1/status", token), await West.AskApiAsync("/api/v1/status", token)));

        string before = await VersionAsync(West);
        await East.SetDataAsync(Overrides, "prometheus: {enabled: false}\n");
        await East.HasAsync(Prometheus, "enabled: false");
        await East.ConfigMapAsync("delete");
        await East.Program.LineAsync("\"msg\":\"ConfigMap recreated\"");
        await East.HasKeysAsync(Kubernetes, Prometheus, Overrides);
        await West.DiscoverAsync();
        Assert.Equal(before, await VersionAsync(West));

        await clusters.Eastern!.StopStoreAsync();
        await East.Program.LineAsync("\"msg\":\"Lost leader election\"");
        await West.SetDataAsync(Grafana, "toolset: mine");
        await West.HasAsync(Grafana, "url: \"http://grafana.monitoring:3000\"");
        Assert.DoesNotContain(West.Program.Output, line => line.Contains("Lost leader election", StringComparison.Ordinal));
        await clusters.Eastern.ContinueStoreAsync();
        await East.HasKeysAsync(Kubernetes, Prometheus, Overrides);
    }

    [Fact]
    public async Task Of_one_kubeconfig_with_a_context_for_each_the_one_that_is_named_is_read_and_nothing_is_written()
    {
        using var folder = new TestFolder();
        string kubeconfig = folder.Write("config", await MergedAsync());
        string before = await VersionAsync(West);
        foreach ((string context, string there, string elsewhere) in ((string, string, string)[])[("east", Prometheus, Grafana), ("west", Grafana, Prometheus)])
        {
            (int code, string output, string error) = await PublishedProgram.RunDeployedAsync([("KUBECONFIG", kubeconfig)], "generate", "--context", context);
            Assert.True(code == 0, error);
            Assert.Contains(there, output, StringComparison.Ordinal);
            Assert.DoesNotContain(elsewhere, output, StringComparison.Ordinal);
            (code, output, error) = await PublishedProgram.RunDeployedAsync([("KUBECONFIG", kubeconfig), ("KUBE_CONTEXT", context)], "diff");
            Assert.True(code == 0, output + error);
        }

        Assert.Equal(before, await VersionAsync(West));
    }

    /// <summary>As <c>kubectl config view --flatten</c> merges two files, the present context being that of the first.</summary>
    private async Task<string> MergedAsync()
    {
        JsonObject merged = await NamedAsync(East, "east");
        JsonObject second = await NamedAsync(West, "west");
        foreach (string list in (string[])["clusters", "users", "contexts"])
            merged[list]!.AsArray().Add(second[list]![0]!.DeepClone());
        return merged.ToJsonString();
    }

    private static async Task<JsonObject> NamedAsync(DeployedService service, string name)
    {
        JsonNode config = JsonNode.Parse(await service.Kubectl.RunAsync("config", "view", "--raw", "-o", "json"))!;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = name,
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = name, ["cluster"] = config["clusters"]![0]!["cluster"]!.DeepClone() }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = name, ["user"] = config["users"]![0]!["user"]!.DeepClone() }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = name, ["context"] = new JsonObject { ["cluster"] = name, ["user"] = name } }),
        };
    }

    private static Task<string> HolderAsync(DeployedService service) =>
        service.Kubectl.RunAsync("get", "lease", "dynamic-toolset-leader", "-n", DeployedService.Namespace, "-o", "jsonpath={.spec.holderIdentity}");

    private static async Task<(double Prometheus, double Grafana)> DiscoveredAsync(DeployedService service) =>
        (await service.ReadMetricAsync("dynamictoolset_services_discovered{type=\"prometheus\"}"),
         await service.ReadMetricAsync("dynamictoolset_services_discovered{type=\"grafana\"}"));

    private static async Task<string> VersionAsync(DeployedService service) => (string)(await service.ReadAsync())!["metadata"]!["resourceVersion"]!;

    /// <summary>Two clusters, the one with Prometheus and the other with Grafana, and a service in each.</summary>
    public sealed class Fixture : IAsyncDisposable
    {
        private RealServer? _western;

        public RealServer? Eastern { get; private set; }

        internal DeployedService? East { get; private set; }

        internal DeployedService? West { get; private set; }

        public async ValueTask DisposeAsync()
        {
            foreach (IAsyncDisposable? part in (IAsyncDisposable?[])[East, West, Eastern, _western])
            {
                if (part is not null)
                    await part.DisposeAsync();
            }
        }

        internal async Task StartAsync()
        {
            PublishedProgram.DeployedPath();
            Eastern ??= await RealServerFixture.OwnAsync();
            _western ??= await RealServerFixture.OwnAsync();
            East ??= await RunAsync(Eastern, "east", "prometheus", Prometheus);
            West ??= await RunAsync(_western, "west", "grafana", Grafana);
        }

        private static async Task<DeployedService> RunAsync(RealServer server, string name, string type, string key)
        {
            DeployedService service = await DeployedService.InstallAsync(server);
            service.AnswerRightly();
            (string, string)[] times = name == "east" ? [("LEASE_DURATION", "8s"), ("RENEW_DEADLINE", "5s"), ("RETRY_PERIOD", "1s")] : [];
            service.Run([("POD_NAME", name), ("LEADER_ELECTION_ENABLED", "true"), .. times]);
            await service.AddAsync(type);
            await service.HasKeysAsync(Kubernetes, key);
            return service;
        }
    }
}
