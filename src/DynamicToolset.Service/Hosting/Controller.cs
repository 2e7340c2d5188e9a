using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Journal;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.LeaderElection;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Overriding;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Reconciling;
using DynamicToolset.Service.Tracing;
using DynamicToolset.Service.Watching;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The loops of the service, wired together: watches feed the reconcile loop, which tells the probe loop what to check and is woken by it.
/// It knows the order in which they start and stop.
/// </summary>
public sealed partial class Controller : IDisposable
{
    /// <summary>How long a call that is under way may go on when the stop begins: an API server that answers does so within milliseconds.</summary>
    private static readonly TimeSpan LastCall = TimeSpan.FromSeconds(1);

    /// <summary>The same where others wait for the Lease, which is to be theirs within a second.</summary>
    private static readonly TimeSpan LastCallOfLeader = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly RoundSources _sources;
    private readonly ConfigMapWriter _writer;
    private readonly List<WatchOutage> _serviceOutages = [];
    private readonly WatchOutage _configMapOutage;
    private readonly EventRecorder _events;
    private readonly ReconcileLoop _reconcile;
    private readonly DiscoveryLoop _discovery;
    private readonly ReloadLoop? _reload;
    private readonly IPAddress? _podIp;
    private readonly LeaderElector? _elector;
    private readonly ILeadership _leadership;
    private readonly TaskCompletionSource _hasDecided = new();
    private readonly ImmutableArray<Loop> _watches;
    private readonly ImmutableArray<Heartbeat> _heartbeats;
    private readonly CancellationTokenSource _reconciling = new();
    private readonly CancellationTokenSource _writing = new();
    private readonly CancellationTokenSource _electing = new();
    private readonly CancellationTokenSource _watching = new();
    private Task _reconcileTask = Task.CompletedTask;
    private Task _electTask = Task.CompletedTask;
    private Task _watchTask = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <param name="publish">Called after every round. Must be quick and must not throw.</param>
    /// <param name="record">See <see cref="ReconcileLoop"/>.</param>
    /// <param name="reloadTls">TLS options for HolmesGPT's reload call; null for the system's CAs.</param>
    public Controller(
        Settings settings,
        AdminFiles files,
        IKubeApi api,
        IProber prober,
        Action<ControllerState> publish,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers,
        ServiceMetrics metrics,
        ServiceSpans spans,
        Restraint? restraint = null,
        ReloadTls? reloadTls = null,
        Action<JournalRound>? record = null)
    {
        restraint ??= Restraint.None;
        _time = time;
        _configMapOutage = new WatchOutage(time);
        var trigger = new CoalescingTrigger(time);
        var reconnection = new Reconnection(trigger.Signal);
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        ConfigMap = key;
        Instance = InstanceOf(settings);
        var watchConfigMap = new Heartbeat("watch-configmap", time);

        ImmutableArray<(string? Namespace, Heartbeat Heartbeat)> namespaces =
            [.. (settings.Namespaces.IsEmpty ? [null] : settings.Namespaces.Cast<string?>()).Select(ns => (ns, new Heartbeat("watch-services", time)))];
        var servicesLog = InformerLog.OfServices(loggers.CreateLogger<ServiceSources>(), time);
        var services = new ServiceSources(
        [
            .. namespaces.Select(n => new Informer<ServiceRecord>(
                InformerSources.Services(api, n.Namespace),
                trigger.Signal,
                servicesLog.Reporter() + (r => metrics.Informed("services", r)) + NewOutage(),
                time,
                NextRandom(random),
                n.Heartbeat.Beat,
                (known, now) => ServiceNews.IsNews(files.Rules.Current.InForce, known, now),
                reconnection)),
        ]);
        var configMapLog = InformerLog.OfConfigMap(loggers.CreateLogger<ConfigMapSource>(), time);
        Action<InformerReport> reportConfigMap = configMapLog.Reporter() + (r => metrics.Informed("configmaps", r)) + _configMapOutage.Take;
        var configMap = new ConfigMapSource(
            InformerSources.ConfigMap(api, key), trigger.Signal, reportConfigMap, time, NextRandom(random), watchConfigMap.Beat, reconnection);
        var probes = new ProbeLoop(
            ProbeLoopOptions.Of(settings),
            prober.AskAsync,
            trigger.Signal,
            ((Action<CompletedCheck>)metrics.Checked) + spans.Checked,
            time,
            NextRandom(random),
            loggers.CreateLogger<ProbeLoop>());
        var ruleLoop = new RuleLoop(files.Rules, new CheckTokens(settings.HealthCheckTokenFiles), trigger.Signal, time, loggers.CreateLogger<RuleLoop>());
        OverrideLoop? overrideLoop = settings.OverridesDir.Length == 0
            ? null
            : new OverrideLoop(files.Overrides, trigger.Signal, time, loggers.CreateLogger<OverrideLoop>());
        var owner = new OwnerSource(
            api, key with { Name = settings.OwnerDeployment }, ToOwnerState(settings), settings.DiscoveryInterval, trigger.Signal, time, NextRandom(random));
        metrics.Watch("services", () => services.LastProgress);
        metrics.Watch("configmaps", () => configMap.LastProgress);
        ObjectKey lease = key with { Name = settings.LeaseName };
        _elector = settings.LeaderElectionEnabled && restraint.Rehearse is null
            ? NewElector(api, lease, ToElectionOptions(settings, random), trigger, reconnection, time, NextRandom(random), loggers, metrics)
            : null;
        _leadership = _elector is null ? new SoleReplica() : _elector;
        metrics.Elect(() => _leadership.Current.Leads, () => _elector?.RenewAge);

        _events = new EventRecorder(api, time, NextRandom(random), loggers.CreateLogger<EventRecorder>(), MaySend);
        _reload = settings.HolmesReloadUrl.Length == 0 || restraint.Rehearse is not null
            ? null
            : new ReloadLoop(
                new ReloadClient(new Uri(settings.HolmesReloadUrl), settings.HolmesReloadApiKey, reloadTls ?? ReloadTls.OfSystem, time),
                time,
                loggers.CreateLogger<ReloadLoop>(),
                metrics.Reloaded,
                MaySend);
        var report = new RoundReport(
            new RoundLog(loggers.CreateLogger<ReconcileLoop>(), key.Name, BuildInfo.Current.Version),
            restraint.Rehearse is null ? new ProblemEvents(_events, time, settings.DiscoveryInterval) : null,
            _reload,
            (Action<ControllerState>)Note + publish + (_ => _hasDecided.TrySetResult()) + (state => _discovery!.Published(state)));

        Random ofWriter = NextRandom(random);
        Discoveries = new DiscoveryJobs(Instance, LongestCheckOf(settings), time, NextRandom(random));
        // The last draw: the other loops' own do not depend on it.
        var identities = new IdentityLoop(
            IdentityLoopOptions.Of(settings), prober.AskAsync, trigger.Signal, time, NextRandom(random), loggers.CreateLogger<IdentityLoop>());
        _sources = new RoundSources(files.Rules, files.Overrides, services, configMap, probes, identities, owner, _leadership);
        _writer = new ConfigMapWriter(
            api, key, configMap, _leadership, reconnection, ofWriter, metrics, spans, time, loggers.CreateLogger<ConfigMapWriter>());
        _reconcile = new ReconcileLoop(
            new Round(ToRoundOptions(settings, files.Rules.Current.InForce) with { HoldsMassRemoval = restraint.HoldsMassRemoval }),
            new ReconcileIntervals(settings.DiscoveryInterval, settings.ReconciliationInterval),
            _sources,
            _writer,
            trigger,
            report.Report,
            metrics,
            spans,
            time,
            restraint.Rehearse,
            record);
        _discovery = new DiscoveryLoop(Discoveries, _reconcile, _sources, _leadership, () => Outage, time, loggers.CreateLogger<DiscoveryLoop>());
        _podIp = settings.PodIp.Length > 0 ? IPAddress.Parse(settings.PodIp) : null;
        AnswersOn(settings.Port);
        _watches =
        [
            new Loop("configmap watch", configMap.RunAsync),
            .. services.Loops.Select(run => new Loop("services watch", run)),
            new Loop("probe", probes.RunAsync),
            new Loop("identity", identities.RunAsync),
            new Loop("rule", ruleLoop.RunAsync),
            .. overrideLoop is null ? Array.Empty<Loop>() : [new Loop("override", overrideLoop.RunAsync)],
            new Loop("owner", owner.RunAsync),
            new Loop("event", _events.RunAsync),
            .. _reload is null ? Array.Empty<Loop>() : [new Loop("holmes reload", _reload.RunAsync)],
            .. _elector is null ? Array.Empty<Loop>() : [new Loop("lease watch", _elector.WatchAsync)],
        ];
        _heartbeats =
        [
            _reconcile.Heartbeat, _discovery.Heartbeat, probes.Heartbeat, identities.Heartbeat, watchConfigMap, ruleLoop.Heartbeat,
            .. overrideLoop is null ? Array.Empty<Heartbeat>() : [overrideLoop.Heartbeat],
            .. namespaces.Select(n => n.Heartbeat),
            .. _reload is null ? Array.Empty<Heartbeat>() : [_reload.Heartbeat],
            .. _elector is null ? Array.Empty<Heartbeat>() : [_elector.Heartbeat, _elector.WatchHeartbeat],
        ];
    }

