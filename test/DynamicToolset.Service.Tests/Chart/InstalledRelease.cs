using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>
/// A release on an API server, and the published program in the place of its pod: with the environment that the Deployment gives it and the token of its
/// ServiceAccount. The admin's <c>kubectl</c> is beside it.
/// </summary>
internal sealed class InstalledRelease : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Helm _helm;
    private readonly HttpClient _admin;
    private PublishedProgram? _program;

    public InstalledRelease(IApiServer server, string name, string ns)
    {
        (Name, Namespace) = (name, ns);
        _helm = new Helm(server.Kubeconfig);
        Kubectl = new Kubectl(server.Kubeconfig);
        _admin = server.CreateAdmin();
    }

    public string Name { get; }

    public string Namespace { get; }

    public Kubectl Kubectl { get; }

    public PublishedProgram Program => _program!;

    /// <summary><c>install</c> or <c>upgrade</c>, with a file of values.</summary>
    /// <returns>What helm prints, with the notes.</returns>
    public Task<string> HelmAsync(string verb, string values = "")
    {
        string more = verb == "install" ? "--create-namespace" : "--reset-values";
        return _helm.RunAsync(verb, Name, Rendering.ChartFolder, "--namespace", Namespace, more, "--values", _helm.Write("values.yaml", values));
    }

    /// <summary>An upgrade that may fail, with arguments for it.</summary>
    public Task<(int Code, string Output, string Errors)> TryUpgradeAsync(params string[] arguments) =>
        _helm.TryAsync(["upgrade", Name, Rendering.ChartFolder, "--namespace", Namespace, .. arguments]);

    /// <summary>A command of helm that makes nothing: what it prints.</summary>
    public Task<string> AskHelmAsync(params string[] arguments) => _helm.RunAsync([.. arguments, "--namespace", Namespace]);

    public Task UninstallAsync() => AskHelmAsync("uninstall", Name);

    /// <summary>Runs what the pod of the Deployment would, as the kubelet would after a change: the one before is ended.</summary>
    /// <param name="more">Settings of the test.</param>
    public async Task RunPodAsync(params (string Name, string Value)[] more)
    {
        await StopPodAsync();
        JsonObject deployment = await ReadAsync("deployment", Name, Namespace) ?? throw new InvalidOperationException("There is no Deployment.");
        JsonNode pod = deployment["spec"]!["template"]!["spec"]!;
        string kubeconfig = await KubeconfigAsync((string)pod["serviceAccountName"]!);
        _program = PublishedProgram.Start(
            [.. PodEnvironment.Of(deployment, $"{Name}-0", Namespace, "10.0.0.1"), ("KUBECONFIG", kubeconfig), ("PORT", "0"), ("METRICS_PORT", "0"), ("SHUTDOWN_DELAY", "0s"), ("HEALTH_CHECK_ENABLED", "false"), .. more],
            // In a cluster nothing is held back.
            "run", "--yes");
    }

    public async Task StopPodAsync()
    {
        if (_program is null)
            return;
        await using PublishedProgram ended = _program;
        _program = null;
        Assert.Equal(0, await ended.TerminateAsync());
    }

    /// <summary>Null where there is none.</summary>
    public async Task<JsonObject?> ReadAsync(string kind, string name, string ns)
    {
        (int code, JsonObject body) = await _admin.AskAsync(HttpMethod.Get, kind switch
        {
            "configmap" => $"/api/v1/namespaces/{ns}/configmaps/{name}",
            "deployment" => $"/apis/apps/v1/namespaces/{ns}/deployments/{name}",
            _ => throw new ArgumentException(kind, nameof(kind)),
        });
        Assert.True(code is 200 or 404, body.ToJsonString());
        return code == 200 ? body : null;
    }

    /// <summary>The ConfigMap, once it is so.</summary>
    /// <param name="isSo">Asked with null while there is none.</param>
    public async Task<JsonObject> UntilConfigMapAsync(Func<JsonObject?, bool> isSo, string what, string? ns = null)
    {
        JsonObject? found = null;
        await Patience.EventuallyAsync(
            async () => isSo(found = await ReadAsync("configmap", "kubernaut-toolset-config", ns ?? Namespace)),
            () => $"{what}\n{found?.ToJsonString()}\n{string.Join('\n', _program?.Output.TakeLast(20) ?? [])}");
        return found!;
    }

    /// <summary>A token of an account, for as long as a test may last.</summary>
    public async Task<string> TokenAsync(string account)
    {
        var request = new JsonObject { ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } };
        (int code, JsonObject answer) = await _admin.AskAsync(HttpMethod.Post, $"/api/v1/namespaces/{Namespace}/serviceaccounts/{account}/token", request);
        Assert.True(code == 201, answer.ToJsonString());
        return (string)answer["status"]!["token"]!;
    }

    public string Write(string name, string text) => _folder.Write(name, text);

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _admin.Dispose();
        _helm.Dispose();
        Kubectl.Dispose();
        _folder.Dispose();
    }

    /// <summary>Whatever the owner is, Kubernetes collects what belongs to one that is gone. Its collector does not run here.</summary>
    public static ImmutableArray<string> OwnersOf(JsonObject? configMap) =>
        [.. (configMap?["metadata"]!["ownerReferences"]?.AsArray() ?? []).Select(o => (string)o!["uid"]!)];

    private async Task<string> KubeconfigAsync(string account)
    {
        JsonNode config = JsonNode.Parse(await Kubectl.RunAsync("config", "view", "--raw", "-o", "json"))!;
        config["users"]![0]!["user"] = new JsonObject { ["token"] = await TokenAsync(account) };
        return Write("kubeconfig", config.ToJsonString());
    }
}
