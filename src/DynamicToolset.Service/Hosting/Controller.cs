using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Kubernetes.Reconciliation;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The loops of the service, wired together: watches feed the reconcile loop, which tells the probe loop what to check and is woken by it.
/// It knows the order in which they start and stop.
/// </summary>
public sealed class Controller : IDisposable
{
    private readonly ServiceSources _services;
    private readonly ConfigMapSource _configMap;
    private readonly ProbeLoop _probes;
    private readonly RuleLoop _rules;
    private readonly OwnerSource _owner;
    private readonly ReconcileLoop _reconcile;
    private readonly EventRecorder _events;
    private readonly ImmutableArray<ReloadLoop> _reloads;
    private readonly ImmutableArray<Heartbeat> _heartbeats;
    private readonly CancellationTokenSource _reconciling = new();
    private readonly CancellationTokenSource _watching = new();
    private Task _reconcileTask = Task.CompletedTask;
    private Task _watchTask = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <param name="publish">Called after every round. Must be quick and must not throw.</param>
    public Controller(
        Settings settings,
        RuleSource rules,
        IKubeApi api,
        HttpProber prober,
        Action<ControllerState> publish,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers,
        ServiceMetrics metrics)
    {
        var trigger = new CoalescingTrigger(time);
        var reconnection = new Reconnection();
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        Action<InformerReport> reportServices = InformerLog.Services(loggers.CreateLogger<ServiceSources>()) + (r => metrics.Informed("services", r));
        Action<InformerReport> reportConfigMap = InformerLog.ConfigMap(loggers.CreateLogger<ConfigMapSource>()) + (r => metrics.Informed("configmaps", r));
        Heartbeat reconcile = new("reconcile", time), probe = new("probe", time), watchConfigMap = new("watch-configmap", time), watchRules = new("watch-rules", time);
        ImmutableArray<string?> namespaces = settings.Namespaces.IsEmpty ? [null] : [.. settings.Namespaces];
        ImmutableArray<Heartbeat> watchServices = [.. namespaces.Select(_ => new Heartbeat("watch-services", time))];
        ImmutableArray<Heartbeat> reloads = settings.HolmesReloadUrl.Length > 0 ? [new Heartbeat("holmes-reload", time)] : [];
        _heartbeats = [reconcile, probe, watchConfigMap, watchRules, .. watchServices, .. reloads];
        _services = new ServiceSources(
        [
            .. namespaces.Zip(watchServices, (ns, watch) => new Informer<ServiceRecord>(
                InformerSources.Services(api, ns), trigger.Signal, reportServices, time, NextRandom(random), watch.Beat, reconnection: reconnection)),
        ]);
        _configMap = new ConfigMapSource(
            api, key, trigger.Signal, reportConfigMap, time, NextRandom(random), watchConfigMap.Beat, reconnection);
        metrics.Watch("services", () => _services.LastContact);
        metrics.Watch("configmaps", () => _configMap.LastContact);
        _probes = new ProbeLoop(
            ToProbeLoopOptions(settings),
            prober.CheckAsync,
            trigger.Signal,
            metrics.Checked,
            time,
            NextRandom(random),
            loggers.CreateLogger<ProbeLoop>(),
            probe.Beat);
        _rules = new RuleLoop(rules, trigger.Signal, time, loggers.CreateLogger<RuleLoop>(), watchRules.Beat);
        _owner = new OwnerSource(
            api, key with { Name = settings.OwnerDeployment }, ToOwnerState(settings), settings.DiscoveryInterval, trigger.Signal, time, NextRandom(random));
        _events = new EventRecorder(api, time, loggers.CreateLogger<EventRecorder>());
        var problems = new ProblemEvents(_events);
        Action<ControllerState> report = publish + problems.Report;
        _reloads =
        [
            .. reloads.Select(reload => new ReloadLoop(
                new Uri(settings.HolmesReloadUrl), settings.HolmesReloadApiKey, time, loggers.CreateLogger<ReloadLoop>(), reload.Beat)),
        ];
        foreach (ReloadLoop reload in _reloads)
            report += state => reload.Report(state.LastWrite);
        _reconcile = new ReconcileLoop(
            ToReconcileLoopOptions(settings),
            ToPipeline(settings, rules.Current.InForce),
            new RoundSources(rules, _services, _configMap, _probes, _owner),
            new ConfigMapReconciler(api, key, time),
            trigger,
            report,
            time,
            NextRandom(random),
            loggers.CreateLogger<ReconcileLoop>(),
            metrics,
            reconcile.Beat);
    }

