using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Deploy;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>
/// The failures that the overview tells of, on a real API server, with the published program: what it prints of each is what one sees, the printed
/// commands help, and the service recovers in the time that is promised.
/// </summary>
public sealed class ScenarioTests(RealServerFixture real) : IClassFixture<RealServerFixture>, IDisposable
{
    private const string Kubernetes = "kubernetes-toolset.yaml", Prometheus = "prometheus-toolset.yaml", Grafana = "grafana-toolset.yaml";
    private const string Overrides = "overrides.yaml";
    private const string Pod = Scenario.Pod, Other = "dynamic-toolset-7d4f9-abc";
    private const string AnnotateGrafana =
        "kubectl annotate service grafana -n monitoring kubernaut.io/toolset=true kubernaut.io/toolset-type=grafana";

    private const string Custom = "{ kubernaut.io/toolset: 'true', kubernaut.io/toolset-type: custom, kubernaut.io/toolset-name: shop }";

    private const string DenyAll = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: deny-all, namespace: monitoring }
        spec: { podSelector: {}, policyTypes: [Ingress] }
        """;

    private const string OddGrafana = """
        apiVersion: v1
        kind: Service
        metadata: { name: grafana, namespace: monitoring, labels: { app: dashboards } }
        spec: { ports: [ { name: main, port: 8081 } ] }
        """;

    /// <summary>As the overview prints it: without a spec.</summary>
    private const string EmptyLease = """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata:
          name: dynamic-toolset-leader
          namespace: kubernaut-system
        """;

    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);

    public void Dispose() => real.Check();

    [Fact]
    public async Task While_the_API_server_is_away_nothing_changes_and_when_it_is_back_discovery_goes_on()
    {
        var server = (RealServer)await real.ServerToRestartAsync();
        await Scenario.PlayAsync(server, Story.ApiServerAway, async s =>
        {
            await s.StartAsync();
            await s.Cluster.AddAsync("prometheus");
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus);
            await s.ShowsAsync("dynamic-toolset status");
            JsonObject before = (await s.Cluster.ReadAsync())!;

            await server.KillAsync();
            await s.ShowsSymptomAsync();
            await s.ShowsAsync("curl");
            await s.FailsAsync("kubectl get nodes");

            await server.ReturnAsync();
            Assert.Equal(VersionOf(before), VersionOf(await s.Cluster.ReadAsync()));
            await Scenario.WithinAsync(TimeSpan.FromMinutes(5), async () =>
            {
                await s.Cluster.AddAsync("grafana");
                await s.Cluster.HasKeysAsync(Kubernetes, Prometheus, Grafana);
            });
            await s.LogsAsync(Pod, "\"msg\":\"Listing works again\"");
            await s.ShowsAsync("kubectl get nodes");
            await s.ShowsAsync("kubectl logs");
            await s.AsEachAccountAsync(() => s.ShowsAsync("kubectl auth can-i"));
        });
    }

    [Fact]
    public async Task While_every_health_check_fails_what_was_found_stays_nothing_is_added_and_checks_can_be_switched_off()
    {
        await Scenario.PlayAsync(await real.ServerAsync(), Story.ChecksFail, async s =>
        {
            await s.Cluster.ApplyAsync(DenyAll);
            await s.StartAsync();
            await s.Cluster.AddAsync("prometheus");
            await s.Cluster.AddAsync("grafana");
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus, Grafana);

            foreach (string type in (string[])["prometheus", "grafana", "orders"])
                s.Cluster.SetAnswer(type, SampleAnswer.Unavailable);
            await s.ShowsSymptomAsync();
            await s.LogsAsync(Pod, "\"msg\":\"No health check passes, keeping the toolsets\"");
            await s.ShowsAsync("curl -s http://localhost:9091/metrics");
            await s.ShowsAsync("kubectl get events");
            await s.ShowsAsync("dynamic-toolset status");
            await s.Cluster.AddAsync("orders", Custom);
            await s.LogsAsync(Pod, "\"msg\":\"Service health check failed, skipping\",\"service_type\":\"custom\"");
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus, Grafana);

            await s.ShowsAsync("kubectl port-forward");
            s.LeadToBackend("prometheus", 9090);
            await s.ShowsAsync("curl http://localhost:9090/-/healthy", "Service Unavailable");
            await s.ShowsAsync("kubectl get networkpolicy -n monitoring");
            await s.ShowsAsync("kubectl get networkpolicy -n kubernaut-system");
            await s.ShowsAsync("kubectl set env deployment/dynamic-toolset \\");
            await s.ReplaceAsync();
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus, Grafana, "shop-toolset.yaml");

            await s.ShowsAsync("kubectl set env deployment/dynamic-toolset -n");
            await s.ReplaceAsync();
            await s.LogsAsync(Pod, "\"msg\":\"No health check passes, keeping the toolsets\"");
            await Scenario.WithinAsync(HalfAMinute, async () =>
            {
                s.Cluster.SetAnswer("prometheus", SampleAnswer.Right);
                await s.LogsAsync(Pod, "\"msg\":\"The toolsets follow the health checks again\"");
            });
            await s.ShowsAsync("curl http://localhost:9090/-/healthy", "Prometheus Server is Healthy");
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus);
        });
    }

    [Fact]
    public async Task A_Grafana_that_no_rule_knows_is_found_once_it_is_annotated_as_explain_says()
    {
        await Scenario.PlayAsync(await real.ServerAsync(), Story.BackendMissing, async s =>
        {
            await s.StartAsync();
            await s.Cluster.AddAsync("prometheus");
            await s.Cluster.ApplyAsync(OddGrafana);
            await s.ShowsSymptomAsync();
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus);
            await s.ShowsAsync("curl");
            await s.ShowsAsync("dynamic-toolset status");
            await s.ShowsAsync("kubectl get svc --all-namespaces");
            await s.ShowsAsync("kubectl get svc grafana");
            await s.ShowsAsync("dynamic-toolset explain", AnnotateGrafana);

            await s.ShowsAsync("kubectl annotate");
            await Scenario.WithinAsync(HalfAMinute, () => s.Cluster.HasKeysAsync(Kubernetes, Prometheus, Grafana));
            await s.LogsAsync(Pod, "\"discovered_count\":2,\"prometheus_count\":1,\"grafana_count\":1");
            await s.ShowsAsync("dynamic-toolset explain");
        });
    }

    [Fact]
    public async Task A_deleted_ConfigMap_is_back_within_half_a_minute_and_a_discovery_can_be_asked_for()
    {
        await Scenario.PlayAsync(await real.ServerAsync(), Story.ConfigMapDeleted, async s =>
        {
            await s.StartAsync();
            await s.Cluster.AddAsync("prometheus");
            await s.Cluster.SetDataAsync(Overrides, "prometheus:\n  config:\n    timeout: 60s\n");
            await s.Cluster.HasAsync(Prometheus, "timeout: \"60s\"");
            JsonObject before = (await s.Cluster.ReadAsync())!;

            await s.Cluster.ConfigMapAsync("delete");
            await Scenario.WithinAsync(HalfAMinute, async () =>
            {
                await s.ShowsSymptomAsync();
                JsonObject after = await s.Cluster.UntilAsync(c => c is not null, "it is there again");
                Assert.True(JsonNode.DeepEquals(before["data"], after["data"]), after.ToJsonString());
            });
            await s.ShowsAsync("kubectl logs");
            await s.ShowsAsync("curl -s http://localhost:9091/metrics");
            await s.ShowsAsync("dynamic-toolset status");

            await s.AsEachAccountAsync(async () =>
            {
                await s.ShowsAsync("export TOKEN");
                await s.ShowsAsync("curl -X POST");
            });
            await s.LogsAsync(Pod, "\"msg\":\"Discovery ended\"", "\"state\":\"succeeded\"");
        });
    }

    [Fact]
    public async Task What_is_edited_by_hand_is_set_back_and_what_belongs_into_the_overrides_stays()
    {
        await Scenario.PlayAsync(await real.ServerAsync(), Story.Drift, async s =>
        {
            await s.StartAsync();
            await s.Cluster.AddAsync("prometheus");
            await s.Cluster.HasAsync(Prometheus, "timeout: \"30s\"");

            await Scenario.WithinAsync(HalfAMinute, async () =>
            {
                await s.Cluster.SetDataAsync(Prometheus, "toolset: mine");
                await s.ShowsSymptomAsync();
                await s.Cluster.HasAsync(Prometheus, "timeout: \"30s\"");
            });
            await s.ShowsAsync("curl");
            await s.ShowsAsync("kubectl get events");
            await s.ShowsAsync("dynamic-toolset status");

            await s.ShowsAsync("kubectl patch");
            await s.Cluster.HasAsync("custom-prometheus-toolset.yaml", "url: \"http://custom:9090\"");
            await s.Cluster.SetDataAsync("custom-prometheus-toolset.yaml", "toolset: mine");
            await s.Cluster.HasAsync("custom-prometheus-toolset.yaml", "url: \"http://custom:9090\"");
            await s.ShowsAsync("kubectl get configmap");
        });
    }

    /// <summary>As <c>deploy/overlays/ha</c> has it, with the times of the overview: 15 s, of which a leader that cannot renew has 10.</summary>
    [Fact]
    public async Task A_leader_that_cannot_reach_the_API_server_stops_and_another_goes_on()
    {
        IApiServer server = await real.ServerAsync();
        await Scenario.PlayAsync(server, Story.LeaderLost, async s =>
        {
            await using var relay = new Relay(new IPEndPoint(IPAddress.Loopback, server.Connection.Server.Port));
            await s.Cluster.ApplyAsync(EmptyLease);
            await s.Cluster.ApplyAsync((await RenderedManifests.OfAsync(RenderedManifests.Ha)).Deployment.ToJsonString());
            await s.StartAsync(Pod, ("KUBECONFIG", s.Cluster.KubeconfigBy(relay.Port)));
            await s.LogsAsync(Pod, "\"msg\":\"Became leader\"");
            await s.StartAsync(Other);
            await s.LogsAsync(Other, "\"msg\":\"Following\"");
            await s.Cluster.AddAsync("prometheus");
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus);

            await relay.CutAsync();
            await Scenario.WithinAsync(HalfAMinute, async () =>
            {
                await s.LogsAsync(Other, "\"msg\":\"Became leader\"");
                await s.Cluster.AddAsync("grafana");
                await s.Cluster.HasKeysAsync(Kubernetes, Prometheus, Grafana);
            });
            await s.ShowsSymptomAsync();
            await s.RegisterAsync(Pod);
            await s.RegisterAsync(Other);
            await s.ShowsAsync("kubectl get lease");
            await s.ShowsAsync("kubectl get pods");
            await s.ShowsAsync("curl");
            await s.ShowsAsync("dynamic-toolset status");

            relay.Mend();
            await s.LogsAsync(Pod, "\"msg\":\"Following\"", $"\"leader\":\"{Other}_");
            await s.LeadToAsync(Pod);
            await s.ShowsAsync("curl", "dynamictoolset_leader 0\n");
        });
    }

    [Fact]
    public async Task A_new_version_is_rolled_out_tells_its_version_and_can_be_taken_back()
    {
        await using RealServer server = await RealServerFixture.OwnAsync(controllers: true);
        await Scenario.PlayAsync(server, Story.NewVersion, async s =>
        {
            await s.RollOutAsync();
            await s.StartAsync();
            await s.Cluster.AddAsync("prometheus");
            await s.Cluster.HasKeysAsync(Kubernetes, Prometheus);
            string image = await ImageAsync(s);

            await s.ShowsAsync("kubectl set image");
            await s.RollOutAsync();
            Assert.Equal("kubernaut/dynamic-toolset:v1.1", await ImageAsync(s));
            JsonNode before = (await s.Cluster.ReadAsync())!["data"]!;
            await s.ReplaceAsync();
            await s.ShowsAsync("kubectl logs");
            Assert.True(JsonNode.DeepEquals(before, (await s.Cluster.ReadAsync())!["data"]));

            await s.ShowsAsync("kubectl rollout undo");
            await s.RollOutAsync();
            Assert.Equal(image, await ImageAsync(s));
        });
    }

    /// <summary>Of the pods that the Deployment has.</summary>
    private static Task<string> ImageAsync(Scenario scenario) => scenario.Cluster.Kubectl.RunAsync(
        "get", "pods", "-n", "kubernaut-system", "-l", "app=dynamic-toolset", "-o", "jsonpath={.items[*].spec.containers[*].image}");

    private static string VersionOf(JsonObject? configMap) => (string)configMap!["metadata"]!["resourceVersion"]!;
}
