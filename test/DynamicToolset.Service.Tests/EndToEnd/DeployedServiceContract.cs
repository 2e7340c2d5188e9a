using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>What the service promises to those who install it, on the real API server and on the simulated one.</summary>
public abstract partial class DeployedServiceContract(DeployedServiceFixture fixture) : IAsyncLifetime
{
    private const string Kubernetes = "kubernetes-toolset.yaml";
    private const string Prometheus = "prometheus-toolset.yaml";
    private const string Grafana = "grafana-toolset.yaml";
    private const string Overrides = "overrides.yaml";
    private const string Slower = "# ours:\ttwo minutes\r\nprometheus:\r\n  config:\r\n    timeout: 120s\t# not 30\r\n\r\n";

    private static readonly Dictionary<string, string> AdminTexts = new()
    {
        ["no text"] = "",
        ["only spaces"] = " \n\t \n",
        ["only comments"] = "# nothing yet\n#\ttabs  \n",
        ["CRLF, tabs, comments"] = Slower,
        ["lone CR"] = "prometheus:\r  config: {timeout: 120s}\r",
        ["no final newline"] = "prometheus: {config: {timeout: 120s}}",
        ["trailing spaces"] = "prometheus:  \n  config:   \n    timeout: 120s   \n\n  \n",
        ["byte order mark"] = "\uFEFFprometheus: {timeout: 120s}\n\uFEFF",
        ["document marks"] = "%YAML 1.2\n--- # mine\nprometheus: {timeout: 120s}\n...\n# after\n",
        ["anchors"] = "prometheus: &p\n  config: &c {timeout: &t 120s}\n",
        ["aliases"] = "mine: &m {url: u}\nyours: *m\n",
        ["merge keys"] = "mine: &m {url: u}\nyours:\n  <<: *m\n",
        ["keys twice"] = "mine: {}\nmine: {url: u}\n",
        ["no YAML"] = "prometheus: [\r\n\t}}}\n",
        ["a list of tools"] = "tools:\n- name: custom_prometheus\n",
        ["NEL, LS, PS"] = "prometheus: {note: \"a\u0085b\u2028c\u2029d\"} # \u0085\u2028\u2029",
        ["control characters"] = string.Concat(Enumerable.Range(1, 31).Select(c => (char)c)) + "\u007F\u0080\u009F\uFFFE\uFFFF",
        ["beyond the BMP"] = "mine: {url: \"http://😀\"} # \U0010FFFF 中文 é e\u0301",
        ["quotes and escapes"] = "\"mine\": {'url': \"\\\"\\u0041\\/\", \\: \"$(x) `y` {{ z }}\"}",
        ["500 KiB"] = "grafana:\r\n" + string.Concat(Enumerable.Range(0, 500 * 1024 / 32).Select(i => $"  key-{i:D6}: \"0123456789\" # \t\r\n")),
        ["500 KiB of no YAML"] = new string('[', 500 * 1024),
    };

    private const string NotOwned = "\"msg\":\"Owner reference of the ConfigMap is wrong or unknown\"";

    private DeployedService? _service;

    public static TheoryData<string> Texts => [.. AdminTexts.Keys];

    private DeployedService Service => _service!;

    public async ValueTask InitializeAsync() => _service = await fixture.ServiceAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        fixture.Check();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_Service_that_appears_is_in_the_ConfigMap()
    {
        await Service.AddAsync("prometheus");
        await Service.HasAsync(Prometheus, "url: \"http://prometheus.monitoring:9090\"");
        await Service.AddAsync("orders", "{ kubernaut.io/toolset: 'true', kubernaut.io/toolset-type: custom, kubernaut.io/toolset-name: shop }");
        await Service.HasAsync("shop-toolset.yaml", "url: \"http://orders.monitoring:8080\"");
        await Service.HasKeysAsync(Kubernetes, Prometheus, "shop-toolset.yaml");
    }