    /// <summary>Ends when a loop has ended that was not told to: with an exception, and the process cannot go on.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    /// <summary>The exception of a loop, even of one that failed while it was being stopped; null if there is none.</summary>
    public Exception? Defect => (Failure.Exception ?? _reconcileTask.Exception ?? _electTask.Exception ?? _watchTask.Exception)?.InnerException;

    /// <summary>A leader that releases the Lease leaves the remaining reload calls to its successor.</summary>
    private bool MaySend() => _elector is null || (!_isStopping && Leadership.Leads);

    /// <summary>As the checks have it at this moment.</summary>
    public JudgedHealth Health => _sources.Probes.Health;

    /// <summary>Which HolmesGPT addresses were told of changes; null if none is to be told.</summary>
    public ReloadStatus? Reload => _reload?.Status;

    /// <summary>The pod or host.</summary>
    public string Instance { get; }

    /// <summary>The one that is kept.</summary>
    public ObjectKey ConfigMap { get; }

    /// <summary>As it is at this moment.</summary>
    public Leadership Leadership => _leadership.Current;

    public void Start()
    {
        Task[] watches = [.. _watches.Select(loop => loop.RunAsync(_watching.Token))];
        _watchTask = Task.WhenAll(watches);
        Task reconcile = new Loop("reconcile", stop => _reconcile.RunAsync(stop, _writing.Token)).RunAsync(_reconciling.Token);
        Task discovery = new Loop("discovery", _discovery.RunAsync).RunAsync(_reconciling.Token);
        _reconcileTask = Task.WhenAll(reconcile, discovery);
        if (_elector is not null)
            _electTask = new Loop("leader election", stop => ElectAsync(_elector, stop)).RunAsync(_electing.Token);
        Failure = FirstEndAsync([.. watches, reconcile, discovery, .. _elector is null ? Array.Empty<Task>() : [_electTask]]);
    }

