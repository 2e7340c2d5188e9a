using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>
/// The native executable with the token of its own ServiceAccount and nothing else, in a cluster where <c>deploy/base</c> was applied; and an
/// admin beside it.
/// </summary>
internal sealed class DeployedService : IAsyncDisposable
{
    public const string Namespace = "kubernaut-system";
    public const string ConfigMap = "kubernaut-toolset-config";
    private const string Backends = "monitoring";
    private const string ConfigMapPath = $"/api/v1/namespaces/{Namespace}/configmaps/{ConfigMap}";
    private const string DeploymentsPath = $"/apis/apps/v1/namespaces/{Namespace}/deployments";
    private const string ServicesPath = $"/api/v1/namespaces/{Backends}/services";
    private const string MergePatch = "application/merge-patch+json";
    private const string TokenPath = $"/api/v1/namespaces/{Namespace}/serviceaccounts/dynamic-toolset-sa/token";
    private static readonly Dictionary<string, int> Ports = new() { ["prometheus"] = 9090, ["grafana"] = 3000, ["orders"] = 8080 };

    private readonly ConcurrentDictionary<ObjectKey, SampleBackend> _backends = new();
    private readonly TestFolder _folder = new();
    private readonly HttpClient _admin;
    private SampleBackendServer? _answers;
    private string _kubeconfig = "";
    private PublishedProgram? _program;

    private DeployedService(IApiServer server)
    {
        Kubectl = new Kubectl(server.Kubeconfig);
        _admin = server.CreateAdmin();
    }

    /// <summary>The admin's.</summary>
    public Kubectl Kubectl { get; }

    public PublishedProgram Program => _program!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<DeployedService> InstallAsync(IApiServer server)
    {
        var service = new DeployedService(server);
        service._answers = await SampleBackendServer.StartAsync(service._backends.GetValueOrDefault, Stop);
        await service.ApplyManifestsAsync();
        await service.Kubectl.RunAsync("apply", "-f", service.Kubectl.Manifest($"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {Backends}\n"));
        await service.WriteKubeconfigAsync();
        return service;
    }

    /// <summary>What the README tells an admin to do.</summary>
    public Task ApplyManifestsAsync() => Kubectl.RunAsync("apply", "-f", Path.Combine(RepositoryRoot.Path, "deploy", "base"));

    /// <summary>As on the first day: the service runs, and knows of no backend and no override.</summary>
    public async Task ResetAsync()
    {
        foreach (string type in Ports.Keys)
            SetAnswer(type, SampleAnswer.Right);
        foreach (JsonNode? service in (await _admin.AskAsync(HttpMethod.Get, ServicesPath)).Body["items"]!.AsArray())
            await _admin.AskAsync(HttpMethod.Delete, $"{ServicesPath}/{service!["metadata"]!["name"]}");
        await DeleteDeploymentAsync();
        var asBefore = new JsonObject
        {
            ["metadata"] = new JsonObject { ["ownerReferences"] = null },
            ["data"] = new JsonObject { ["overrides.yaml"] = null },
            ["binaryData"] = null,
        };
        await _admin.AskAsync(HttpMethod.Patch, ConfigMapPath, asBefore, MergePatch);
        _program ??= Start();
        await UntilAsync(c => Keys(c) is ["holmes-toolsets.yaml", "kubernetes-toolset.yaml"] && OverrideError(c) is null, "it is as on the first day");
    }

    public PublishedProgram Start(params (string Name, string Value)[] more) => PublishedProgram.Start(
        [
            ("KUBECONFIG", _kubeconfig),
            ("PORT", "0"),
            ("METRICS_PORT", "0"),
            ("SHUTDOWN_DELAY", "0s"),
            ("HEALTH_CHECK_MODE", "direct"),
            ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("HEALTH_CHECK_RESOLVE", string.Join(',', Ports.Select(p => $"{p.Key}.{Backends}:{p.Value}={_answers!.Resolve($"{p.Key}.{Backends}", p.Value)}"))),
            ("HEALTH_CHECK_INTERVAL", "200ms"),
            ("HEALTH_CHECK_RETRY_INTERVAL", "10ms"),
            // So that what happens at once does not happen because of these.
            ("DISCOVERY_INTERVAL", "1h"),
            ("RECONCILIATION_INTERVAL", "1h"),
            .. more,
        ],
        "run",
        // It stands for one in a cluster, where nothing is held back.
        "--yes");

