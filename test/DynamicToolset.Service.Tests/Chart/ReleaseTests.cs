using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>The chart on a real API server, by a real helm, with the published program in the place of the pods.</summary>
public sealed class ReleaseTests(RealServerFixture real) : IClassFixture<RealServerFixture>, IDisposable
{
    private const string Overrides = "overrides.yaml";
    private const string WithElection = "{ha: {enabled: true}, podDisruptionBudget: {enabled: false}}";
    private const string Mine = "# ours:\ttwo minutes\r\nprometheus:\r\n  config:\r\n    timeout: 120s\t# not 30\r\n\r\n";

    /// <summary>What Kubernetes 1.20 does not have.</summary>
    private const string TooNew = "PodDisruptionBudget";

    private static readonly string[] Namespaces = [Rendering.Namespace, "holmes", "monitoring", "a", "b", "shared"];

    public void Dispose() => real.Check();

    /// <summary>As Helm 4 applies it: by the server, which refuses what its schema does not know.</summary>
    [Fact]
    public async Task Everything_that_the_chart_can_make_is_taken_by_the_API_server()
    {
        using var kubectl = new Kubectl((await real.ServerAsync()).Kubeconfig);
        Dictionary<string, JsonObject> manifests = [];
        foreach (string values in EffectTests.Effects.Select(row => row.Data.Item1).Distinct())
        {
            foreach (JsonObject manifest in (await Rendering.OfAsync(values)).Objects)
                manifests[manifest.ToJsonString()] = manifest;
        }

        string[] taken = [.. manifests.Where(m => (string?)m.Value["kind"] != TooNew).Select(m => m.Key)];
        await PrepareAsync(kubectl, manifests.Values.Select(m => (string?)m["spec"]?["serviceAccountName"]).OfType<string>());
        await kubectl.RunAsync("apply", "--server-side", "--dry-run=server", "-f", kubectl.Manifest(ListOf(taken)));
        // Once this is taken, the exception above has had its day.
        (int code, string output) = await kubectl.TryAsync("apply", "--server-side", "--dry-run=server", "-f", kubectl.Manifest(ListOf(manifests.Keys.Except(taken))));
        Assert.Equal((1, true), (code, output.Contains($"no matches for kind \"{TooNew}\" in version \"policy/v1\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Overrides_outlive_upgrades_and_uninstalling_where_the_ConfigMap_has_no_owner()
    {
        PublishedProgram.Path();
        await using var release = new InstalledRelease(await real.ServerAsync(), "dynamic-toolset", "kept");
        string notes = await release.HelmAsync("install");
        Assert.Contains("\"helm uninstall\" deletes the ConfigMap", notes, StringComparison.Ordinal);
        await release.RunPodAsync();
        JsonObject made = await release.UntilConfigMapAsync(HasKubernetes, "it is made");
        Assert.Equal(Uid(await release.ReadAsync("deployment", release.Name, release.Namespace)), Assert.Single(InstalledRelease.OwnersOf(made)));
        await release.Kubectl.RunAsync("patch", "configmap", "kubernaut-toolset-config", "-n", "kept", "--type=merge", "-p", PatchOf(Mine));

        // Another way to run it: what the service writes changes hands, and the admin's text is as it was.
        await release.HelmAsync("upgrade", "{ha: {enabled: true}, podDisruptionBudget: {enabled: false}, env: [{name: LOG_LEVEL, value: debug}]}");
        await release.RunPodAsync();
        await release.UntilConfigMapAsync(c => (string?)c?["metadata"]!["annotations"]?["kubernaut.io/leader-epoch"] is not null && HasMine(c), "a leader keeps it");
        Assert.Equal(Uid(made), Uid(await release.ReadAsync("configmap", "kubernaut-toolset-config", "kept")));

        notes = await release.HelmAsync("upgrade", "configMap: {ownerReference: false}");
        Assert.Contains("\"helm uninstall\" keeps the ConfigMap", notes, StringComparison.Ordinal);
        await release.RunPodAsync();
        await release.UntilConfigMapAsync(c => InstalledRelease.OwnersOf(c).IsEmpty && HasMine(c), "it belongs to nobody");
        await release.StopPodAsync();
        await release.UninstallAsync();
        Assert.Null(await release.ReadAsync("deployment", release.Name, release.Namespace));
        Assert.True(HasMine(await release.ReadAsync("configmap", "kubernaut-toolset-config", "kept")));

        await release.HelmAsync("install");
        await release.RunPodAsync();
        JsonObject adopted = await release.UntilConfigMapAsync(c => InstalledRelease.OwnersOf(c).Length == 1, "it belongs to the new Deployment");
        Assert.True(HasMine(adopted));
        Assert.Equal(Uid(made), Uid(adopted));
        Assert.DoesNotContain("helm", Managers(adopted));
    }

    /// <summary>What the page tells those who keep overrides beside their values.</summary>
    [Fact]
    public async Task Overrides_that_are_applied_before_the_chart_are_taken_up()
    {
        PublishedProgram.Path();
        await using var release = new InstalledRelease(await real.ServerAsync(), "dynamic-toolset", "seeded");
        await release.Kubectl.RunAsync("create", "namespace", "seeded");
        string page = await File.ReadAllTextAsync(Path.Combine(Rendering.ChartFolder, "README.md"), TestContext.Current.CancellationToken);
        string manifest = page.Split("# overrides-configmap.yaml\n")[1].Split("```")[0].Replace("kubernaut-system", "seeded", StringComparison.Ordinal);
        string command = page.Split("kubectl apply --server-side ")[1].Split(" -f ")[0];
        await release.Kubectl.RunAsync("apply", "--server-side", command, "-f", release.Kubectl.Manifest(manifest));
        await release.HelmAsync("install");
        await release.RunPodAsync();
        JsonObject made = await release.UntilConfigMapAsync(HasKubernetes, "its keys are added");
        Assert.Equal("grafana:\n  enabled: false\n", (string?)made["data"]![Overrides]);
        await release.Kubectl.RunAsync("apply", "--server-side", command, "-f", release.Kubectl.Manifest(manifest.Replace("false", "true", StringComparison.Ordinal)));

        await release.Kubectl.RunAsync("patch", "configmap", "kubernaut-toolset-config", "-n", "seeded", "--type=merge", "-p", PatchOf(Mine));
        (int code, string output) = await release.Kubectl.TryAsync("apply", "--server-side", command, "-f", release.Kubectl.Manifest(manifest));
        Assert.Equal((1, true), (code, output.Contains("conflict with \"kubectl-patch\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_releases_of_one_name_live_in_two_namespaces_and_keep_a_ConfigMap_each()
    {
        PublishedProgram.Path();
        await using var one = new InstalledRelease(await real.ServerAsync(), "dynamic-toolset", "team-a");
        await using var other = new InstalledRelease(await real.ServerAsync(), "dynamic-toolset", "team-b");
        foreach (InstalledRelease release in (InstalledRelease[])[one, other])
        {
            await release.HelmAsync("install", WithElection);
            await release.RunPodAsync();
        }

        JsonObject first = await one.UntilConfigMapAsync(HasKubernetes, "the first keeps one");
        await other.UntilConfigMapAsync(HasKubernetes, "and so does the second");
        await one.StopPodAsync();
        await one.UninstallAsync();
        Assert.Equal("yes", (await other.Kubectl.RunAsync("auth", "can-i", "list", "services", "-A", "--as=system:serviceaccount:team-b:dynamic-toolset-sa")).Trim());
        Assert.Equal(Uid(first), Uid(await one.ReadAsync("configmap", "kubernaut-toolset-config", "team-a")));
        await other.Kubectl.RunAsync("delete", "configmap", "kubernaut-toolset-config", "-n", "team-b");
        await other.UntilConfigMapAsync(HasKubernetes, "the second goes on");
    }

    [Fact]
    public async Task With_namespaces_the_service_reads_Services_there_and_nowhere_else()
    {
        PublishedProgram.Path();
        await using var release = new InstalledRelease(await real.ServerAsync(), "blue", "narrow");
        await PrepareAsync(release.Kubectl, []);
        const string Values = "{namespaces: [monitoring], configMap: {namespace: holmes}, fullnameOverride: blue, ";
        await release.HelmAsync("install", Values + WithElection[1..]);
        await release.RunPodAsync();
        await release.Kubectl.RunAsync("apply", "-f", release.Kubectl.Manifest(
            "apiVersion: v1\nkind: Service\nmetadata: {name: grafana, namespace: monitoring, labels: {app: grafana}}\nspec: {ports: [{port: 3000}]}"));
        await release.UntilConfigMapAsync(c => c?["data"]?["grafana-toolset.yaml"] is not null, "a Service there is found", "holmes");
        const string Account = "--as=system:serviceaccount:narrow:blue-sa";
        Assert.Equal("no", (await release.Kubectl.TryAsync("auth", "can-i", "list", "services", "-A", Account)).Output.Trim());
        Assert.Equal("no", (await release.Kubectl.TryAsync("auth", "can-i", "get", "configmaps/kubernaut-toolset-config", "-n", "narrow", Account)).Output.Trim());
        await release.Kubectl.RunAsync("get", "lease", "blue-leader", "-n", "holmes");
        Assert.DoesNotContain(release.Program.Output, line => line.Contains("is missing", StringComparison.Ordinal));
    }

    /// <summary>Its pod cannot run here; its arguments can, with the place of the Service and of the token put in.</summary>
    [Fact]
    public async Task The_test_of_the_release_passes_once_the_service_has_read_the_cluster()
    {
        PublishedProgram.Path();
        await using var release = new InstalledRelease(await real.ServerAsync(), "dynamic-toolset", "tested");
        await release.HelmAsync("install");
        await release.RunPodAsync();
        Rendering hooks = Rendering.Read(await release.AskHelmAsync("get", "hooks", release.Name));
        JsonNode pod = hooks.Get("Pod/dynamic-toolset-test")["spec"]!;
        string[] arguments = [.. pod["containers"]![0]!["args"]!.AsArray().Select(a => (string)a!)];
        string token = Path.Combine((string)pod["containers"]![0]!["volumeMounts"]![0]!["mountPath"]!, (string)pod["volumes"]![0]!["projected"]!["sources"]![0]!["serviceAccountToken"]!["path"]!);
        Assert.Equal(["status", "--url", "http://dynamic-toolset.tested:8080", "--token-file", token], arguments);
        arguments[2] = await ApiAsync(release);
        arguments[4] = release.Write("token", await release.TokenAsync((string)pod["serviceAccountName"]!));
        await release.UntilConfigMapAsync(HasKubernetes, "it has read the cluster");
        (int code, string output, string error) = await PublishedProgram.RunAsync([], arguments);
        Assert.True(code == 0, error);
        Assert.Contains("the service", output, StringComparison.Ordinal);

        await release.StopPodAsync();
        (code, _, error) = await PublishedProgram.RunAsync([], arguments);
        Assert.True(code == 2, error);
    }

    [Fact]
    public async Task What_kubectl_has_set_stays_or_is_named_as_a_conflict_and_never_lost_unasked()
    {
        await using var release = new InstalledRelease(await real.ServerAsync(), "dynamic-toolset", "by-hand");
        await release.HelmAsync("install");
        await release.Kubectl.RunAsync("set", "env", "deployment/dynamic-toolset", "-n", "by-hand", "HEALTH_CHECK_ENABLED=false");
        await release.HelmAsync("upgrade", "discoveryInterval: 1m");
        Assert.Contains("HEALTH_CHECK_ENABLED", await EnvironmentAsync(release), StringComparison.Ordinal);

        await release.Kubectl.RunAsync("set", "image", "deployment/dynamic-toolset", "-n", "by-hand", "dynamic-toolset=dynamic-toolset:v1.1");
        (int code, _, string errors) = await release.TryUpgradeAsync();
        Assert.Equal((1, true, true), (code, errors.Contains("conflict with \"kubectl-set\"", StringComparison.Ordinal), errors.Contains(".image", StringComparison.Ordinal)));
        (code, _, errors) = await release.TryUpgradeAsync("--force-conflicts");
        Assert.True(code == 0, errors);
        Assert.Contains("dynamic-toolset:1.0.0", await EnvironmentAsync(release), StringComparison.Ordinal);
    }

    /// <summary>As the page says it: without any in between.</summary>
    [Fact]
    public async Task One_replica_becomes_two_and_one_again()
    {
        await using var release = new InstalledRelease(await real.ServerAsync(), "dynamic-toolset", "scaled");
        await release.HelmAsync("install");
        await ScaleAsync("replicaCount=0", (0, "Recreate"));
        await ScaleAsync("ha.enabled=true,replicaCount=2,podDisruptionBudget.enabled=false", (2, "RollingUpdate"));
        await ScaleAsync("ha.enabled=false,replicaCount=1", (1, "Recreate"));

        async Task ScaleAsync(string set, (int, string) expected)
        {
            (int code, _, string errors) = await release.TryUpgradeAsync("--reset-then-reuse-values", "--set", set);
            Assert.True(code == 0, errors);
            JsonNode spec = (await release.ReadAsync("deployment", release.Name, release.Namespace))!["spec"]!;
            Assert.Equal(expected, ((int)spec["replicas"]!, (string)spec["strategy"]!["type"]!));
        }
    }

    private static async Task<string> EnvironmentAsync(InstalledRelease release) =>
        (await release.ReadAsync("deployment", release.Name, release.Namespace))!["spec"]!["template"]!["spec"]!["containers"]!.ToJsonString();

    private static string ListOf(IEnumerable<string> manifests) => $"{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{string.Join(',', manifests)}]}}";

    private static async Task<string> ApiAsync(InstalledRelease release)
    {
        JsonNode line = JsonNode.Parse(await release.Program.LineAsync("\"msg\":\"Listening\""))!;
        return $"http://127.0.0.1:{new Uri((string)line["urls"]![0]!).Port}";
    }

    private static bool HasKubernetes(JsonObject? configMap) => configMap?["data"]?["kubernetes-toolset.yaml"] is not null;

    private static bool HasMine(JsonObject? configMap) => (string?)configMap?["data"]?[Overrides] == Mine;

    private static string PatchOf(string overrides) => new JsonObject { ["data"] = new JsonObject { [Overrides] = overrides } }.ToJsonString();

    private static string Uid(JsonObject? of) => (string)of!["metadata"]!["uid"]!;

    private static IEnumerable<string> Managers(JsonObject of) => of["metadata"]!["managedFields"]!.AsArray().Select(m => (string)m!["manager"]!);

    /// <summary>The namespaces that values name, the accounts of the test's pod, and the kinds of the Prometheus Operator with whatever they hold.</summary>
    private static async Task PrepareAsync(Kubectl kubectl, IEnumerable<string> accounts)
    {
        IEnumerable<string> objects =
        [
            .. Namespaces.Select(ns => $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {ns}}}"),
            .. accounts.Distinct().Select(a => $"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {a}, namespace: {Rendering.Namespace}}}"),
            .. ((string[])["ServiceMonitor", "PrometheusRule"]).Select(Definition),
        ];
        await kubectl.RunAsync("apply", "-f", kubectl.Manifest(string.Join("\n---\n", objects)));
        await kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    }

    private static string Definition(string kind)
    {
        string plural = $"{kind.ToLowerInvariant()}s";
        return $$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: {{plural}}.monitoring.coreos.com
            spec:
              group: monitoring.coreos.com
              scope: Namespaced
              names:
                kind: {{kind}}
                plural: {{plural}}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema:
                    openAPIV3Schema:
                      type: object
                      x-kubernetes-preserve-unknown-fields: true
            """;
    }
}