    /// <summary>Whether each loop turns. A failure needs a restart. While it stops nothing is expected of a loop: the stop has its own limit.</summary>
    public IEnumerable<SelfCheck> Liveness =>
        _heartbeats.GroupBy(h => h.Name).Select(h => new SelfCheck(h.Key, _isStopping || !h.Any(part => part.IsStuck)));

    /// <summary>True from the first complete reading of the cluster until the stop begins.</summary>
    public bool IsReady => Readiness.All(c => c.Passes);

    /// <summary>The parts of <see cref="IsReady"/>.</summary>
    public IEnumerable<SelfCheck> Readiness =>
    [
        new SelfCheck("services-synced", _services.HasSynced),
        new SelfCheck("configmap-synced", _configMap.HasSynced),
        new SelfCheck("not-stopping", !_isStopping),
    ];

    /// <summary>Ends when a loop has ended that was not told to: with its exception, and the process cannot go on.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    /// <summary>The exception of a loop, be it of one that failed while it was being stopped; null where there is none.</summary>
    public Exception? Defect => (Failure.Exception ?? _reconcileTask.Exception ?? _watchTask.Exception)?.InnerException;

    public static ToolsetPipeline ToPipeline(Settings settings, RuleSet rules) =>
        new(rules, settings.Namespaces, settings.PreferredNamespaces, settings.ClusterDomain)
        {
            Holmes = settings.HolmesFormat ? new HolmesProfile(settings.HolmesTarget, settings.HolmesBaseToolsets) : null,
        };

    public void Start()
    {
        CancellationToken stop = _watching.Token;
        Task[] watches =
        [
            _configMap.RunAsync(stop), _probes.RunAsync(stop), _events.RunAsync(stop), _rules.RunAsync(stop), _owner.RunAsync(stop),
            .. _services.RunAll(stop), .. _reloads.Select(r => r.RunAsync(stop)),
        ];
        _watchTask = Task.WhenAll(watches);
        _reconcileTask = _reconcile.RunAsync(_reconciling.Token);
        Failure = FirstEndAsync([.. watches, _reconcileTask]);
    }

    /// <summary>No new round begins; a write that has begun is ended. Not ready from here on.</summary>
    public async Task StopReconcilingAsync()
    {
        _isStopping = true;
        await _reconciling.CancelAsync();
        await _reconcileTask;
    }

    /// <summary>Ends watches and checks.</summary>
    public async Task StopWatchingAsync()
    {
        await _watching.CancelAsync();
        await _watchTask;
    }

    public void Dispose()
    {
        _reconciling.Dispose();
        _watching.Dispose();
    }

    private static async Task FirstEndAsync(Task[] loops) => await await Task.WhenAny(loops);

    /// <summary>A generator is not safe for several loops, and each loop's draws should not depend on the others' timing.</summary>
    private static Random NextRandom(Random random) => new(random.Next());

    private static ProbeLoopOptions ToProbeLoopOptions(Settings settings) => new()
    {
        Enabled = settings.HealthCheckEnabled,
        Interval = settings.HealthCheckInterval,
        Concurrency = settings.HealthCheckConcurrency,
        Thresholds = new(settings.HealthCheckUnhealthyThreshold, settings.HealthCheckHealthyThreshold),
        WarningInterval = settings.DiscoveryInterval,
    };

    /// <summary>What the settings say of the owner; unknown where the cluster has to be asked.</summary>
    internal static OwnerState ToOwnerState(Settings settings)
    {
        if (!settings.OwnerReferenceEnabled)
            return new OwnerState.SwitchedOff();
        bool isElsewhere = settings.PodNamespace.Length > 0 && settings.PodNamespace != settings.ConfigMapNamespace;
        return isElsewhere ? new OwnerState.InOtherNamespace(settings.PodNamespace) : new OwnerState.Unknown();
    }

    private static ReconcileLoopOptions ToReconcileLoopOptions(Settings settings) => new()
    {
        DiscoveryInterval = settings.DiscoveryInterval,
        ReconciliationInterval = settings.ReconciliationInterval,
        Version = BuildInfo.Current.Version,
    };
}
