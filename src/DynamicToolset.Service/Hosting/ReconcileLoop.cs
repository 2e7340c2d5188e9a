using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Kubernetes.Reconciliation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The one loop that decides and writes. It is level-triggered: an event says that something changed, never what, and each round looks at
/// everything as it is now. What takes time (checks of backends) happens elsewhere.
/// </summary>
public sealed partial class ReconcileLoop
{
    /// <summary>The loop is woken by events; this only bounds the timer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>A read, a write, the same without owners and the read after a conflict, each up to its time limit.</summary>
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(2);

    private readonly ReconcileLoopOptions _options;
    private readonly RuleSource _rules;
    private readonly ServiceSources _services;
    private readonly ConfigMapSource _configMap;
    private readonly ProbeLoop _probes;
    private readonly OwnerSource _owner;
    private readonly ConfigMapReconciler _reconciler;
    private readonly CoalescingTrigger _trigger;
    private readonly Debounce _debounce;
    private readonly Action<ControllerState> _publish;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ServiceMetrics _metrics;
    private readonly Action<TimeSpan> _beat;
    private readonly RoundLog _log;
    private readonly Recurrence _discovery;
    private readonly Recurrence _reconciliation;
    private readonly ConfigMapWriter _writer;

    private ToolsetPipeline _pipeline;
    private RuleState _lookedAtRules;
    private ImmutableArray<ImmutableDictionary<ObjectKey, ServiceRecord>> _detectedFrom = [];
    private ImmutableArray<Detection> _detections = [];
    private Incumbents _incumbents = Incumbents.None;
    private ConfigMapView _view = ConfigMapView.Empty;
    private OverrideState _overrides = OverrideState.Start;
    private ConfigMapRecord? _lastSeen;
    private DesiredConfigMap? _inPlace;
    private PipelineResult? _result;
    private ConfigMapWrite? _lastWrite;
    private bool _hasStarted;
    private long? _unansweredEvent;
    private string? _lookedAt;
    private DesiredOwner _lookedAtOwner = DesiredOwner.Unknown;
    private HealthTable _lookedAtHealth = HealthTable.Empty;
    private bool _lookedAtFirstRound;

