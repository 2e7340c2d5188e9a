using System.Text.Json.Nodes;
using DynamicToolset.LeaderElection;
using DynamicToolset.Rounds;
using DynamicToolset.Sandbox.Api;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tracing;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>The whole service but for HTTP, as one of several replicas. Every Service counts as healthy, unless a test has checks made.</summary>
internal sealed class Replica : IReplica
{
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly ServiceMetrics _metrics;
    private readonly ServiceSpans _spans;
    private readonly Controller _controller;
    private readonly Electorate _electorate;

    public Replica(Electorate electorate, string name, Action<FaultPlan> plan, Func<Settings, Settings> change, IProber? prober)
    {
        _electorate = electorate;
        plan(Faults);
        _loggers = LoggerFactory.Create(l => l.AddProvider(_log));
        Clock = new ReplicaClock(electorate.Time);
        _metrics = new ServiceMetrics(States, Clock, "1.2.3");
        _spans = new ServiceSpans(Clock);
        Scraper = new MetricScraper(_metrics);
        Api = new ReplicaApi(new SimulatedKubeApi(electorate.Store, electorate.Time, Faults, TimeSpan.FromMinutes(1)), electorate.Time);
        Settings settings = change(TestCluster.Defaults() with
        {
            LeaderElectionEnabled = true,
            PodName = name,
            HealthCheckEnabled = false,
            OwnerReferenceEnabled = false,
        });
        _controller = new Controller(
            settings,
            AdminFiles.Open(settings),
            Api,
            prober ?? new HttpProber(new HttpProberOptions(), Clock),
            States.Publish,
            Clock,
            new Random(name[^1]),
            _loggers,
            _metrics,
            _spans);
        Api.Leads = () => Leads;
        Thread.Do(_controller.Start);
    }

    public ReplicaThread Thread { get; } = new();

    public ReplicaClock Clock { get; }

    public ReplicaApi Api { get; }

    public FaultPlan Faults { get; } = new();

    public StateStore States { get; } = new();

    public MetricScraper Scraper { get; }

    public Task Running => _controller.Failure;

    public IEnumerable<SelfCheck> Liveness => _controller.Liveness;

    public IEnumerable<SelfCheck> Readiness => _controller.Readiness;

    public bool Leads => _controller.Leadership.Leads;

    public DiscoveryJobs Discoveries => _controller.Discoveries;

    public OtherLeader? OtherLeader => _controller.OtherLeader;

    /// <summary>What readiness says of it.</summary>
    public string? Standing => _controller.Readiness.Single(c => c.Name == "leader-election").Detail;

    /// <summary>Those that liveness is about.</summary>
    public IEnumerable<string> Loops => _controller.Liveness.Where(c => c.Passes).Select(c => c.Name);

    public bool IsReady => _controller.Readiness.All(c => c.Passes);

    public ControllerState State => States.Current!;

    /// <summary>All that it has logged.</summary>
    public IReadOnlyCollection<string> Lines => _log.All;

    public IReadOnlyList<JsonObject> Logged(string message) =>
        [.. _log.All.Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => (string?)line["msg"] == message)];

    /// <summary>As SIGTERM begins it.</summary>
    public Task Stop()
    {
        Task? stopped = null;
        _electorate.Do(() => Thread.Do(() => stopped = _controller.StopReconcilingAsync()));
        return stopped!;
    }

    public void Dispose()
    {
        Thread.Do(() => _ = _controller.StopReconcilingAsync());
        Thread.Do(() => _ = _controller.StopWatchingAsync());
        Scraper.Dispose();
        _metrics.Dispose();
        _spans.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }
}
