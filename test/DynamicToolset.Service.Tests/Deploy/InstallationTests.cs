using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Deploy;

/// <summary>A real API server takes what is installed, by the commands of the docs.</summary>
public sealed class InstallationTests(InstallationTests.Fixture fixture) : IClassFixture<InstallationTests.Fixture>, IAsyncLifetime
{
    private const string Base = RenderedManifests.Base, Ha = RenderedManifests.Ha;
    private const string Uninstalled = "app.kubernetes.io/name=dynamic-toolset,app.kubernetes.io/managed-by=kustomize";

    private Kubectl? _kubectl;

    private Kubectl Kubectl => _kubectl!;

    public async ValueTask InitializeAsync()
    {
        _kubectl = await fixture.KubectlAsync();
        await Kubectl.RunAsync("delete", "deployment", "dynamic-toolset", "-n", DeployedService.Namespace, "--ignore-not-found");
    }

    public ValueTask DisposeAsync()
    {
        fixture.Check();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(Base)]
    [InlineData(Ha)]
    public async Task It_is_taken_as_it_is_and_a_second_time_nothing_changes(string folder)
    {
        // Nothing else can be tried where the namespace is not there.
        await Kubectl.RunAsync("apply", "-f", Path.Combine(RepositoryRoot.Path, "deploy/base/namespace.yaml"));
        int count = (await RenderedManifests.OfAsync(folder)).Objects.Length - (folder == Ha && !await KnowsBudgetsAsync() ? 1 : 0);
        Assert.Equal(count, (await ApplyAsync(folder, "--dry-run=server")).Length);
        Assert.Equal(count, (await ApplyAsync(folder)).Length);
        string[] again = await ApplyAsync(folder);
        Assert.Equal(count, again.Length);
        // Of a budget kubectl always sends the selector, which the API server has already.
        Assert.All(
            again.Where(l => !l.StartsWith("poddisruptionbudget", StringComparison.Ordinal)), line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
    }

    /// <summary>The one object that API servers before 1.21 do not know is one that they would take.</summary>
    [Fact]
    public async Task An_API_server_without_this_version_of_disruption_budgets_takes_it_in_the_one_before()
    {
        JsonObject budget = (await RenderedManifests.OfAsync(Ha)).The("PodDisruptionBudget");
        await ApplyAsync(Base);
        if (!await KnowsBudgetsAsync())
        {
            budget["apiVersion"] = "policy/v1beta1";
            budget["spec"]!.AsObject().Remove("unhealthyPodEvictionPolicy");
        }

        await Kubectl.RunAsync("apply", "--dry-run=server", "-f", Kubectl.Manifest(budget.ToJsonString()));
    }

    [Fact]
    public async Task One_replica_becomes_two_and_one_again()
    {
        await ApplyAsync(Base);
        await ApplyAsync(Ha);
        JsonNode two = await SpecAsync();
        Assert.Equal((2, "RollingUpdate", 0), ((int)two["replicas"]!, (string)two["strategy"]!["type"]!, (int)two["strategy"]!["rollingUpdate"]!["maxUnavailable"]!));
        await ApplyAsync(Base);
        JsonNode one = await SpecAsync();
        Assert.Equal((1, """{"type":"Recreate"}"""), ((int)one["replicas"]!, one["strategy"]!.ToJsonString()));
        Assert.DoesNotContain("LEADER_ELECTION_ENABLED", one.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_overview_s_commands_work_on_what_is_installed()
    {
        await ApplyAsync(Base);
        string[] ns = ["-n", DeployedService.Namespace];
        await Kubectl.RunAsync(["set", "image", "deployment/dynamic-toolset", .. ns, "dynamic-toolset=kubernaut/dynamic-toolset:v1.1"]);
        await Kubectl.RunAsync(["set", "env", "deployment/dynamic-toolset", .. ns, "HEALTH_CHECK_ENABLED=false"]);
        Assert.StartsWith("yes", await Kubectl.RunAsync(
            "auth", "can-i", "list", "services", "--as=system:serviceaccount:kubernaut-system:dynamic-toolset-sa"), StringComparison.Ordinal);
        await ApplyAsync(Base);
        JsonNode container = (await SpecAsync())["template"]!["spec"]!["containers"]![0]!;
        // What the manifest says is as it says; what it does not name stays.
        Assert.StartsWith("dynamic-toolset:", (string?)container["image"], StringComparison.Ordinal);
        Assert.Contains(container["env"]!.AsArray(), v => (string?)v!["name"] == "HEALTH_CHECK_ENABLED");
    }

    /// <summary>Why the manifests are not those of the overview, see docs/adr/0039-installation.md.</summary>
    [Fact]
    public async Task The_overview_s_Deployment_is_refused_and_its_Lease_is_taken()
    {
        await ApplyAsync(Base);
        (int code, string output) = await Kubectl.TryAsync("create", "-f", Kubectl.Manifest("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: of-the-overview, namespace: kubernaut-system }
            spec:
              selector: { matchLabels: { app: dynamic-toolset } }
              template:
                spec: { containers: [ { name: dynamic-toolset, image: kubernaut/dynamic-toolset:v1.0 } ] }
            """));
        Assert.Equal(1, code);
        Assert.Contains("`selector` does not match template `labels`", output, StringComparison.Ordinal);
        await Kubectl.RunAsync("create", "--dry-run=server", "-f", Kubectl.Manifest("""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: { name: dynamic-toolset-leader, namespace: kubernaut-system }
            """));
    }

    /// <summary>By the command of docs/replay.md.</summary>
    [Fact]
    public async Task The_journal_gets_a_volume_and_everything_else_stays()
    {
        await ApplyAsync(Base);
        JsonNode before = await SpecAsync();
        string page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "replay.md"), TestContext.Current.CancellationToken);
        string[] command = page.Split("```sh\n").Single(b => b.StartsWith("kubectl patch", StringComparison.Ordinal)).Split("```")[0].Split('\'');
        await Kubectl.RunAsync([.. command[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1), command[1]]);
        JsonNode pod = (await SpecAsync())["template"]!["spec"]!, container = pod["containers"]![0]!;
        Assert.Contains("""{"name":"JOURNAL_DIR","value":"/journal"}""", container["env"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("""{"mountPath":"/journal","name":"journal"}""", container["volumeMounts"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("""{"emptyDir":{"sizeLimit":"80Mi"},"name":"journal"}""", pod["volumes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.All(before["template"]!["spec"]!["volumes"]!.AsArray(), v => Assert.Contains(pod["volumes"]!.AsArray(), w => JsonNode.DeepEquals(v, w)));
    }

    [Fact]
    public async Task A_kustomization_of_ones_own_changes_namespace_image_and_settings()
    {
        using var folder = new TestFolder();
        string mine = await WriteAsync(folder, example: 0);
        RenderedManifests rendered = await RenderedManifests.OfAsync(mine);
        Assert.DoesNotContain("kubernaut-system", rendered.Text, StringComparison.Ordinal);
        Assert.Equal("toolsets", (string?)rendered.The("Namespace")["metadata"]!["name"]);
        Assert.Equal("registry.example.com/observability/dynamic-toolset:1.0.0", (string?)rendered.Container["image"]);
        Assert.Equal(("cluster.local", "true"), (rendered.Variable("CLUSTER_DOMAIN"), rendered.Variable("LEADER_ELECTION_ENABLED")));
        Assert.Equal("128Mi", (string?)rendered.Container["resources"]!["limits"]!["memory"]);
        await Kubectl.RunAsync("create", "--save-config", "-f", Kubectl.Manifest(rendered.The("Namespace").ToJsonString()));
        await ApplyAsync(mine, "--dry-run=server");
    }

    [Fact]
    public async Task Who_wants_less_of_the_pods_in_the_namespace_can_say_so()
    {
        using var folder = new TestFolder();
        JsonNode labels = (await RenderedManifests.OfAsync(await WriteAsync(folder, example: 1))).The("Namespace")["metadata"]!["labels"]!;
        Assert.Equal(
            ("baseline", "restricted"), ((string?)labels["pod-security.kubernetes.io/enforce"], (string?)labels["pod-security.kubernetes.io/warn"]));
    }

    [Fact]
    public async Task A_token_for_the_health_checks_is_mounted_where_its_setting_says()
    {
        using var folder = new TestFolder();
        string mine = await WriteAsync(folder, example: 2);
        RenderedManifests rendered = await RenderedManifests.OfAsync(mine);
        JsonNode mount = rendered.Container["volumeMounts"]!.AsArray().Single(m => (string?)m!["name"] == "backends")!;
        Assert.EndsWith($"={(string?)mount["mountPath"]}/token", rendered.Variable("HEALTH_CHECK_TOKEN_FILES"), StringComparison.Ordinal);
        await ApplyAsync("deploy/base");
        await ApplyAsync(mine, "--dry-run=server");
        (int exitCode, _, string error) = await BuiltProgram.RunAsync(
            [.. ((string[])["CLUSTER_DOMAIN", "HEALTH_CHECK_CA_FILE", "HEALTH_CHECK_TOKEN_FILES"]).Select(name => (name, rendered.Variable(name)!))],
            "run",
            "--print-config");
        Assert.True(exitCode == 0, error);
    }

    [Fact]
    public async Task What_the_page_says_takes_everything_away_but_the_ConfigMap_and_what_else_is_in_the_namespace()
    {
        await ApplyAsync(Ha);
        await Kubectl.RunAsync("create", "configmap", "kubernaut-toolset-config", "-n", DeployedService.Namespace, "--from-literal=overrides.yaml=mine");
        string page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs/install.md"), TestContext.Current.CancellationToken);
        string[] commands = [.. page.Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Where(l => l.StartsWith("kubectl delete ", StringComparison.Ordinal))];
        Assert.Equal(4, commands.Length);
        foreach (string command in commands)
            await Kubectl.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Placed)]);
        string left = await Kubectl.RunAsync(
            "get", "namespace,deployment,service,networkpolicy,poddisruptionbudget,serviceaccount,role,rolebinding,clusterrole,clusterrolebinding", "-A", "-o", "name", "-l", Uninstalled);
        Assert.All(left.Trim().Split('\n'), name => Assert.StartsWith("namespace/", name, StringComparison.Ordinal));
        await Kubectl.RunAsync("delete", "configmap", "kubernaut-toolset-config", "-n", DeployedService.Namespace);

        static string Placed(string word) => word.StartsWith("deploy/", StringComparison.Ordinal) ? Path.Combine(RepositoryRoot.Path, word) : word;
    }

    /// <summary>A kustomization out of the page.</summary>
    private static async Task<string> WriteAsync(TestFolder folder, int example)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs/install.md"), TestContext.Current.CancellationToken);
        string text = page.Split("```yaml\n")[example + 1].Split("```")[0];
        string deploy = Path.GetRelativePath(Path.Combine(folder.Path, "mine"), Path.Combine(RepositoryRoot.Path, "deploy"));
        string resources = text.Contains("resources:\n", StringComparison.Ordinal) ? "" : $"resources: [{deploy}/base]\n";
        folder.Write("mine/kustomization.yaml", resources + text.Replace("../deploy", deploy, StringComparison.Ordinal));
        return Path.Combine(folder.Path, "mine");
    }

    private async Task<JsonNode> SpecAsync() =>
        JsonNode.Parse(await Kubectl.RunAsync("get", "deployment", "dynamic-toolset", "-n", DeployedService.Namespace, "-o", "json"))!["spec"]!;

    private async Task<bool> KnowsBudgetsAsync() => (await Kubectl.RunAsync("api-versions")).Split('\n').Contains("policy/v1");

    /// <summary>Fails where anything is refused but the object that an old API server has no kind for.</summary>
    /// <returns>A line for each object.</returns>
    private async Task<string[]> ApplyAsync(string folder, params string[] more)
    {
        bool isKnown = await KnowsBudgetsAsync();
        (int code, string output) = await Kubectl.TryAsync(["apply", "-k", Path.Combine(RepositoryRoot.Path, folder), .. more]);
        string[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        string[] complaints = [.. lines.Where(l => !IsOfObject(l))];
        if (isKnown || !output.Contains("PodDisruptionBudget", StringComparison.Ordinal))
            Assert.True(code == 0 && complaints.Length == 0, output);
        else
            Assert.Contains("no matches for kind \"PodDisruptionBudget\" in version \"policy/v1\"", Assert.Single(complaints, c => c.Contains("error", StringComparison.Ordinal)), StringComparison.Ordinal);
        return [.. lines.Where(IsOfObject)];
    }

    /// <summary>Such as <c>service/dynamic-toolset created (server dry run)</c>.</summary>
    private static bool IsOfObject(string line) => line.Split(' ') is [var name, "created" or "configured" or "unchanged", ..] && name.Contains('/', StringComparison.Ordinal);

    public sealed class Fixture : IAsyncDisposable
    {
        private readonly RealServerFixture _real = new();
        private Kubectl? _kubectl;

        public void Check() => _real.Check();

        public async Task<Kubectl> KubectlAsync()
        {
            IApiServer server = await _real.ServerAsync();
            return _kubectl ??= new Kubectl(server.Kubeconfig);
        }

        public ValueTask DisposeAsync()
        {
            _kubectl?.Dispose();
            return _real.DisposeAsync();
        }
    }
}
