using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>
/// The native executable with the token of its own ServiceAccount and nothing else, in a cluster where <c>deploy/base</c> was applied; and an
/// admin beside it.
/// </summary>
internal sealed partial class DeployedService : IAsyncDisposable
{
    public const string Namespace = "kubernaut-system";
    public const string ConfigMap = "kubernaut-toolset-config";
    public const string ConfigMapPath = $"/api/v1/namespaces/{Namespace}/configmaps/{ConfigMap}";
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>The ServiceAccount that the service runs under.</summary>
    public const string Account = "dynamic-toolset-sa";

    private const string Backends = "monitoring";
    private const string DeploymentsPath = $"/apis/apps/v1/namespaces/{Namespace}/deployments";
    private const string PodsPath = $"/api/v1/namespaces/{Namespace}/pods";
    private const string ServicesPath = $"/api/v1/namespaces/{Backends}/services";
    private static readonly Dictionary<string, int> Ports = new() { ["prometheus"] = 9090, ["grafana"] = 3000, ["orders"] = 8080 };

    /// <summary>Where a Grafana listens that no rule knows.</summary>
    public const int OddPort = 8081;

    private readonly IApiServer _server;
    private readonly ConcurrentDictionary<ObjectKey, SampleBackend> _backends = new();
    private readonly TestFolder _folder = new();
    private readonly MountedFolder _account;
    private HttpClient _admin;
    private SampleBackendServer? _answers;
    private string _kubeconfig = "";
    private PublishedProgram? _program;

    private DeployedService(IApiServer server)
    {
        _server = server;
        _account = new MountedFolder(Directory.CreateDirectory(Path.Combine(_folder.Path, "serviceaccount")).FullName);
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
        await service.SwapAccountAsync();
        return service;
    }

    /// <summary>What the README tells an admin to do.</summary>
    public Task ApplyManifestsAsync() => Kubectl.RunAsync("apply", "-k", Path.Combine(RepositoryRoot.Path, "deploy", "base"));

    /// <summary>Applies a manifest of the admin's.</summary>
    public Task ApplyAsync(string manifest) => Kubectl.RunAsync("apply", "-f", Kubectl.Manifest(manifest));

    /// <summary>Gives the service a new token, and the authority of the API server as it is now, as the kubelet does.</summary>
    /// <param name="boundTo">The uid of the Secret of that name which the token lives and dies with; null for none.</param>
    /// <returns>The token.</returns>
    public async Task<string> SwapAccountAsync((string Name, string Uid)? boundTo = null)
    {
        string token = await TokenAsync(Account, boundTo);
        _account.Swap(("token", token), ("ca.crt", await ReadAuthorityAsync()), ("namespace", Namespace));
        return token;
    }

    /// <summary>Whether the API server takes a token.</summary>
    public async Task<bool> IsKnownAsync(string token)
    {
        var review = new JsonObject { ["spec"] = new JsonObject { ["token"] = token } };
        (int code, JsonObject answer) = await _admin.AskAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/tokenreviews", review);
        Assert.True(code == 201, answer.ToJsonString());
        return (bool?)answer["status"]!["authenticated"] == true;
    }

    /// <summary>The admin trusts the API server anew.</summary>
    public void TrustAnew()
    {
        _admin.Dispose();
        _admin = _server.CreateAdmin();
    }