    [Fact]
    public async Task A_Service_that_disappears_is_gone_from_the_ConfigMap()
    {
        await Service.AddAsync("prometheus");
        await Service.AddAsync("grafana");
        await Service.HasKeysAsync(Kubernetes, Prometheus, Grafana);
        await Service.DeleteAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Grafana);
    }

    [Fact]
    public async Task A_backend_that_fails_is_gone_while_another_answers_and_comes_back()
    {
        await Service.AddAsync("prometheus");
        await Service.AddAsync("grafana");
        await Service.HasKeysAsync(Kubernetes, Prometheus, Grafana);
        Service.SetAnswer("grafana", SampleAnswer.Unavailable);
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        Service.SetAnswer("grafana", SampleAnswer.Right);
        await Service.HasKeysAsync(Kubernetes, Prometheus, Grafana);
    }

    [Theory]
    [InlineData("""[{"op": "replace", "path": "/data/prometheus-toolset.yaml", "value": "toolset: mine"}]""")]
    [InlineData("""[{"op": "remove", "path": "/data/prometheus-toolset.yaml"}]""")]
    [InlineData("""[{"op": "add", "path": "/data/x-toolset.yaml", "value": "toolset: x"}]""")]
    [InlineData("""[{"op": "remove", "path": "/metadata/labels"}]""")]
    public async Task Drift_is_repaired(string patch)
    {
        await Service.AddAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        JsonObject before = (await Service.ReadAsync())!;
        await Service.ConfigMapAsync("patch", "--type=json", "-p", patch);
        JsonObject after = await Service.UntilAsync(
            c => JsonNode.DeepEquals(c!["data"], before["data"]) && JsonNode.DeepEquals(c["metadata"]!["labels"], before["metadata"]!["labels"]),
            "it is as before");
        Assert.NotEqual(VersionOf(before), VersionOf(after));
        Assert.Equal(UidOf(before), UidOf(after));
    }

    [Fact]
    public async Task An_edit_by_hand_is_repaired_and_told_with_the_name_of_the_editor()
    {
        await Service.AddAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        Service.Kubectl.EditBy("s/30s/99s/");
        await Service.ConfigMapAsync("edit");
        await Service.Program.LineAsync("\"manager\":\"kubectl-edit\"");
        await Service.HasAsync(Prometheus, "timeout: \"30s\"");
    }

    [Fact]
    public async Task A_deleted_ConfigMap_is_back_with_the_overrides_as_they_were_last_seen()
    {
        await Service.AddAsync("prometheus");
        await Service.SetDataAsync(Overrides, Slower);
        await Service.HasAsync(Prometheus, "timeout: \"120s\"");
        JsonObject before = (await Service.ReadAsync())!;
        await Service.ConfigMapAsync("delete");
        JsonObject after = await Service.UntilAsync(c => c is not null && UidOf(c) != UidOf(before), "it is there again");
        Assert.True(JsonNode.DeepEquals(before["data"], after["data"]), after.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_admin_s_bytes_survive_a_repair_and_a_deletion(string name)
    {
        string text = AdminTexts[name];
        await Service.PatchAsync(new JsonObject { ["data"] = new JsonObject { [Overrides] = text, [Kubernetes] = "toolset: mine" } });
        JsonObject repaired = await Service.UntilAsync(c => DeployedService.Data(c, Kubernetes) is { } data && data != "toolset: mine", "it is repaired");
        Assert.Equal(text, DeployedService.Data(repaired, Overrides));
        await Service.ConfigMapAsync("delete");
        JsonObject recreated = await Service.UntilAsync(c => c is not null && UidOf(c) != UidOf(repaired), "it is there again");
        Assert.Equal(text, DeployedService.Data(recreated, Overrides));
        Assert.Equal(DeployedService.OverrideError(repaired), DeployedService.OverrideError(recreated));
    }

    [Fact]
    public async Task Of_binary_data_ours_is_removed_and_the_admin_s_stays_and_is_told()
    {
        await Service.PatchAsync(new JsonObject
        {
            ["data"] = new JsonObject { [Kubernetes] = null, [Overrides] = null },
            ["binaryData"] = new JsonObject { [Kubernetes] = "AAAA", [Overrides] = "/w==", ["logo.png"] = "AAEC" },
        });
        JsonObject repaired = await Service.UntilAsync(c => DeployedService.Data(c, Kubernetes) is not null, "our key is back");
        Assert.True(JsonNode.DeepEquals(new JsonObject { [Overrides] = "/w==", ["logo.png"] = "AAEC" }, repaired["binaryData"]), repaired.ToJsonString());
        Assert.StartsWith("overrides.yaml:1:1: this is under binaryData", DeployedService.OverrideError(repaired), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_override_is_merged_its_bytes_stay_and_its_removal_brings_the_generated_value_back()
    {
        await Service.AddAsync("prometheus");
        await Service.HasAsync(Prometheus, "timeout: \"30s\"");
        await Service.SetDataAsync(Overrides, Slower);
        await Service.HasAsync(Prometheus, "timeout: \"120s\"");
        JsonObject merged = (await Service.ReadAsync())!;
        Assert.Equal(Slower, DeployedService.Data(merged, Overrides));
        Assert.Contains("url: \"http://prometheus.monitoring:9090\"", DeployedService.Data(merged, Prometheus), StringComparison.Ordinal);
        await Service.ConfigMapAsync("patch", "--type=json", "-p", """[{"op": "remove", "path": "/data/overrides.yaml"}]""");
        await Service.HasAsync(Prometheus, "timeout: \"30s\"");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
    }

    [Fact]
    public async Task A_malformed_override_keeps_the_last_good_merge_and_says_where_it_is_wrong()
    {
        const string Malformed = "prometheus:\r\n  config: {timeout: \"s3cret\r\n\t# no end";
        await Service.AddAsync("prometheus");
        await Service.SetDataAsync(Overrides, Slower);
        await Service.HasAsync(Prometheus, "timeout: \"120s\"");
        await Service.SetDataAsync(Overrides, Malformed);
        JsonObject kept = await Service.UntilAsync(c => DeployedService.OverrideError(c) is not null, "it says that something is wrong");
        Assert.Matches("^overrides\\.yaml:[0-9]+:[0-9]+: ", DeployedService.OverrideError(kept)!);
        Assert.Equal(Malformed, DeployedService.Data(kept, Overrides));
        Assert.Contains("timeout: \"120s\"", DeployedService.Data(kept, Prometheus), StringComparison.Ordinal);
        await Service.SetDataAsync(Overrides, Slower);
        await Service.UntilAsync(c => DeployedService.OverrideError(c) is null, "nothing is wrong any more");
        Assert.DoesNotContain(Service.Program.Output, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_ends_with_0_and_writes_nothing()
    {
        await Service.AddAsync("prometheus");
        await Service.SetDataAsync(Overrides, Slower);
        await Service.HasAsync(Prometheus, "timeout: \"120s\"");
        JsonObject before = (await Service.ReadAsync())!;
        Assert.Equal(0, await Service.StopAsync());
        await using PublishedProgram restarted = Service.Start(("RECONCILIATION_INTERVAL", "100ms"));
        await HasReadAsync(restarted, times: 5);
        JsonObject after = (await Service.ReadAsync())!;
        Assert.Equal((UidOf(before), VersionOf(before)), (UidOf(after), VersionOf(after)));
        Assert.Equal(0, await restarted.TerminateAsync());
    }

    [Fact]
    public async Task The_rights_shipped_for_it_let_it_keep_the_ConfigMap_where_HolmesGPT_runs()
    {
        await Service.Kubectl.RunAsync("apply", "-f", Service.Kubectl.Manifest("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: holmes\n"));
        await Service.Kubectl.RunAsync("apply", "-f", Path.Combine(RepositoryRoot.Path, "deploy", "holmesgpt", "rbac.yaml"));
        await using PublishedProgram second = Service.Start(("CONFIGMAP_NAMESPACE", "holmes"));
        await second.LineAsync("\"msg\":\"ConfigMap created\"");
        string created = await Service.Kubectl.RunAsync("get", "configmap", DeployedService.ConfigMap, "-n", "holmes", "-o", "json");
        Assert.Contains("\"kubernetes-toolset.yaml\"", created);
        Assert.Equal(0, await second.TerminateAsync());
    }

    [Fact]
    public async Task A_right_that_is_taken_away_is_named_and_its_return_heals()
    {
        await Service.AddAsync("prometheus");
        await Service.HasAsync(Prometheus, "timeout: \"30s\"");
        await Service.Kubectl.RunAsync("delete", "rolebinding", "dynamic-toolset", "-n", DeployedService.Namespace);
        await Service.UntilItMayNotAsync("patch", $"configmap/{DeployedService.ConfigMap}", "-n", DeployedService.Namespace);
        await Service.SetDataAsync(Prometheus, "toolset: mine");
        string refusal = await Service.Program.LineAsync("\"msg\":\"Failed to write ConfigMap\"");
        Assert.Contains("patch configmaps \\\"kubernaut-toolset-config\\\" in namespace kubernaut-system", refusal, StringComparison.Ordinal);
        Assert.Contains("deploy/base/rbac.yaml", refusal, StringComparison.Ordinal);
        await Service.ApplyManifestsAsync();
        await Service.HasAsync(Prometheus, "timeout: \"30s\"");
    }

    [Fact]
    public async Task The_ConfigMap_belongs_to_the_Deployment_and_follows_it_when_that_is_made_anew()
    {
        await Service.StopAsync();
        await using PublishedProgram restarted = Service.Start(("DISCOVERY_INTERVAL", "100ms"));
        Assert.Contains("NoDeployment", await restarted.LineAsync(NotOwned), StringComparison.Ordinal);
        await Service.HasOwnersAsync();
        string first = await Service.AddDeploymentAsync();
        JsonObject owned = await Service.HasOwnersAsync(first);
        Assert.Equal(
            $$"""{"apiVersion":"apps/v1","blockOwnerDeletion":true,"controller":true,"kind":"Deployment","name":"dynamic-toolset","uid":"{{first}}"}""",
            new JsonObject(owned["metadata"]!["ownerReferences"]![0]!.AsObject().OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))).ToJsonString());
        await Service.ConfigMapAsync("patch", "--type=json", "-p", """[{"op": "remove", "path": "/metadata/ownerReferences"}]""");
        await Service.HasOwnersAsync(first);

        await Service.DeleteDeploymentAsync();
        await Service.HasOwnersAsync();
        string second = await Service.AddDeploymentAsync();
        await Service.HasOwnersAsync(second);
        await Service.SetDataAsync(Overrides, "mine: {url: \"http://mine:1\"}\n");
        await Service.HasKeysAsync(Kubernetes, "mine-toolset.yaml", Overrides);
        await Service.ConfigMapAsync("delete");
        await Service.HasKeysAsync(Kubernetes, "mine-toolset.yaml", Overrides);
        await Service.HasOwnersAsync(second);
        Assert.Equal(0, await restarted.TerminateAsync());
    }

    [Fact]
    public async Task Owners_of_others_stay_and_beside_another_controller_the_data_is_written_without_ours()
    {
        const string Plain = """{"apiVersion":"example.com/v1","kind":"Toolbox","name":"box","uid":"plain"}""";
        const string Controller = """{"apiVersion":"example.com/v1","kind":"Toolbox","name":"box","uid":"boss","controller":true}""";
        string uid = await Service.AddDeploymentAsync();
        await Service.StopAsync();
        await using PublishedProgram restarted = Service.Start(("DISCOVERY_INTERVAL", "100ms"));
        await Service.HasOwnersAsync(uid);
        await Service.ConfigMapAsync("patch", "--type=merge", "-p", $$$"""{"metadata":{"ownerReferences":[{{{Plain}}}]}}""");
        await Service.HasOwnersAsync("plain", uid);
        await Service.ConfigMapAsync("patch", "--type=merge", "-p", $$$"""{"metadata":{"ownerReferences":[{{{Plain}}},{{{Controller}}}]},"data":{"kubernetes-toolset.yaml":null}}""");
        Assert.Contains("Toolbox box", await restarted.LineAsync(NotOwned), StringComparison.Ordinal);
        await Service.HasKeysAsync(Kubernetes);
        await Service.HasOwnersAsync("plain", "boss");
        await Service.ConfigMapAsync("patch", "--type=merge", "-p", """{"metadata":{"ownerReferences":null}}""");
        await Service.HasOwnersAsync(uid);
        Assert.Equal(0, await restarted.TerminateAsync());
    }

    [Fact]
    public async Task Without_owner_references_the_ConfigMap_is_freed_from_its_Deployment()
    {
        string uid = await Service.AddDeploymentAsync();
        await Service.StopAsync();
        await using (PublishedProgram owner = Service.Start())
        {
            await Service.HasOwnersAsync(uid);
            Assert.Equal(0, await owner.TerminateAsync());
        }

        await using PublishedProgram free = Service.Start(("OWNER_REFERENCE_ENABLED", "false"));
        await Service.HasOwnersAsync();
        Assert.Equal(0, await free.TerminateAsync());
    }

    private static string VersionOf(JsonObject item) => (string)item["metadata"]!["resourceVersion"]!;

    private static string UidOf(JsonObject item) => (string)item["metadata"]!["uid"]!;

    /// <summary>Returns when the service has compared the ConfigMap so many times, by its own count.</summary>
    private static async Task HasReadAsync(PublishedProgram program, int times)
    {
        int port = ListeningLine.Ports(await program.LineAsync(ListeningLine.Text)).Metrics;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await TestCluster.EventuallyAsync(() => Reads(http) >= times, $"it has read the ConfigMap {times} times");
    }

    private static int Reads(HttpClient metrics)
    {
        const string Count = "dynamictoolset_configmap_reconcile_total{operation=\"read\",result=\"success\"} ";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        using HttpResponseMessage response = metrics.Send(request, TestContext.Current.CancellationToken);
        using var text = new StreamReader(response.Content.ReadAsStream());
        string? line = text.ReadToEnd().Split('\n').FirstOrDefault(l => l.StartsWith(Count, StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line[Count.Length..], CultureInfo.InvariantCulture);
    }
}
