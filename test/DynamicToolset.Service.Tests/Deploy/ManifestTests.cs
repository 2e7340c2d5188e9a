using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Manifests;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Deploy;

/// <summary>What is installed agrees within itself, with the program, and with what a careful cluster lets in.</summary>
public sealed class ManifestTests
{
    private const string Base = RenderedManifests.Base, Ha = RenderedManifests.Ha;
    private static readonly string[] Selected = ["app.kubernetes.io/instance", "app.kubernetes.io/name"];

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task Every_object_bears_the_recommended_labels_and_lies_in_the_namespace(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        Assert.All(rendered.Objects, o =>
        {
            JsonNode metadata = o["metadata"]!;
            Assert.Equal(
                ["dynamic-toolset", "dynamic-toolset", "kubernaut", "kustomize"],
                ((string[])["name", "instance", "part-of", "managed-by"]).Select(l => (string?)metadata["labels"]?[$"app.kubernetes.io/{l}"]));
            bool isOfCluster = (string)o["kind"]! is "Namespace" or "ClusterRole" or "ClusterRoleBinding";
            Assert.Equal(isOfCluster ? null : "kubernaut-system", (string?)metadata["namespace"]);
        });
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task Every_selector_picks_the_pods_of_this_release_and_no_others(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        JsonObject[] selectors =
        [
            .. rendered.Objects.SelectMany(o => SelectorsIn(o["spec"])),
            .. (rendered.Pod["spec"]!["topologySpreadConstraints"]?.AsArray() ?? []).Select(c => c!["labelSelector"]!["matchLabels"]!.AsObject()),
        ];
        Assert.Equal(folder == Base ? 3 : 6, selectors.Length);
        JsonNode labels = rendered.Pod["metadata"]!["labels"]!;
        Assert.All(selectors, s => Assert.Equal(Selected.Select(l => (l, (string?)labels[l])), s.Select(l => (l.Key, (string?)l.Value)).Order()));
    }

    /// <summary>The commands of the overview and of the docs, and what the ServiceMonitor goes by.</summary>
    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task Commands_and_Prometheus_find_what_they_look_for(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        Assert.Equal("dynamic-toolset", (string?)rendered.Pod["metadata"]!["labels"]!["app"]);
        Assert.Equal("dynamic-toolset", (string?)rendered.Service["metadata"]!["labels"]!["app"]);
        Assert.Equal("dynamic-toolset", (string?)rendered.Deployment["metadata"]!["name"]);
        Assert.Equal("dynamic-toolset", (string?)rendered.Container["name"]);
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task Every_variable_is_a_setting_and_its_value_is_taken(string folder)
    {
        SettingsReading reading = Read(await RenderedManifests.OfAsync(folder));
        Assert.Empty(reading.Problems);
        string[] unknown = [.. (await RenderedManifests.OfAsync(folder)).Environment.Select(v => (string)v["name"]!).Except(Settings.Definitions.Select(d => d.Name))];
        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task The_program_is_told_its_pod_its_namespace_and_its_address(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        Assert.Equal(
            [("POD_NAME", "metadata.name"), ("POD_NAMESPACE", "metadata.namespace"), ("POD_IP", "status.podIP")],
            rendered.Environment.Where(v => v["valueFrom"] is not null).Select(v => ((string)v["name"]!, (string)v["valueFrom"]!["fieldRef"]!["fieldPath"]!)));
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task Ports_are_those_that_the_program_listens_on(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        Settings settings = Read(rendered).Settings!;
        (string, int)[] ports = [("http", settings.Port), ("metrics", settings.MetricsPort)];
        Assert.Equal(ports, rendered.Container["ports"]!.AsArray().Select(p => ((string)p!["name"]!, (int)p["containerPort"]!)));
        Assert.Equal(ports, rendered.Service["spec"]!["ports"]!.AsArray().Select(p => ((string)p!["targetPort"]!, (int)p["port"]!)));
        Assert.Equal(ports.Select(p => p.Item2), rendered.The("NetworkPolicy")["spec"]!["ingress"]![0]!["ports"]!.AsArray().Select(p => (int)p!["port"]!));
        Assert.Equal(
            [("/livez", "http"), ("/livez", "http"), ("/readyz", "http")],
            ((string[])["startupProbe", "livenessProbe", "readinessProbe"]).Select(p => rendered.Container[p]!["httpGet"]!).Select(g => ((string)g["path"]!, (string)g["port"]!)));
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task A_stop_in_order_takes_no_longer_than_the_kubelet_waits(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        Settings settings = Read(rendered).Settings!;
        Assert.InRange(settings.ShutdownTimeout.TotalSeconds, settings.ShutdownDelay.TotalSeconds + 1, (int)rendered.Pod["spec"]!["terminationGracePeriodSeconds"]! - 1);
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task The_image_is_of_this_version_and_of_no_registry(string folder)
    {
        Assert.Equal($"dynamic-toolset:{BuildInfo.Current.Version}", (string?)(await RenderedManifests.OfAsync(folder)).Container["image"]);
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task The_pod_runs_as_an_account_that_is_shipped_and_both_have_every_role(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        string[] accounts = [.. rendered.Objects.Where(o => (string?)o["kind"] == "ServiceAccount").Select(o => (string)o["metadata"]!["name"]!).Order(StringComparer.Ordinal)];
        Assert.Equal(["dynamic-toolset", "dynamic-toolset-sa"], accounts);
        Assert.Equal("dynamic-toolset-sa", (string?)rendered.Pod["spec"]!["serviceAccountName"]);
        JsonObject[] bindings = [.. rendered.Objects.Where(o => ((string)o["kind"]!).EndsWith("Binding", StringComparison.Ordinal))];
        Assert.Equal(3, bindings.Length);
        Assert.All(bindings, b =>
        {
            Assert.Contains(rendered.Objects, o => (string?)o["kind"] == (string?)b["roleRef"]!["kind"] && (string?)o["metadata"]!["name"] == (string?)b["roleRef"]!["name"]);
            Assert.Equal(
                accounts.Select(a => ("kubernaut-system", a)), b["subjects"]!.AsArray().Select(s => ((string)s!["namespace"]!, (string)s["name"]!)).Order());
        });
    }

    /// <summary>https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, which the namespace asks for; and the file system besides.</summary>
    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task The_pod_keeps_to_what_the_namespace_demands(string folder)
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(folder);
        JsonNode labels = rendered.The("Namespace")["metadata"]!["labels"]!;
        Assert.All((string[])["enforce", "audit", "warn"], mode => Assert.Equal("restricted", (string?)labels[$"pod-security.kubernetes.io/{mode}"]));
        JsonObject pod = rendered.Pod["spec"]!.AsObject();
        Assert.Equal("""{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}""", pod["securityContext"]!.ToJsonString());
        Assert.Equal(
            """{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true}""",
            rendered.Container["securityContext"]!.ToJsonString());
        Assert.All((string[])["hostNetwork", "hostPID", "hostIPC", "hostUsers", "initContainers"], field => Assert.False(pod.ContainsKey(field)));
        Assert.Null(rendered.Container["ports"]!.AsArray().FirstOrDefault(p => p!["hostPort"] is not null));
        Assert.Equal(["configMap"], pod["volumes"]!.AsArray().SelectMany(v => v!.AsObject().Select(f => f.Key)).Where(f => f != "name"));
    }

    [Fact]
    public async Task Rules_of_ones_own_are_read_from_where_the_program_looks_and_need_not_be_there()
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(Base);
        Assert.Equal(Read(rendered).Settings!.DetectorsDir, (string?)rendered.Container["volumeMounts"]!.AsArray().Single()!["mountPath"]);
        Assert.True((bool?)rendered.Pod["spec"]!["volumes"]![0]!["configMap"]!["optional"]);
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task The_resources_are_those_of_the_overview_s_small_class(string folder) => Assert.Equal(
        """{"limits":{"cpu":"50m","memory":"64Mi"},"requests":{"cpu":"25m","memory":"32Mi"}}""",
        (await RenderedManifests.OfAsync(folder)).Container["resources"]!.ToJsonString());

    [Fact]
    public async Task One_replica_never_runs_beside_another()
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(Base);
        JsonNode spec = rendered.Deployment["spec"]!;
        Assert.Equal((1, """{"type":"Recreate"}"""), ((int)spec["replicas"]!, spec["strategy"]!.ToJsonString()));
        Assert.False(Read(rendered).Settings!.LeaderElectionEnabled);
        Assert.DoesNotContain(rendered.Objects, o => (string?)o["kind"] == "PodDisruptionBudget");
    }

    [Fact]
    public async Task Two_replicas_elect_a_leader_and_a_rollout_or_a_drain_always_finds_a_way()
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(Ha);
        JsonNode spec = rendered.Deployment["spec"]!;
        Assert.Equal(2, (int)spec["replicas"]!);
        Assert.Equal("""{"rollingUpdate":{"maxSurge":1,"maxUnavailable":0},"type":"RollingUpdate"}""", spec["strategy"]!.ToJsonString());
        Assert.True(Read(rendered).Settings!.LeaderElectionEnabled);
        // Whatever is required of three pods two nodes cannot give, and a budget that wants one pod holds a node of the only one for ever.
        Assert.Null(rendered.Pod["spec"]!["affinity"]);
        Assert.All(rendered.Pod["spec"]!["topologySpreadConstraints"]!.AsArray(), c => Assert.Equal("ScheduleAnyway", (string?)c!["whenUnsatisfiable"]));
        JsonNode budget = rendered.The("PodDisruptionBudget")["spec"]!;
        Assert.Equal(((int?)1, (string?)"AlwaysAllow", (int?)null), ((int?)budget["maxUnavailable"], (string?)budget["unhealthyPodEvictionPolicy"], (int?)budget["minAvailable"]));
        Assert.DoesNotContain(rendered.Objects, o => (string?)o["kind"] == "Lease");
    }

    /// <summary>Several replicas differ from one in nothing else.</summary>
    [Fact]
    public async Task The_overlay_leaves_the_rest_as_it_is()
    {
        RenderedManifests one = await RenderedManifests.OfAsync(Base), several = await RenderedManifests.OfAsync(Ha);
        Assert.Equal(
            one.Objects.Where(o => o != one.Deployment).Select(o => o.ToJsonString()),
            several.Objects.Where(o => o != several.Deployment && (string?)o["kind"] != "PodDisruptionBudget").Select(o => o.ToJsonString()));
        foreach (string name in (string[])["LEADER_ELECTION_ENABLED", "LEASE_DURATION", "RENEW_DEADLINE", "RETRY_PERIOD"])
            several.Container["env"]!.AsArray().RemoveAll(v => (string?)v!["name"] == name);
        several.Pod["spec"]!.AsObject().Remove("topologySpreadConstraints");
        foreach (string field in (string[])["replicas", "strategy"])
        {
            one.Deployment["spec"]!.AsObject().Remove(field);
            several.Deployment["spec"]!.AsObject().Remove(field);
        }

        Assert.Equal(one.Deployment.ToJsonString(), several.Deployment.ToJsonString());
    }

    [Fact]
    public async Task No_check_is_cut_off_but_those_that_the_program_never_makes()
    {
        JsonNode policy = (await RenderedManifests.OfAsync(Base)).The("NetworkPolicy")["spec"]!;
        JsonObject[] rules = [.. policy["egress"]!.AsArray().Select(r => r!.AsObject())];
        JsonObject toPods = Assert.Single(rules, r => r["to"]?.ToJsonString() == """[{"namespaceSelector":{}}]""");
        JsonObject toAddresses = Assert.Single(rules, r => r["to"]?[0]?["ipBlock"] is not null);
        Assert.False(toPods.ContainsKey("ports") || toAddresses.ContainsKey("ports"));
        JsonObject[] blocks = [.. toAddresses["to"]!.AsArray().Select(p => p!["ipBlock"]!.AsObject())];
        Assert.Equal(["0.0.0.0/0", "::/0"], blocks.Select(b => (string)b["cidr"]!));
        IPNetwork[] cutOff = [.. blocks.SelectMany(b => b["except"]!.AsArray()).Select(e => IPNetwork.Parse((string)e!))];
        var program = new AddressPolicy([], []);
        Assert.All(cutOff, network => Assert.NotNull(program.Check(network.BaseAddress, 80)));
        string[] never = ["169.254.169.254", "169.254.170.23", "100.100.100.200", "168.63.129.16", "fe80::1", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"];
        Assert.All(never, address => Assert.Contains(cutOff, network => network.Contains(IPAddress.Parse(address))));
        // A DNS on the node has such an address too.
        Assert.Contains(rules, r => !r.ContainsKey("to") && r["ports"]!.AsArray().Any(p => (int)p!["port"]! == 53 && (string?)p["protocol"] == "UDP"));
    }

    [Fact]
    public async Task The_service_s_own_Service_is_no_backend()
    {
        RenderedManifests rendered = await RenderedManifests.OfAsync(Ha);
        var pipeline = new ToolsetPipeline(BuiltInRules.All, [], [], "");
        ImmutableArray<Detection> detections = pipeline.Detect(ServiceManifests.Read(rendered.Text).Services);
        Assert.DoesNotContain(detections, d => d is Detection.Matched);
        Assert.Single(ServiceManifests.Read(rendered.Text).Services);
    }

    /// <summary>As the program reads them in the pod.</summary>
    private static SettingsReading Read(RenderedManifests rendered)
    {
        Dictionary<string, string> downward = new()
        {
            ["POD_NAME"] = "dynamic-toolset-7d4f9-xyz",
            ["POD_NAMESPACE"] = "kubernaut-system",
            ["POD_IP"] = "10.0.0.7",
        };
        return SettingsReading.Of(
            SettingsProfile.Service,
            ImmutableDictionary<string, string>.Empty,
            name => rendered.Variable(name) is { } value ? value.Length > 0 ? value : downward.GetValueOrDefault(name) : null,
            SettingsFile.None);
    }

    private static IEnumerable<JsonObject> SelectorsIn(JsonNode? spec) => ((JsonNode?[])
    [
        spec?["selector"]?["matchLabels"] ?? spec?["selector"],
        spec?["podSelector"]?["matchLabels"],
    ]).OfType<JsonObject>();
}