    /// <summary>Asks the service to end, as the kubelet does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await using PublishedProgram ended = Program;
        _program = null;
        return await ended.TerminateAsync();
    }

    /// <summary>Adds a Service, with a backend of that type behind it.</summary>
    public Task AddAsync(string type, string annotations = "{}") => Kubectl.RunAsync("apply", "-f", Kubectl.Manifest($$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{type}}, namespace: {{Backends}}, labels: { app: {{type}} }, annotations: {{annotations}} }
        spec: { ports: [ { port: {{Ports[type]}} } ] }
        """));

    public Task DeleteAsync(string type) => Kubectl.RunAsync("delete", "service", type, "-n", Backends);

    /// <summary>The Deployment that should own the ConfigMap, without a controller that would make pods of it.</summary>
    /// <returns>Its uid.</returns>
    public async Task<string> AddDeploymentAsync()
    {
        JsonNode body = JsonNode.Parse("""
            {"metadata":{"name":"dynamic-toolset"},"spec":{"selector":{"matchLabels":{"app":"x"}},
             "template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """)!;
        (int code, JsonObject answer) = await _admin.AskAsync(HttpMethod.Post, DeploymentsPath, body.AsObject());
        Assert.True(code == 201, answer.ToJsonString());
        return (string)answer["metadata"]!["uid"]!;
    }

    public Task DeleteDeploymentAsync() => _admin.AskAsync(HttpMethod.Delete, $"{DeploymentsPath}/dynamic-toolset");

    /// <summary>Waits for the owners of the ConfigMap, by their uids.</summary>
    public Task<JsonObject> HasOwnersAsync(params string[] uids) => UntilAsync(
        c => (c?["metadata"]!["ownerReferences"]?.AsArray() ?? []).Select(o => (string)o!["uid"]!).SequenceEqual(uids) && c is not null,
        $"its owners are {string.Join(", ", uids)}");

    public void SetAnswer(string type, SampleAnswer answer) => _backends[new ObjectKey(Backends, type)] = new SampleBackend(type, answer);

    /// <summary>Runs a command of <c>kubectl</c> on the ConfigMap.</summary>
    public Task<string> ConfigMapAsync(string verb, params string[] arguments) =>
        Kubectl.RunAsync([verb, "configmap", ConfigMap, "-n", Namespace, .. arguments]);

    /// <summary>Sets one key, byte by byte.</summary>
    public Task SetDataAsync(string key, string value) =>
        ConfigMapAsync("patch", "--type=merge", "-p", new JsonObject { ["data"] = new JsonObject { [key] = value } }.ToJsonString());

    /// <summary>Changes the ConfigMap with a merge patch: an argument of <c>kubectl</c> may not be as long.</summary>
    public async Task PatchAsync(JsonObject patch)
    {
        (int code, JsonObject answer) = await _admin.AskAsync(HttpMethod.Patch, ConfigMapPath, patch, MergePatch);
        Assert.True(code == 200, answer.ToJsonString());
    }

    /// <summary>Waits for these keys and the file for HolmesGPT, and no others.</summary>
    public Task HasKeysAsync(params string[] keys) => UntilAsync(
        c => Keys(c).SequenceEqual(keys.Append("holmes-toolsets.yaml").Order(StringComparer.Ordinal)), $"its keys are {string.Join(", ", keys)}");

    public Task HasAsync(string key, string text) => UntilAsync(
        c => Data(c, key)?.Contains(text, StringComparison.Ordinal) == true, $"{key} has {text}");

    /// <summary>The ConfigMap, once it is so.</summary>
    /// <param name="isSo">Asked with null while there is none.</param>
    public async Task<JsonObject> UntilAsync(Func<JsonObject?, bool> isSo, string what)
    {
        JsonObject? configMap = null;
        await Patience.EventuallyAsync(
            async () => isSo(configMap = await ReadAsync()),
            () => $"{what}\n{configMap?.ToJsonString()}\n{string.Join('\n', _program?.Output.TakeLast(20) ?? [])}");
        return configMap!;
    }

    /// <summary>Returns when the API server refuses the service the right to repair.</summary>
    public Task UntilItMayNotPatchAsync() => Patience.EventuallyAsync(
        async () => (await Kubectl.TryAsync(
            "auth", "can-i", "patch", $"configmap/{ConfigMap}", "-n", Namespace, "--kubeconfig", _kubeconfig)).Output.StartsWith("no", StringComparison.Ordinal),
        () => "it may not patch the ConfigMap");

    /// <summary>Null where there is none.</summary>
    public async Task<JsonObject?> ReadAsync()
    {
        (int code, JsonObject body) = await _admin.AskAsync(HttpMethod.Get, ConfigMapPath);
        Assert.True(code is 200 or 404, body.ToJsonString());
        return code == 200 ? body : null;
    }

    public static string? Data(JsonObject? configMap, string key) => (string?)configMap?["data"]?[key];

    /// <summary>What the service says about the overrides; null where nothing is wrong with them.</summary>
    public static string? OverrideError(JsonObject? configMap) => (string?)configMap?["metadata"]!["annotations"]?["kubernaut.io/override-error"];

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        if (_answers is not null)
            await _answers.DisposeAsync();
        _admin.Dispose();
        Kubectl.Dispose();
        _folder.Dispose();
    }

    private static string[] Keys(JsonObject? configMap) =>
        [.. (configMap?["data"] as JsonObject ?? []).Select(d => d.Key).Order(StringComparer.Ordinal)];

    private async Task WriteKubeconfigAsync()
    {
        var request = new JsonObject { ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } };
        (int code, JsonObject answer) = await _admin.AskAsync(HttpMethod.Post, TokenPath, request);
        Assert.True(code == 201, answer.ToJsonString());
        JsonNode config = JsonNode.Parse(await Kubectl.RunAsync("config", "view", "--raw", "-o", "json"))!;
        config["users"]![0]!["user"] = new JsonObject { ["token"] = (string)answer["status"]!["token"]! };
        _kubeconfig = _folder.Write("kubeconfig", config.ToJsonString());
    }
}
