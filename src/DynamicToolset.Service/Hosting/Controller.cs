using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.LeaderElection;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Reconciling;
using DynamicToolset.Service.Watching;
using DynamicToolset.Toolsets;
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
    private readonly ReconcileLoop _reconcile;
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
    public Controller(
        Settings settings,
        RuleSource rules,
        IKubeApi api,
        IProber prober,
        Action<ControllerState> publish,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers,
        ServiceMetrics metrics,
        Restraint? restraint = null)
    {
        restraint ??= Restraint.None;
        _time = time;
        var trigger = new CoalescingTrigger(time);
        var reconnection = new Reconnection(trigger.Signal);
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        var watchConfigMap = new Heartbeat("watch-configmap", time);

        ImmutableArray<(string? Namespace, Heartbeat Heartbeat)> namespaces =
            [.. (settings.Namespaces.IsEmpty ? [null] : settings.Namespaces.Cast<string?>()).Select(ns => (ns, new Heartbeat("watch-services", time)))];
        var servicesLog = InformerLog.OfServices(loggers.CreateLogger<ServiceSources>(), time);
        var services = new ServiceSources(
        [
            .. namespaces.Select(n => new Informer<ServiceRecord>(
                InformerSources.Services(api, n.Namespace),
                trigger.Signal,
                servicesLog.Reporter() + (r => metrics.Informed("services", r)),
                time,
                NextRandom(random),
                n.Heartbeat.Beat,
                (known, now) => ServiceNews.IsNews(rules.Current.InForce, known, now),
                reconnection)),
        ]);
        var configMapLog = InformerLog.OfConfigMap(loggers.CreateLogger<ConfigMapSource>(), time);
        Action<InformerReport> reportConfigMap = configMapLog.Reporter() + (r => metrics.Informed("configmaps", r));
        var configMap = new ConfigMapSource(
            InformerSources.ConfigMap(api, key), trigger.Signal, reportConfigMap, time, NextRandom(random), watchConfigMap.Beat, reconnection);
        var probes = new ProbeLoop(
            ProbeLoopOptions.Of(settings), prober.AskAsync, trigger.Signal, metrics.Checked, time, NextRandom(random), loggers.CreateLogger<ProbeLoop>());
        var ruleLoop = new RuleLoop(rules, trigger.Signal, time, loggers.CreateLogger<RuleLoop>());
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

        var events = new EventRecorder(api, time, NextRandom(random), loggers.CreateLogger<EventRecorder>(), MaySend);
        ReloadLoop? reload = settings.HolmesReloadUrl.Length == 0 || restraint.Rehearse is not null
            ? null
            : new ReloadLoop(new Uri(settings.HolmesReloadUrl), settings.HolmesReloadApiKey, time, loggers.CreateLogger<ReloadLoop>(), MaySend);
        var report = new RoundReport(
            new RoundLog(loggers.CreateLogger<ReconcileLoop>(), key.Name, BuildInfo.Current.Version),
            restraint.Rehearse is null ? new ProblemEvents(events) : null,
            reload,
            publish + (_ => _hasDecided.TrySetResult()));

        _sources = new RoundSources(rules, services, configMap, probes, owner, _leadership);
        _writer = new ConfigMapWriter(
            api, key, configMap, _leadership, reconnection, NextRandom(random), metrics, time, loggers.CreateLogger<ConfigMapWriter>());
        _reconcile = new ReconcileLoop(
            new Round(ToRoundOptions(settings, rules.Current.InForce) with { HoldsMassRemoval = restraint.HoldsMassRemoval }),
            new ReconcileIntervals(settings.DiscoveryInterval, settings.ReconciliationInterval),
            _sources,
            _writer,
            trigger,
            report.Report,
            metrics,
            time,
            restraint.Rehearse);
        _watches =
        [
            new Loop("configmap watch", configMap.RunAsync),
            .. services.Loops.Select(run => new Loop("services watch", run)),
            new Loop("probe", probes.RunAsync),
            new Loop("rule", ruleLoop.RunAsync),
            new Loop("owner", owner.RunAsync),
            new Loop("event", events.RunAsync),
            .. reload is null ? Array.Empty<Loop>() : [new Loop("holmes reload", reload.RunAsync)],
            .. _elector is null ? Array.Empty<Loop>() : [new Loop("lease watch", _elector.WatchAsync)],
        ];
        _heartbeats =
        [
            _reconcile.Heartbeat, probes.Heartbeat, watchConfigMap, ruleLoop.Heartbeat, .. namespaces.Select(n => n.Heartbeat),
            .. reload is null ? Array.Empty<Heartbeat>() : [reload.Heartbeat],
            .. _elector is null ? Array.Empty<Heartbeat>() : [_elector.Heartbeat, _elector.WatchHeartbeat],
        ];
    }

    /// <summary>Ends when a loop has ended that was not told to: with an exception, and the process cannot go on.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    /// <summary>The exception of a loop, be it of one that failed while it was being stopped; null where there is none.</summary>
    public Exception? Defect => (Failure.Exception ?? _reconcileTask.Exception ?? _electTask.Exception ?? _watchTask.Exception)?.InnerException;

    /// <summary>Who gives the Lease back at its stop leaves the rest to be told by whoever leads next.</summary>
    private bool MaySend() => _elector is null || (!_isStopping && Leadership.Leads);

    /// <summary>As it is at this moment.</summary>
    public Leadership Leadership => _leadership.Current;

    public static ToolsetPipeline ToPipeline(Settings settings, RuleSet rules) =>
        new(rules, settings.Namespaces, settings.PreferredNamespaces, settings.ClusterDomain)
        {
            Credentials = new CredentialScope(settings.CredentialsNamespaces),
            Holmes = settings.HolmesFormat ? new HolmesProfile(settings.HolmesTarget, settings.HolmesBaseToolsets) : null,
        };

    public void Start()
    {
        Task[] watches = [.. _watches.Select(loop => loop.RunAsync(_watching.Token))];
        _watchTask = Task.WhenAll(watches);
        _reconcileTask = new Loop("reconcile", stop => _reconcile.RunAsync(stop, _writing.Token)).RunAsync(_reconciling.Token);
        if (_elector is not null)
            _electTask = new Loop("leader election", stop => ElectAsync(_elector, stop)).RunAsync(_electing.Token);
        Failure = FirstEndAsync([.. watches, _reconcileTask, .. _elector is null ? Array.Empty<Task>() : [_electTask]]);
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
            // Not before: whoever leads next must meet no write that is still under way.
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

    /// <summary>Whoever has not read the cluster cannot lead: it stands for election when it has decided once, as a follower.</summary>
    private async Task ElectAsync(LeaderElector elector, CancellationToken stop)
    {
        await _hasDecided.Task.WaitAsync(stop);
        // Not in the call of whoever decided.
        await Task.Yield();
        await elector.RunAsync(stop);
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

    private static ElectionOptions ToElectionOptions(Settings settings, Random random) => new(
        ElectionOptions.IdentityOf(settings.PodName.Length > 0 ? settings.PodName : Environment.MachineName, random),
        settings.LeaseDuration,
        settings.RenewDeadline,
        settings.RetryPeriod);

    private static async Task FirstEndAsync(Task[] loops) => await await Task.WhenAny(loops);

    /// <summary>A generator is not safe for several loops, and each loop's draws should not depend on the others' timing.</summary>
    private static Random NextRandom(Random random) => new(random.Next());

    private static RoundOptions ToRoundOptions(Settings settings, RuleSet rules) => new(ToPipeline(settings, rules), settings.OwnerDeployment)
    {
        AreChecksEnabled = settings.HealthCheckEnabled,
        OwnerRetry = settings.DiscoveryInterval,
    };

    /// <summary>What the settings say of the owner; unknown where the cluster has to be asked.</summary>
    internal static OwnerState ToOwnerState(Settings settings)
    {
        if (!settings.OwnerReferenceEnabled)
            return new OwnerState.SwitchedOff();
        bool isElsewhere = settings.PodNamespace.Length > 0 && settings.PodNamespace != settings.ConfigMapNamespace;
        return isElsewhere ? new OwnerState.InOtherNamespace(settings.PodNamespace) : new OwnerState.Unknown();
    }
}