    /// <summary>
    /// No new round begins; a write that has begun is ended, or given up where it hangs; then another replica may lead. Not ready from here on.
    /// </summary>
    public async Task StopReconcilingAsync()
    {
        _isStopping = true;
        Cancel(_reconciling);
        using var lastCall = new CancellationTokenSource(_elector is null ? LastCall : LastCallOfLeader, _time);
        await using CancellationTokenRegistration giveUp = lastCall.Token.Register(_writing.Cancel);
        try
        {
            await _reconcileTask;
        }
        finally
        {
            // Not before: the next leader must not meet a write that is still on its way.
            Cancel(_electing);
            await _electTask;
        }
    }

    /// <summary>Ends watches and checks.</summary>
    public async Task StopWatchingAsync()
    {
        _watching.Cancel();
        await _watchTask;
    }

    /// <summary>In the caller's thread: a service that runs in one thread is to stop in that one too.</summary>
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    public void Dispose()
    {
        _reconciling.Dispose();
        _writing.Dispose();
        _electing.Dispose();
        _watching.Dispose();
    }

    private static LeaderElector NewElector(
        IKubeApi api,
        ObjectKey lease,
        ElectionOptions options,
        CoalescingTrigger trigger,
        Reconnection reconnection,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers,
        ServiceMetrics metrics)
    {
        ILogger<LeaderElector> logger = loggers.CreateLogger<LeaderElector>();
        Action<InformerReport> report = InformerLog.OfLease(logger, time).Reporter() + (r => metrics.Informed("leases", r));
        var elector = new LeaderElector(api, lease, options, trigger.Signal, report, reconnection, metrics, time, random, logger);
        metrics.Watch("leases", () => elector.LastProgress);
        return elector;
    }

    private static string InstanceOf(Settings settings) => settings.PodName.Length > 0 ? settings.PodName : Environment.MachineName;

    private static async Task FirstEndAsync(Task[] loops) => await await Task.WhenAny(loops);

    /// <summary>A generator is not safe for several loops, and each loop's draws should not depend on the others' timing.</summary>
    private static Random NextRandom(Random random) => new(random.Next());
}
