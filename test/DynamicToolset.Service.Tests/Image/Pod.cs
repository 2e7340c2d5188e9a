using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Image;

/// <summary>The image as the pod of <c>deploy/base</c> runs it, in a simulated cluster with so many Services.</summary>
internal sealed class Pod : IAsyncDisposable
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string Backends = "monitoring";
    private const UnixFileMode ForEverybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string Manifests = Path.Combine(RepositoryRoot.Path, "deploy", "base");
    private static readonly string[] Installed = [Path.Combine(Manifests, "serviceaccount.yaml"), Path.Combine(Manifests, "deployment.yaml")];
    private static readonly ObjectKey Account = new("kubernaut-system", "dynamic-toolset-sa");
    private static readonly ObjectKey ConfigMap = new("kubernaut-system", "kubernaut-toolset-config");
    private static readonly ObjectKey Deployment = new("kubernaut-system", "dynamic-toolset");

    private readonly ConcurrentDictionary<string, SampleAnswer> _answers = new();
    private readonly ContainerEngine _engine;
    private readonly TestFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = Patience.Limit };
    private readonly string _name = $"dynamic-toolset-{Guid.NewGuid():N}";
    private readonly SimulatedServer _server;
    private readonly int _services;
    private SampleBackendServer? _backends;
    private string _group = "";
    private PublishedProgram? _program;

    private Pod(ContainerEngine engine, SimulatedServer server, int services)
    {
        _engine = engine;
        _server = server;
        _services = services;
    }

    public PublishedProgram Program => _program!;

    public KubeSim Api => _server.Api;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>How many of the Services are backends: a hundredth, but four at least and ten at most.</summary>
    private int BackendCount => Math.Clamp(_services / 100, 4, 10);

    /// <param name="user">Null for the image's own.</param>
    public static async Task<Pod> StartAsync(ContainerEngine engine, ContainerLimits limits, int services, string? user = null)
    {
        await engine.ReadyAsync();
        var pod = new Pod(engine, await SimulatedServer.StartAsync(), services);
        await pod.FillAsync();
        pod.WriteAccount();
        pod._program = engine.Start(limits, pod._name, [.. pod.Options(), .. user is null ? Array.Empty<string>() : ["--user", user]]);
        await pod._program.LineAsync(ListeningLine.Text);
        pod._group = await pod.FindGroupAsync();
        return pod;
    }

    /// <summary>Waits for the toolset of a backend.</summary>
    public Task HasToolsetAsync(int backend) => HasAsync(Key(backend), $"url: \"http://{Name(backend)}.{Backends}:9090\"");

    public async Task HasAllToolsetsAsync()
    {
        for (int i = 0; i < BackendCount; i++)
            await HasToolsetAsync(i);
    }

    /// <summary>Spoils a key, as somebody does who edits it.</summary>
    public void Edit(int backend) => Write(Key(backend));

    /// <summary>Adds a toolset that nobody discovered.</summary>
    public void AddKey(int number) => Write(AddedKey(number));

    public Task HasNoKeyAsync(int number) => IsGoneAsync(AddedKey(number));

    /// <summary>Changes a Service that is no backend, in what no rule reads.</summary>
    public void Change(int index, int revision) => Api.Store.MergePatch(
        KubeResource.Services,
        new ObjectKey("team", Bystander(index % (_services - BackendCount))),
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["example.com/revision"] = $"{revision}" } } });

    public void SetAnswer(int backend, SampleAnswer answer) => _answers[Name(backend)] = answer;

    /// <summary>Waits until a backend has no toolset.</summary>
    public Task HasNoToolsetAsync(int backend) => IsGoneAsync(Key(backend));

    /// <summary>What the kubelet asks to know whether it must be killed.</summary>
    public async Task<HttpStatusCode> AskAsync(string path)
    {
        int port = ListeningLine.Ports(await Program.LineAsync(ListeningLine.Text)).Api;
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), Stop);
        return response.StatusCode;
    }

    public bool IsInFirstVersion => Directory.Exists("/sys/fs/cgroup/memory");

    /// <summary>Of the control group, in bytes.</summary>
    public long MemoryLimit => long.Parse(Read(IsInFirstVersion ? "memory/memory.limit_in_bytes" : "memory.max"), CultureInfo.InvariantCulture);

    /// <summary>Pages of files count too, until the kernel needs them for something else.</summary>
    public long PeakMemory => long.Parse(Read(IsInFirstVersion ? "memory/memory.max_usage_in_bytes" : "memory.peak"), CultureInfo.InvariantCulture);

    /// <summary>Processes that the kernel killed because the group had no memory left.</summary>
    public int Killed
    {
        get
        {
            string[] lines = Read(IsInFirstVersion ? "memory/memory.oom_control" : "memory.events").Split('\n');
            return int.Parse(lines.Single(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Cores.</summary>
    public double CpuLimit
    {
        get
        {
            string[] values = IsInFirstVersion ? [Read("cpu/cpu.cfs_quota_us"), Read("cpu/cpu.cfs_period_us")] : Read("cpu.max").Split(' ');
            return double.Parse(values[0], CultureInfo.InvariantCulture) / double.Parse(values[1], CultureInfo.InvariantCulture);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.SignalAsync("TERM");
            await _program.WaitAsync();
            await _program.DisposeAsync();
        }

        if (_backends is not null)
            await _backends.DisposeAsync();
        await _server.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private static string Name(int backend) => $"prometheus-{backend}";

    private static string Bystander(int index) => $"orders-{index:00000}";

    /// <summary>The first has the plain name.</summary>
    private static string Key(int backend) => $"{Name(backend)}-toolset.yaml";

    private static string AddedKey(int number) => $"added-{number}-toolset.yaml";

    private void Write(string key) =>
        Api.Store.MergePatch(KubeResource.ConfigMaps, ConfigMap, new JsonObject { ["data"] = new JsonObject { [key] = "edited: true\n" } });

    private string? Data(string key) => (string?)Api.Store.Get(KubeResource.ConfigMaps, ConfigMap)?["data"]?[key];

    private Task HasAsync(string key, string text) => Patience.EventuallyAsync(
        () => Data(key)?.Contains(text, StringComparison.Ordinal) == true, $"{key} has {text}\n{string.Join('\n', Program.Output.TakeLast(5))}");

    private Task IsGoneAsync(string key) =>
        Patience.EventuallyAsync(() => Data(key) is null, $"{key} is gone\n{string.Join('\n', Program.Output.TakeLast(5))}");

    private async Task FillAsync()
    {
        foreach (string file in Directory.EnumerateFiles(Manifests, "*rbac.yaml").Concat(Installed))
            Assert.Null(SandboxManifests.Load(Api, await File.ReadAllTextAsync(file, Stop)));
        SandboxManifests.EnsureNamespace(Api, Backends);
        SandboxManifests.EnsureNamespace(Api, "team");
        Api.Load(Enumerable.Range(0, BackendCount).Select(BackendManifest));
        Api.Load(Enumerable.Range(0, _services - BackendCount).Select(BystanderManifest));
        _backends = await SampleBackendServer.StartAsync(
            key => new SampleBackend("prometheus", _answers.GetValueOrDefault(key.Name, SampleAnswer.Right)), Stop);
    }

    /// <summary>A name of its own for each, by an annotation: all of one type would be told apart by their namespaces.</summary>
    private static JsonObject BackendManifest(int index) => JsonNode.Parse($$"""
        {"kind": "Service", "metadata": {"name": "{{Name(index)}}", "namespace": "{{Backends}}", "annotations": {
          "kubernaut.io/toolset": "true", "kubernaut.io/toolset-type": "prometheus", "kubernaut.io/toolset-name": "{{Name(index)}}"} },
         "spec": {"ports": [{"port": 9090}]} }
        """)!.AsObject();

    /// <summary>With as much metadata as Helm gives.</summary>
    private static JsonObject BystanderManifest(int index) => JsonNode.Parse($$"""
        {"kind": "Service", "metadata": {"name": "{{Bystander(index)}}", "namespace": "team",
          "labels": {"app.kubernetes.io/name": "orders", "app.kubernetes.io/instance": "{{Bystander(index)}}", "app.kubernetes.io/version": "1.4.2",
            "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "orders-3.1.0"},
          "annotations": {"meta.helm.sh/release-name": "{{Bystander(index)}}", "meta.helm.sh/release-namespace": "team"} },
         "spec": {"selector": {"app.kubernetes.io/instance": "{{Bystander(index)}}"},
          "ports": [{"name": "http", "port": 8080}, {"name": "metrics", "port": 9102}]} }
        """)!.AsObject();

    /// <summary>What the kubelet mounts for the ServiceAccount.</summary>
    private void WriteAccount()
    {
        _folder.Write("token", Api.IssueToken(Account, TimeSpan.FromHours(1)));
        _folder.Write("ca.crt", Api.CertificateAuthority!);
        _folder.Write("namespace", Account.Namespace);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, ForEverybody);
    }

    /// <summary>The environment of the manifests, and where the names of backends lead here.</summary>
    private string[] Options()
    {
        IEnumerable<string> leads = Enumerable.Range(0, BackendCount)
            .Select(i => $"{Name(i)}.{Backends}:9090={_backends!.Resolve($"{Name(i)}.{Backends}", 9090)}");
        (string Name, string Value)[] environment =
        [
            ("KUBERNETES_SERVICE_HOST", Api.Url.Host),
            ("KUBERNETES_SERVICE_PORT", $"{Api.Url.Port}"),
            .. PodEnvironment.Of(Api.Store.Get(KubeResource.Deployments, Deployment)!, "dynamic-toolset-0", Account.Namespace, "127.0.0.1"),
            ("PORT", "0"),
            ("METRICS_PORT", "0"),
            ("SHUTDOWN_DELAY", "0s"),
            ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("HEALTH_CHECK_RESOLVE", string.Join(',', leads)),
            ("HEALTH_CHECK_INTERVAL", "1s"),
        ];
        return ["--volume", $"{_folder.Path}:{AccountFolder}:ro", .. environment.SelectMany(e => new[] { "--env", $"{e.Name}={e.Value}" })];
    }

    /// <summary>The path of the control group, which for runc is that of the container's process.</summary>
    private async Task<string> FindGroupAsync()
    {
        string process = await _engine.InspectAsync(_name, "{{.State.Pid}}");
        string[] lines = await File.ReadAllLinesAsync($"/proc/{process}/cgroup", Stop);
        return lines.Select(line => line.Split(':')).Single(parts => parts[1] == (IsInFirstVersion ? "memory" : ""))[2];
    }

    private string Read(string file)
    {
        string[] parts = file.Split('/');
        string path = parts.Length == 2 ? $"/sys/fs/cgroup/{parts[0]}{_group}/{parts[1]}" : $"/sys/fs/cgroup{_group}/{file}";
        return File.ReadAllText(path).Trim();
    }
}
