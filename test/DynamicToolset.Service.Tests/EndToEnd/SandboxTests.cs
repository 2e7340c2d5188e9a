using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

public sealed class SandboxTests
{
    private const string Namespace = "kubernaut-system";
    private const string Name = "kubernaut-toolset-config";
    private const UnixFileMode ForTheUserAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task Once_it_ends_by_itself_and_prints_the_ConfigMap()
    {
        (int exitCode, string output, string _) = await PublishedProgram.RunAsync([], "sandbox", "--once");
        Assert.Equal(0, exitCode);
        string[] keys = [.. output.Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal) && l.EndsWith(".yaml: |", StringComparison.Ordinal)).Select(l => l.Trim(' ', ':', '|'))];
        Assert.Equal(
            [
                "kubernetes-toolset.yaml", "prometheus-toolset.yaml", "grafana-toolset.yaml", "jaeger-toolset.yaml", "elasticsearch-toolset.yaml",
                "loki-toolset.yaml", "tempo-toolset.yaml", "opensearch-toolset.yaml", "zipkin-toolset.yaml", "rabbitmq-toolset.yaml", "argocd-toolset.yaml",
                "kafka-toolset.yaml", "holmes-toolsets.yaml",
            ],
            keys);
    }

    [Fact]
    public async Task What_an_admin_would_install_may_be_among_the_manifests()
    {
        string root = RepositoryRoot.Path;
        using var kubectl = new Kubectl(kubeconfig: "");
        string rendered = kubectl.Manifest(await kubectl.RunAsync("kustomize", Path.Combine(root, "deploy", "overlays", "ha")));
        (int exitCode, _, string error) = await PublishedProgram.RunAsync(
            [], "sandbox", "--once", "-f", rendered, "-f", Path.Combine(root, "examples", "services.yaml"));
        Assert.True(exitCode == 0, error);
    }

    [Fact]
    public async Task What_an_admin_would_install_can_be_applied_to_it()
    {
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync();
        await sandbox.Kubectl.RunAsync("apply", "-k", Path.Combine(RepositoryRoot.Path, "deploy", "overlays", "ha"));
        Assert.Contains("app.kubernetes.io/instance=dynamic-toolset", await sandbox.Kubectl.RunAsync("get", "networkpolicies", "-A"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_used_is_named_with_its_place()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "kind: Service\nmetadata: [\n", TestContext.Current.CancellationToken);
        (int exitCode, string output, string error) = await PublishedProgram.RunAsync([], "sandbox", "--once", "-f", file);
        File.Delete(file);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"{file}:3:1: ", error);
    }

    [Fact]
    public async Task A_key_that_is_edited_with_kubectl_is_repaired()
    {
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync();
        sandbox.Kubectl.EditBy("s/30s/99s/");
        await sandbox.Kubectl.RunAsync("edit", "configmap", Name, "-n", Namespace);
        await sandbox.Program.LineAsync("repaired   prometheus-toolset.yaml, which was changed by kubectl-edit");
        Assert.Contains("timeout: \"30s\"", await sandbox.DataAsync("prometheus-toolset.yaml"));
    }

    [Fact]
    public async Task The_patch_of_the_overview_takes_effect_and_survives_the_deletion_of_the_ConfigMap()
    {
        const string Patch = """
            [{
              "op":"add",
              "path":"/data/overrides.yaml",
              "value":"custom-prometheus:\n  enabled: true\n  config:\n    url: \"http://custom:9090\"\n"
            }]
            """;
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync();
        await sandbox.Kubectl.RunAsync("patch", "configmap", Name, "-n", Namespace, "--type", "json", "-p", Patch);
        await sandbox.Program.LineAsync("added custom-prometheus");
        Assert.Contains("url: \"http://custom:9090\"", await sandbox.DataAsync("custom-prometheus-toolset.yaml"));
        await sandbox.Kubectl.RunAsync("delete", "configmap", Name, "-n", Namespace);
        await sandbox.Program.LineAsync("recreated");
        Assert.Equal("Deployment/dynamic-toolset", await sandbox.Kubectl.RunAsync(
            "get", "configmap", Name, "-n", Namespace, "-o", "jsonpath={.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name}"));
        Assert.Equal("custom-prometheus:\n  enabled: true\n  config:\n    url: \"http://custom:9090\"\n", await sandbox.DataAsync("overrides.yaml"));
    }

    [Fact]
    public async Task A_service_that_a_user_adds_appears()
    {
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync();
        await sandbox.Kubectl.RunAsync("create", "namespace", "mine");
        await sandbox.Kubectl.RunAsync("create", "service", "clusterip", "dashboards", "-n", "mine", "--tcp=3000");
        await sandbox.Kubectl.RunAsync("label", "service", "dashboards", "-n", "mine", "app=grafana", "--overwrite");
        await sandbox.Program.LineAsync("added grafana-mine-dashboards");
        await sandbox.Kubectl.RunAsync("create", "service", "clusterip", "orders", "-n", "mine", "--tcp=8080");
        await sandbox.Kubectl.RunAsync(
            "annotate", "service", "orders", "-n", "mine", "kubernaut.io/toolset=true", "kubernaut.io/toolset-type=custom", "kubernaut.io/toolset-name=shop");
        await sandbox.Program.LineAsync("added shop");
        Assert.Contains("http://orders.mine:8080", await sandbox.DataAsync("shop-toolset.yaml"));
    }

    [Theory]
    [InlineData("503")]
    [InlineData("hang")]
    [InlineData("refuse")]
    [InlineData("tls")]
    public async Task A_backend_that_answers_wrongly_goes_and_comes_back(string answer)
    {
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync();
        await sandbox.Kubectl.RunAsync("annotate", "service", "grafana", "-n", "monitoring", $"sandbox.dynamic-toolset/answer={answer}");
        await sandbox.Program.LineAsync("removed grafana");
        await sandbox.Kubectl.RunAsync("annotate", "service", "grafana", "-n", "monitoring", "sandbox.dynamic-toolset/answer-");
        await sandbox.Program.LineAsync("added grafana");
    }

    [Fact]
    public async Task A_backend_that_wants_credentials_stays_and_is_told_with_the_override_that_mends_it()
    {
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync();
        await sandbox.Kubectl.RunAsync("annotate", "service", "prometheus", "-n", "monitoring", "sandbox.dynamic-toolset/answer=401");
        Assert.Contains("monitoring/prometheus, which wants credentials", await sandbox.Program.LineAsync("healthy    prometheus    monitoring/prometheus, "));
        Assert.Contains("prometheus: {config: {headers: {Authorization: ", await sandbox.Program.LineAsync("no access  monitoring/prometheus: "));
        Assert.Contains("http://prometheus.monitoring:9090", await sandbox.DataAsync("prometheus-toolset.yaml"));
    }

    [Fact]
    public async Task A_token_of_the_shipped_account_reads_its_API_where_it_asks_for_one()
    {
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync(("AUTH_ENABLED", "true"));
        string page = await sandbox.Program.LineAsync("The page at ");
        string answer = await sandbox.Kubectl.RunAsync(
            "create", "--raw", $"/api/v1/namespaces/{Namespace}/serviceaccounts/dynamic-toolset-sa/token", "-f", sandbox.Kubectl.Write("request.json", "{}"));
        using var http = new HttpClient { BaseAddress = new Uri(page.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/v1/toolsets", TestContext.Current.CancellationToken)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)JsonNode.Parse(answer)!["status"]!["token"]!);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/toolsets", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task It_ends_in_order_and_takes_its_kubeconfig_along()
    {
        await using RunningSandbox sandbox = await RunningSandbox.StartAsync();
        Assert.True(File.Exists(sandbox.Kubeconfig));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.GetDirectoryName(sandbox.Kubeconfig)!) & ~ForTheUserAlone);
        Assert.Equal(0, await sandbox.Program.TerminateAsync());
        Assert.False(File.Exists(sandbox.Kubeconfig));
    }

    private sealed class RunningSandbox : IAsyncDisposable
    {
        private RunningSandbox(PublishedProgram program, string kubeconfig)
        {
            Program = program;
            Kubeconfig = kubeconfig;
            Kubectl = new Kubectl(kubeconfig);
        }

        public PublishedProgram Program { get; }

        public string Kubeconfig { get; }

        public Kubectl Kubectl { get; }

        public static async Task<RunningSandbox> StartAsync(params (string Name, string Value)[] environment)
        {
            PublishedProgram program = PublishedProgram.Start(environment, "sandbox");
            string line = await program.LineAsync("export KUBECONFIG=");
            await program.LineAsync("created");
            return new RunningSandbox(program, line.Split('=')[1]);
        }

        public async Task<string> DataAsync(string key)
        {
            string json = await Kubectl.RunAsync("get", "configmap", Name, "-n", Namespace, "-o", "json");
            return JsonNode.Parse(json)!["data"]![key]!.GetValue<string>();
        }

        public ValueTask DisposeAsync()
        {
            Kubectl.Dispose();
            return Program.DisposeAsync();
        }
    }
}