    /// <param name="pipeline">Its rules are those that are in force now; a round takes the ones that are in force then.</param>
    /// <param name="beat">Called whenever the loop turns, with the longest time until the next call.</param>
    public ReconcileLoop(
        ReconcileLoopOptions options,
        ToolsetPipeline pipeline,
        RoundSources sources,
        ConfigMapReconciler reconciler,
        CoalescingTrigger trigger,
        Action<ControllerState> publish,
        TimeProvider time,
        Random random,
        ILogger<ReconcileLoop> logger,
        ServiceMetrics metrics,
        Action<TimeSpan> beat)
    {
        _options = options;
        _pipeline = pipeline;
        _rules = sources.Rules;
        _lookedAtRules = _rules.Current;
        _services = sources.Services;
        _configMap = sources.ConfigMap;
        _probes = sources.Probes;
        _owner = sources.Owner;
        _reconciler = reconciler;
        _trigger = trigger;
        _debounce = new Debounce(trigger, time);
        _publish = publish;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _beat = beat;
        _log = new RoundLog(logger, options.Version);
        _discovery = new Recurrence(options.DiscoveryInterval, time);
        _reconciliation = new Recurrence(options.ReconciliationInterval, time);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), random);
        _writer = new ConfigMapWriter(reconciler, _log, backoff, metrics, time, logger);
    }

    private string? LastSeenOverrides => _lastSeen?.Data.GetValueOrDefault(ToolsetKey.Overrides);

    /// <summary>True when all that decisions rest on was read once.</summary>
    public bool HasSynced => _services.HasSynced && _configMap.HasSynced;

    /// <summary>
    /// Runs until stopped; a write that has begun is ended first. Every <see cref="KubeApiException"/> is outlived; any other exception is a
    /// bug and ends the loop.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                TimeSpan wait = UntilNextRound();
                _beat(wait);
                bool isEvent = await _trigger.WaitAsync(wait, stop);
                if (!HasSynced || !HasNews())
                {
                    _trigger.TakeFirstSignal();
                    continue;
                }

                _beat(LongestRound);
                await _debounce.SettleAsync(stop);
                await RoundAsync(stop);
                if (isEvent)
                    _debounce.RoundEnded();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    /// <summary>
    /// The watch brings our own writes back as well. They are no news: a round for each would make the next real event wait for the
    /// pause that follows a round.
    /// </summary>
    private bool HasNews()
    {
        _view = _configMap.Current;
        return UntilNextRound() <= TimeSpan.Zero
            || _view.Newest?.ResourceVersion != _lookedAt
            || !ReferenceEquals(_rules.Current, _lookedAtRules)
            || _owner.Current != _lookedAtOwner
            || HasHealthNews()
            || !_services.Snapshot().SequenceEqual(_detectedFrom);
    }

    /// <summary>A check that found what the last one found is no news either.</summary>
    private bool HasHealthNews()
    {
        HealthTable now = _probes.Table;
        return _probes.FirstRound.IsCompleted != _lookedAtFirstRound
            || _detections.OfType<Detection.Matched>().Any(d => now.Find(d.Health)?.Status != _lookedAtHealth.Find(d.Health)?.Status);
    }

    private TimeSpan UntilNextRound()
    {
        if (!HasSynced)
            return LongestWait;
        TimeSpan wait = _discovery.Remaining < _reconciliation.Remaining ? _discovery.Remaining : _reconciliation.Remaining;
        if (_writer.RetryIn is { } retry && retry < wait)
            wait = retry;
        return wait < LongestWait ? wait : LongestWait;
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        long begun = _time.GetTimestamp();
        long? firstEvent = _trigger.TakeFirstSignal();
        _unansweredEvent ??= firstEvent;
        await ReadIfDueAsync(stop);
        _view = _configMap.Current;
        ReadOverrides(_view.LastSeen);
        Detect(_view.Newest, TakeRules());
        await WaitForFirstChecksAsync(stop);

        _lookedAtFirstRound = _probes.FirstRound.IsCompleted;
        HealthTable health = _lookedAtHealth = _probes.Table;
        long generating = _time.GetTimestamp();
        PipelineResult result = _pipeline.Generate(
            _detections, d => health.IsHealthy(d.Health), _incumbents, _overrides, _view.Newest, LastSeenOverrides, _result);
        _result = result;
        _metrics.Generated(_time.GetElapsedTime(generating));
        _lookedAtOwner = await AskOwnerAsync(stop);
        result = result with { Desired = result.Desired with { Owner = _lookedAtOwner } };
        _incumbents = Incumbents.Of(result.Endpoints);
        _log.Generated(_overrides, result, _view.Newest);
        _log.LeftOut(result.LeftOut);
        ConfigMapPlan plan = ConfigMapPlanner.Plan(result.Desired, new Observed<ConfigMapRecord>(true, _view.Newest), LastSeenOverrides);
        _log.Planned(plan as ConfigMapPlan.Refuse);
        bool isRight = await CarryOutAsync(plan, result.Desired, begun);
        Publish(result, plan, isRight);
        _lookedAt = _view.Newest?.ResourceVersion;
        if (isRight && !IsAwaitingChecks(health))
            _unansweredEvent = null;
        _metrics.RoundEnded(_time.GetElapsedTime(begun));
    }

    /// <summary>The write that an event asks for may be one that waits for the first check of a new endpoint.</summary>
    private bool IsAwaitingChecks(HealthTable health) =>
        _detections.OfType<Detection.Matched>().Any(d => health.Find(d.Health) is { Status: HealthStatus.Unknown });

    /// <summary>A ConfigMap that is gone may have been collected because its owner is: what was known of the owner is no longer sure.</summary>
    private async Task<DesiredOwner> AskOwnerAsync(CancellationToken stop) =>
        _view.Newest is null ? await _owner.AskAsync(_options.OwnerGrace, stop) : _owner.Current;

    /// <summary>The watch tells of every change; this read is for the day when it does not.</summary>
    private async Task ReadIfDueAsync(CancellationToken stop)
    {
        if (!_reconciliation.IsDue)
            return;
        // The watch has just read it.
        if (_hasStarted)
            await ReadAsync(stop);
        _reconciliation.Done();
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            _configMap.Answered(await _reconciler.ReadAsync(stop));
            _view = _configMap.Current;
            _metrics.Asked("read");
        }
        catch (KubeApiException e)
        {
            _metrics.Asked("read", e);
            LogReadFailed(_logger, e.Message);
        }
    }

    /// <summary>While the ConfigMap is not there the overrides are what they were when it was.</summary>
    private void ReadOverrides(ConfigMapRecord? lastSeen)
    {
        if (_hasStarted && lastSeen?.ResourceVersion == _lastSeen?.ResourceVersion)
            return;
        _lastSeen = lastSeen;
        _overrides = _overrides.Next(OverrideParser.ParseIn(lastSeen));
    }

    /// <summary>A whole round goes by one set of rules, whatever is read meanwhile. True where they are new.</summary>
    private bool TakeRules()
    {
        _lookedAtRules = _rules.Current;
        if (ReferenceEquals(_lookedAtRules.InForce, _pipeline.Rules))
            return false;
        _pipeline = _pipeline with { Rules = _lookedAtRules.InForce };
        return true;
    }

    private void Detect(ConfigMapRecord? present, bool areRulesNew)
    {
        ImmutableArray<ImmutableDictionary<ObjectKey, ServiceRecord>> snapshot = _services.Snapshot();
        if (_hasStarted && snapshot.SequenceEqual(_detectedFrom) && !_discovery.IsDue && !areRulesNew)
            return;
        _detectedFrom = snapshot;
        long detecting = _time.GetTimestamp();
        _detections = _pipeline.Detect(snapshot.SelectMany(s => s.Values));
        _metrics.Detected(_time.GetElapsedTime(detecting));
        if (!_hasStarted)
            _incumbents = PresentToolsets.Read(present);
        bool isTrusted = !_hasStarted || areRulesNew;
        _probes.SetTargets([.. _detections.OfType<Detection.Matched>().Select(d => ToTarget(d, isTrusted && _incumbents.Knows(d)))]);
        _log.Detected(_detections, isDue: _discovery.IsDue);
        if (_discovery.IsDue)
            _discovery.Done();
    }

    /// <summary>
    /// What is in the ConfigMap was healthy when it got there. It is taken for healthy unasked at the start, and where a rule now has it
    /// checked on another path: it must not be gone until the first answer.
    /// </summary>
    private static ProbeTarget ToTarget(Detection.Matched detection, bool assumeHealthy) =>
        new(detection.Health, detection.Type, detection.Service.Key, detection.Service.ResourceVersion, assumeHealthy);

    private async Task WaitForFirstChecksAsync(CancellationToken stop)
    {
        if (_hasStarted)
            return;
        _hasStarted = true;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_probes.FirstRound, Task.Delay(_options.StartGrace, _time, either.Token));
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>True where the ConfigMap now says what it should.</summary>
    private async Task<bool> CarryOutAsync(ConfigMapPlan plan, DesiredConfigMap desired, long begun)
    {
        if (_lastSeen is not null)
            _log.Seen(_reconciler.Key.Name, isThere: _view.Newest is not null);
        ImmutableArray<Drift> drift = plan is ConfigMapPlan.Patch patch ? DriftFilter.ByOthers(patch.Drift, _inPlace, desired) : [];
        return await ConcludeAsync(await _writer.CarryOutAsync(plan, drift, wasThere: _lastSeen is not null, begun), desired);
    }

    private async Task<bool> ConcludeAsync(WriteOutcome outcome, DesiredConfigMap desired)
    {
        switch (outcome)
        {
            case WriteOutcome.Written written:
                _lastWrite = written.Write;
                if (_unansweredEvent is { } firstEvent)
                    _metrics.Propagated(_time.GetElapsedTime(firstEvent));
                _unansweredEvent = null;
                _configMap.Answered(written.Present);
                _view = _configMap.Current;
                _lastSeen = written.Present;
                _inPlace = desired;
                return written.IsWhole;
            case WriteOutcome.InPlace:
                _inPlace = desired;
                return true;
            case WriteOutcome.HeldBack:
                _inPlace = desired;
                return false;
            case WriteOutcome.Outdated:
                await ReadAsync(CancellationToken.None);
                return false;
            case WriteOutcome.OwnersRefused refused:
                _owner.Refused(desired.Owner.State, refused.Error);
                return await ConcludeAsync(refused.Rest, desired);
            case WriteOutcome.NotWritten:
                return false;
            default:
                throw new UnreachableException();
        }
    }

    private void Publish(PipelineResult result, ConfigMapPlan plan, bool isRight)
    {
        DesiredOwner owner = _owner.Current;
        OwnerWarning? ownerWarning = owner.Choose(_view.Newest?.Owners ?? []).Warning;
        _log.Owned(owner.State, ownerWarning);
        _publish(new ControllerState(
            _time.GetUtcNow(),
            _lookedAtRules,
            _detections,
            _probes.Table,
            _overrides,
            result,
            _view.Newest,
            _lastWrite,
            plan as ConfigMapPlan.Refuse,
            ownerWarning,
            _writer.Fights,
            IsConverged: isRight && _lookedAtFirstRound && !HasUnwrittenEndpoint(result)));
    }

    /// <summary>An endpoint turned healthy after the round looked: one more round follows.</summary>
    private bool HasUnwrittenEndpoint(PipelineResult result) =>
        _detections.OfType<Detection.Matched>().Count(d => _probes.Table.IsHealthy(d.Health)) != result.Endpoints.Length;

    [LoggerMessage(201, LogLevel.Warning, "Failed to read ConfigMap")]
    private static partial void LogReadFailed(ILogger logger, string error);
}
