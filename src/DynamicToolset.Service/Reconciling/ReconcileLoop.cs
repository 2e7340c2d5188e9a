using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Journal;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tracing;

namespace DynamicToolset.Service.Reconciling;

/// <summary>
/// The one loop that has the ConfigMap written: it waits for news, takes all inputs once, has <see cref="Round"/> decide, and carries out what was
/// decided. What takes time (watches, checks of backends) happens elsewhere.
/// </summary>
/// <param name="publish">Called after every round with the state that was decided by. Must be quick and must not throw.</param>
/// <param name="record">Called after every round with everything that it was decided by. Must be quick and must not throw; null if nothing is recorded.</param>
/// <param name="rehearse">Is shown every decision in place of its being carried out; null where it is.</param>
public sealed class ReconcileLoop(
    Round round,
    ReconcileIntervals intervals,
    RoundSources sources,
    ConfigMapWriter writer,
    CoalescingTrigger trigger,
    Action<ControllerState> publish,
    ServiceMetrics metrics,
    ServiceSpans spans,
    TimeProvider time,
    Action<Decision>? rehearse = null,
    Action<JournalRound>? record = null)
{
    /// <summary>The loop is woken by events; this only bounds the timer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>A read, a write, the same without owners and the read after a conflict, each up to its time limit.</summary>
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(2);

    private readonly RoundGathering _gathering = new(trigger, time);
    private readonly RoundMeasures _measures = new(trigger, metrics, spans, time);
    private readonly Recurrence _discovery = new(intervals.Discovery, time);
    private readonly Recurrence _reconciliation = new(intervals.Reconciliation, time);
    private readonly long _origin = time.GetTimestamp();
    private RoundMemory _memory = RoundMemory.Start;
    private RoundInputs? _decidedFrom;
    private ImmutableArray<ProbeTarget> _targets = [];
    private ImmutableArray<IdentityTarget> _asked = [];
    private TimeSpan? _lookAgainAt;
    private long _cycle;
    private long _rounds;

    public Heartbeat Heartbeat { get; } = new("reconcile", time);

    /// <summary>Has all Services evaluated anew. Safe for any caller; returns at once.</summary>
    /// <returns>A state whose <see cref="DetectedServices.Cycle"/> is that, or higher, is of a round that took its inputs after this call.</returns>
    public long BeginCycle()
    {
        long cycle = Interlocked.Increment(ref _cycle);
        trigger.Signal();
        return cycle;
    }

    private Moment Now => new(time.GetElapsedTime(_origin), time.GetUtcNow());

    /// <summary>Runs until stopped; a write that has begun is ended first, or given up by <paramref name="abort"/>.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        try
        {
            while (true)
            {
                TimeSpan wait = UntilNextLook();
                Heartbeat.Beat(wait);
                await trigger.WaitAsync(wait, stop);
                if (!sources.HasSynced)
                    continue;
                Heartbeat.Beat(LongestRound);
                bool isDue = UntilNextLook() <= TimeSpan.Zero;
                await RefreshIfDueAsync(stop);
                if (Take() is var news && news == _decidedFrom && !isDue)
                {
                    _measures.Pass();
                    continue;
                }

                if (!isDue)
                    await (IsAnswerToUs(news) ? _gathering.AnswersAsync(IsGathering, stop) : _gathering.StormAsync(stop));
                await RoundAsync(Take(), abort);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private RoundInputs Take() => sources.Take(Volatile.Read(ref _cycle));

    private TimeSpan UntilNextLook()
    {
        if (!sources.HasSynced)
            return LongestWait;
        TimeSpan again = _lookAgainAt is { } at ? at - Now.Elapsed : LongestWait;
        TimeSpan[] waits = [LongestWait, _discovery.Remaining, _reconciliation.Remaining, again, writer.RetryIn ?? LongestWait];
        return waits.Min();
    }

    /// <summary>The watch tells of every change; the read is for the day when it does not.</summary>
    private async Task RefreshIfDueAsync(CancellationToken stop)
    {
        if (_reconciliation.IsDue)
        {
            // The watch has just read it.
            if (_decidedFrom is not null)
                await writer.RefreshAsync(stop);
            _reconciliation.Done();
        }

        if (_discovery.IsDue)
        {
            Interlocked.Increment(ref _cycle);
            _discovery.Done();
        }
    }

    private bool IsAnswerToUs(RoundInputs news) => _decidedFrom is { } before && news.IsAnswerTo(before, _memory.HoldersReadFrom);

    private bool IsGathering() => (sources.Probes.Health.Awaited > 0 || sources.Identities.Table.Awaited > 0) && IsAnswerToUs(Take());

    private async Task RoundAsync(RoundInputs inputs, CancellationToken abort)
    {
        _measures.Begin();
        long begun = time.GetTimestamp();
        // It may have been collected because its owner is gone: what was known of that is no longer sure.
        if (inputs.ConfigMap.Newest is null && _decidedFrom?.ConfigMap.Newest is not null)
            sources.Owner.Doubt();
        (RoundMemory before, Moment decided) = (_memory, Now);
        Decision decision = _measures.Decide(round, inputs, before, decided);
        if (_decidedFrom is null || !decision.Targets.SequenceEqual(_targets))
            sources.Probes.SetTargets(_targets = decision.Targets);
        if (_decidedFrom is null || !decision.Asked.SequenceEqual(_asked))
            sources.Identities.SetTargets(_asked = decision.Asked);
        rehearse?.Invoke(decision);
        WriteOutcome outcome = rehearse is null
            ? await writer.CarryOutAsync(decision.Step, decision.Drift, inputs.ConfigMap.LastSeen is not null, begun, inputs.Leadership, abort)
            : new WriteOutcome.NotWritten();
        // While it was away the Deployment that it went with may have been made anew.
        if (outcome is WriteOutcome.Written { Step: ConfigMapPlan.Create { Content.Owners.IsEmpty: true } })
            sources.Owner.AskAgain();
        Moment concluded = Now;
        (_memory, ControllerState state) = round.Conclude(inputs, decision, outcome, concluded);
        record?.Invoke(new JournalRound(++_rounds, inputs, before, decided, decision, outcome, concluded));
        _lookAgainAt = outcome is WriteOutcome.OnlyOwnersRefused or WriteOutcome.Fenced ? Now.Elapsed : decision.LookAgainAt;
        _decidedFrom = inputs;
        _measures.End(inputs, decision, outcome, state);
        publish(state);
    }
}

/// <param name="Discovery">Between two evaluations of all Services.</param>
/// <param name="Reconciliation">Between two reads of the ConfigMap; each is one GET.</param>
public sealed record ReconcileIntervals(TimeSpan Discovery, TimeSpan Reconciliation);
