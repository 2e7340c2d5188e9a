using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Rounds;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tracing;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>A simulated API server with backends on loopback, and controllers that run against it over real HTTP.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public static readonly ObjectKey ConfigMapKey = new("kubernaut-system", "kubernaut-toolset-config");

    private readonly ConcurrentDictionary<ObjectKey, SampleBackend> _backends = new();
    private readonly string _kubeconfig = Path.GetTempFileName();
    private SampleBackendServer? _server;
    private Socket? _refusal;

    private TestCluster(KubeSim api)
    {
        Api = api;
        Metrics = new ServiceMetrics(States, TimeProvider.System, "1.2.3");
    }

    public KubeSim Api { get; }

    public StateStore States { get; } = new();

    /// <summary>What all controllers of this cluster record to.</summary>
    public ServiceMetrics Metrics { get; }

    /// <summary>What all controllers of this cluster go through.</summary>
    public ServiceSpans Spans { get; } = new(TimeProvider.System);

    /// <summary>A file that leads here.</summary>
    public string Kubeconfig => _kubeconfig;

    /// <summary>Changes how backends are checked.</summary>
    public Func<HttpProberOptions, HttpProberOptions> Probing { get; set; } = o => o;

    /// <summary>What controllers leave undone.</summary>
    public Restraint Restraint { get; set; } = Restraint.None;

    /// <summary>True where checks go through the API server.</summary>
    public bool IsOutside { get; set; }

    /// <summary>After which a request that hangs is given up.</summary>
    public TimeSpan RequestTimeout { get; set; } = Patience.Limit;

    public ILoggerFactory Loggers { get; set; } = NullLoggerFactory.Instance;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Controllers have the rights of this ServiceAccount from now on, and not those of an admin.</summary>
    public void ActAs(ObjectKey serviceAccount) => File.WriteAllText(_kubeconfig, Api.Kubeconfig(Api.IssueToken(serviceAccount, TimeSpan.FromHours(1))));

    public static async Task<TestCluster> StartAsync(KubeSimOptions? options = null)
    {
        TestCluster? cluster = null;
        options ??= new KubeSimOptions();
        options = options with { FindBackend = options.FindBackend ?? ((service, port) => cluster?._server?.Resolve($"{service.Name}.{service.Namespace}", port)) };
        cluster = new TestCluster(await KubeSim.StartAsync(options, Stop));
        await File.WriteAllTextAsync(cluster._kubeconfig, cluster.Api.Kubeconfig(), Stop);
        cluster._server = await SampleBackendServer.StartAsync(key => cluster._backends.GetValueOrDefault(key), Stop);
        SandboxManifests.EnsureNamespace(cluster.Api, ConfigMapKey.Namespace);
        return cluster;
    }

    /// <summary>With a Prometheus and a Grafana.</summary>
    public static async Task<TestCluster> StartWithTwoAsync(SampleAnswer grafana = SampleAnswer.Right)
    {
        TestCluster cluster = await StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana", answer: grafana);
        return cluster;
    }

    /// <summary>Adds a Service that the overview's criteria match, with a backend behind it.</summary>
    public void AddService(string type, string ns = "monitoring", string? name = null, SampleAnswer answer = SampleAnswer.Right)
    {
        (string portName, int port) = type switch
        {
            "prometheus" => ("web", 9090),
            "grafana" => ("service", 3000),
            "jaeger" => ("query", 16686),
            _ => ("http", 9200),
        };
        AddService(type, ns, name ?? type, port, portName, answer);
    }

    /// <summary>Adds a Service labelled <c>app: TYPE</c>, with a backend behind it.</summary>
    public void AddService(string type, string ns, string name, int port, string portName = "http", SampleAnswer answer = SampleAnswer.Right)
    {
        var key = new ObjectKey(ns, name);
        _backends[key] = new SampleBackend(type, answer);
        Load($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: {{key.Name}}, namespace: {{ns}}, labels: { app: {{type}} } }
            spec: { ports: [ { name: {{portName}}, port: {{port}} } ] }
            """);
    }

    /// <summary>Where a Service's backend listens.</summary>
    public IPEndPoint BackendAddress(string host) => _server!.Resolve(host, 0)!;

    public void SetAnswer(ObjectKey service, SampleAnswer answer) =>
        _backends.AddOrUpdate(service, _ => throw new KeyNotFoundException(), (_, backend) => backend with { Answer = answer });

    public void Load(string manifest) => Assert.Null(SandboxManifests.Load(Api, manifest));

    public JsonObject? ConfigMap() => Api.Store.Get(KubeResource.ConfigMaps, ConfigMapKey);

    public string? Data(string key) => ConfigMap()?["data"]?[key]?.GetValue<string>();

    public string Version() => ConfigMap()!["metadata"]!["resourceVersion"]!.GetValue<string>();

    public IReadOnlyList<string> Keys() => [.. (ConfigMap()?["data"] as JsonObject ?? []).Select(d => d.Key).Order(StringComparer.Ordinal)];

    public void Patch(string json) => Api.Store.MergePatch(KubeResource.ConfigMaps, ConfigMapKey, JsonNode.Parse(json)!.AsObject());

    public void SetData(string key, string? value) =>
        Patch(new JsonObject { ["data"] = new JsonObject { [key] = value } }.ToJsonString());

    public void DeleteConfigMap() => Api.Store.Delete(KubeResource.ConfigMaps, ConfigMapKey);

    /// <summary>Writes to the ConfigMap that were sent, accepted or not.</summary>
    public int Writes() => Api.Requests.Entries.Count(r => r.Resource == "configmaps" && r.Method is "PATCH" or "PUT" or "POST");

    /// <summary>A request is logged after its answer, so that a change can be seen before the write that made it.</summary>
    public Task HasWrittenAsync() => EventuallyAsync(() => Writes() > 0, "a write was logged");

    /// <summary>Waits until something is true; a test that needs this long has failed.</summary>
    public static Task EventuallyAsync(Func<bool> isTrue, string what) => Patience.EventuallyAsync(isTrue, what);

    /// <summary>Waits for the keys of these toolsets and the file for HolmesGPT, and no others.</summary>
    public Task HasKeysAsync(params string[] toolsets) => EventuallyAsync(() => HasKeys(toolsets), $"the keys are {string.Join(", ", toolsets)}");

    public bool HasKeys(params string[] toolsets) => Keys().SequenceEqual(
        toolsets.Select(t => t.Contains('.', StringComparison.Ordinal) ? t : ToolsetKey.Of(t))
            .Append(ToolsetKey.Holmes)
            .Distinct()
            .Order(StringComparer.Ordinal));

    /// <summary>Returns when every endpoint was checked and the ConfigMap is as it should be.</summary>
    /// <param name="time">Stands still meanwhile: nothing happens because somebody has waited for long enough. Null for the real one.</param>
    public Task<RunningController> RunAsync(Func<Settings, Settings>? change = null, FakeTimeProvider? time = null) =>
        RunUntilAsync(s => s.IsConverged || s.Refusal is not null, change, time);

    /// <summary>Returns after the first round, whatever became of it.</summary>
    public Task<RunningController> RunOneRoundAsync(Func<Settings, Settings> change, FakeTimeProvider? time = null) =>
        RunUntilAsync(_ => true, change, time);

    /// <summary>A controller that was just started. Its loops go by this clock, HTTP by the real one.</summary>
    /// <param name="published">Called after every round.</param>
    public RunningController Start(TimeProvider time, Settings? read = null, Action<ControllerState>? published = null)
    {
        RunningController running = Create(time, read, published);
        running.Controller.Start();
        return running;
    }

    /// <summary>The same, not started yet.</summary>
    public RunningController Create(TimeProvider time, Settings? read = null, Action<ControllerState>? published = null)
    {
        read ??= Defaults();
        var states = new ConcurrentQueue<ControllerState>();
        KubeApiClient api = Connect();
        Controller controller = CreateController(read, api, ((Action<ControllerState>)states.Enqueue) + States.Publish + published, time);
        return new RunningController(controller, api, states, time, read.ReconciliationInterval);
    }

    /// <summary>A bare one, for a test that has it started and stopped by others. The caller disposes of it.</summary>
    /// <param name="api">See <see cref="Connect"/>.</param>
    public Controller CreateController(Settings read, KubeApiClient api, Action<ControllerState> publish, TimeProvider time)
    {
        var options = new HttpProberOptions
        {
            AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")],
            Resolve = _server!.Resolve,
        };
        IProber prober = IsOutside ? new ApiServerProber(api, TimeProvider.System) : new HttpProber(Probing(options), TimeProvider.System);
        return new Controller(read, AdminFiles.Open(read), api, prober, publish, time, new Random(1), Loggers, Metrics, Spans, Restraint);
    }

    /// <summary>What a controller talks to this cluster with. The caller disposes of it.</summary>
    public KubeApiClient Connect()
    {
        var connection = KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, Home: ""), _kubeconfig);
        return new KubeApiClient(connection, TimeProvider.System, new KubeApiClientOptions { OnRequest = Metrics.KubeRequest, RequestTimeout = RequestTimeout });
    }

    /// <summary>Those of the sandbox, and a check fails for what it is answered and not because the machine is busy.</summary>
    public static Settings Defaults() =>
        SettingsReading.Of(SettingsProfile.Sandbox, new Dictionary<string, string>(), _ => null).Settings! with { HealthCheckTimeout = Patience.Limit };

    private async Task<RunningController> RunUntilAsync(Func<ControllerState, bool> isEnough, Func<Settings, Settings>? change, FakeTimeProvider? time)
    {
        RunningController running = Start(time ?? TimeProvider.System, change?.Invoke(Defaults()));
        await EventuallyAsync(() => running.States.Any(isEnough), "the controller has settled");
        return running;
    }

    /// <summary>The API server goes away for good. Its port is kept and refuses, so that it is no other test's server that answers there.</summary>
    public async Task LoseApiServerAsync()
    {
        await Api.DisposeAsync();
        _refusal = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _refusal.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _refusal.Bind(new IPEndPoint(IPAddress.Loopback, Api.Url.Port));
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await Api.DisposeAsync();
        _refusal?.Dispose();
        Metrics.Dispose();
        Spans.Dispose();
        File.Delete(_kubeconfig);
    }
}