    /// <summary>As on the first day: the service runs, and knows of no backend and no override.</summary>
    public async Task ResetAsync()
    {
        AnswerRightly();
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

    /// <summary>Starts it, in place of one that has ended.</summary>
    public void Run(params (string Name, string Value)[] more) => _program = Start(more);

    public PublishedProgram Start(params (string Name, string Value)[] more) => PublishedProgram.Deploy(
        [
            ("KUBECONFIG", _kubeconfig),
            ("PORT", "0"),
            ("METRICS_PORT", "0"),
            ("SHUTDOWN_DELAY", "0s"),
            ("HEALTH_CHECK_MODE", "direct"),
            ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("HEALTH_CHECK_RESOLVE", string.Join(',', Ports.Append(new("grafana", OddPort)).Select(p => $"{p.Key}.{Backends}:{p.Value}={AddressOf(p.Key)}"))),
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

    /// <summary>The service's kubeconfig, by a port of this machine that leads to the API server.</summary>
    public string KubeconfigBy(int port)
    {
        JsonNode config = JsonNode.Parse(File.ReadAllText(_kubeconfig))!;
        config["clusters"]![0]!["cluster"]!["server"] = $"https://127.0.0.1:{port}";
        return _folder.Write($"kubeconfig-{port}", config.ToJsonString());
    }

    /// <summary>As in a cluster in which it never ran: no ConfigMap, no Lease, no Deployment and no backends, whose samples are well.</summary>
    public async Task ClearAsync()
    {
        AnswerRightly();
        await Kubectl.RunAsync("delete", "services", "--all", "-n", Backends);
        await Kubectl.RunAsync("delete", "configmaps,leases,deployments,pods,events", "--all", "-n", Namespace);
    }

    /// <summary>Asks the service to end, as the kubelet does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await using PublishedProgram ended = Program;
        _program = null;
        return await ended.TerminateAsync();
    }

    /// <summary>Ends it without a word, as a node that is gone does.</summary>
    public async Task KillAsync()
    {
        await Program.DisposeAsync();
        _program = null;
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

    /// <summary>Has every backend answer as it should.</summary>
    public void AnswerRightly()
    {
        foreach (string type in Ports.Keys)
            SetAnswer(type, SampleAnswer.Right);
    }

    public void SetAnswer(string type, SampleAnswer answer) => _backends[new ObjectKey(Backends, type)] = new SampleBackend(type, answer);

    /// <summary>Where the sample of that type answers who asks for it by the header Host.</summary>
    public IPEndPoint AddressOf(string type) => _answers!.Resolve($"{type}.{Backends}", Ports[type])!;

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

    /// <summary>Returns when the API server refuses the service a right: it learns of a change by a watch of its own.</summary>
    /// <param name="right">As behind <c>kubectl auth can-i</c>.</param>
    public Task UntilItMayNotAsync(params string[] right) => Patience.EventuallyAsync(
        async () => (await Kubectl.TryAsync(["auth", "can-i", .. right, "--kubeconfig", _kubeconfig])).Output.Split('\n').Contains("no"),
        () => $"it may not {string.Join(' ', right)}");

    /// <summary>A token of a ServiceAccount, by the request that <c>kubectl create token</c> makes, which this <c>kubectl</c> may be too old for.</summary>
    /// <param name="boundTo">The uid of the Secret of that name which the token lives and dies with; null for none.</param>
    public async Task<string> TokenAsync(string account, (string Name, string Uid)? boundTo = null)
    {
        var spec = new JsonObject();
        if (boundTo is var (name, uid))
            spec["boundObjectRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["name"] = name, ["uid"] = uid };
        string request = new JsonObject { ["spec"] = spec }.ToJsonString();
        string answer = await Kubectl.RunAsync(
            "create", "--raw", $"/api/v1/namespaces/{Namespace}/serviceaccounts/{account}/token", "-f", Kubectl.Write("request.json", request));
        return (string)JsonNode.Parse(answer)!["status"]!["token"]!;
    }

    /// <summary>Null where there is none.</summary>
    public async Task<JsonObject?> ReadAsync()
    {
        (int code, JsonObject body) = await _admin.AskAsync(HttpMethod.Get, ConfigMapPath);
        Assert.True(code is 200 or 404, body.ToJsonString());
        return code == 200 ? body : null;
    }

    /// <summary>Says of each pod that it is ready, as the kubelet would once the program in it answers.</summary>
    public async Task MakePodsReadyAsync()
    {
        string ready = $$"""[{"type":"Ready","status":"True","lastTransitionTime":"{{DateTime.UnixEpoch:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}]""";
        foreach (JsonNode? pod in (await _admin.AskAsync(HttpMethod.Get, PodsPath)).Body["items"]!.AsArray())
        {
            var status = new JsonObject { ["phase"] = "Running", ["conditions"] = JsonNode.Parse(ready) };
            await _admin.AskAsync(HttpMethod.Patch, $"{PodsPath}/{pod!["metadata"]!["name"]}/status", new JsonObject { ["status"] = status }, MergePatch);
        }
    }

    /// <summary>A request of the admin's.</summary>
    public Task<(int Code, JsonObject Body)> AskAsync(HttpMethod method, string path, JsonObject? body = null, string contentType = "application/json") =>
        _admin.AskAsync(method, path, body, contentType);

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

    /// <summary>As a pod finds the API server: by a token and an authority in files that the kubelet swaps.</summary>
    private async Task WriteKubeconfigAsync()
    {
        JsonNode config = await ReadAdminKubeconfigAsync();
        JsonObject cluster = config["clusters"]![0]!["cluster"]!.AsObject();
        cluster.Remove("certificate-authority-data");
        cluster["certificate-authority"] = _account.File("ca.crt");
        config["users"]![0]!["user"] = new JsonObject { ["tokenFile"] = _account.File("token") };
        _kubeconfig = _folder.Write("kubeconfig", config.ToJsonString());
    }

    private async Task<JsonNode> ReadAdminKubeconfigAsync() => JsonNode.Parse(await Kubectl.RunAsync("config", "view", "--raw", "-o", "json"))!;

    private async Task<string> ReadAuthorityAsync() => Encoding.ASCII.GetString(
        Convert.FromBase64String((string)(await ReadAdminKubeconfigAsync())["clusters"]![0]!["cluster"]!["certificate-authority-data"]!));
}
