using DynamicToolset.Discovery;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;

namespace DynamicToolset.Service.Reconciling;

/// <summary>
/// The one loop that has the ConfigMap written: it waits for news, takes all inputs once, has <see cref="Round"/> decide, and carries out what was
/// decided. What takes time (watches, checks of backends) happens elsewhere.
/// </summary>
/// <param name="publish">Called after every round with the state that was decided by. Must be quick and must not throw.</param>
/// <param name="rehearse">Is shown every decision in place of its being carried out; null where it is.</param>
public sealed class ReconcileLoop(
    Round round,
    ReconcileIntervals intervals,
    RoundSources sources,
    ConfigMapWriter writer,
    CoalescingTrigger trigger,
    Action<ControllerState> publish,
    ServiceMetrics metrics,
    TimeProvider time,
    Action<Decision>? rehearse = null)
{
    /// <summary>The loop is woken by events; this only bounds the timer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>A read, a write, the same without owners and the read after a conflict, each up to its time limit.</summary>
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(2);

    /// <summary>How long the answer of one check waits for those of others that are on their way.</summary>
    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(50);

    private readonly RoundBucket _bucket = new(time);
    private readonly Recurrence _discovery = new(intervals.Discovery, time);
    private readonly Recurrence _reconciliation = new(intervals.Reconciliation, time);
    private readonly long _origin = time.GetTimestamp();
    private RoundMemory _memory = RoundMemory.Start;
    private RoundInputs? _decidedFrom;
    private TimeSpan? _lookAgainAt;
    private long _cycle;
    private long? _unansweredEvent;

    public Heartbeat Heartbeat { get; } = new("reconcile", time);

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
                    trigger.TakeFirstSignal();
                    continue;
                }

                await GatherAsync(news, isDue, stop);
                await RoundAsync(Take(), abort);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private RoundInputs Take() => sources.Take(_cycle);

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
            _cycle++;
            _discovery.Done();
        }
    }

    /// <summary>Changes of others wait in a storm; the answer to a question of our own only for other answers that are on their way.</summary>
    private async Task GatherAsync(RoundInputs news, bool isDue, CancellationToken stop)
    {
        if (isDue)
            return;
        if (!IsAnswerToUs(news))
        {
            await Task.Delay(_bucket.Take(), time, stop);
            return;
        }

        long begun = time.GetTimestamp();
        while (sources.Probes.Health.Awaited > 0 && LongestGathering - time.GetElapsedTime(begun) is { Ticks: > 0 } left && IsAnswerToUs(Take()))
            await trigger.WaitAsync(left, stop);
    }

    /// <summary>True where nothing is new but checks, what is known of the owner, and a write of our own.</summary>
    private bool IsAnswerToUs(RoundInputs news) => _decidedFrom is { } before && before == news with
    {
        Health = before.Health,
        AreFirstChecksDone = before.AreFirstChecksDone,
        Owner = before.Owner,
        ConfigMap = news.ConfigMap.Newest?.ResourceVersion == _memory.HoldersReadFrom ? before.ConfigMap : news.ConfigMap,
    };

    private async Task RoundAsync(RoundInputs inputs, CancellationToken abort)
    {
        long begun = time.GetTimestamp();
        _unansweredEvent ??= trigger.TakeFirstSignal();
        // It may have been collected because its owner is gone: what was known of that is no longer sure.
        if (inputs.ConfigMap.Newest is null && _decidedFrom?.ConfigMap.Newest is not null)
            sources.Owner.Doubt();
        Decision decision = Decide(inputs, begun);
        if (_decidedFrom is null || decision.Memory.Detected.Matched != _memory.Detected.Matched)
            sources.Probes.SetTargets(decision.Targets);
        rehearse?.Invoke(decision);
        WriteOutcome outcome = rehearse is null
            ? await writer.CarryOutAsync(decision.Step, decision.Drift, inputs.ConfigMap.LastSeen is not null, begun, inputs.Leadership, abort)
            : new WriteOutcome.NotWritten();
        (_memory, ControllerState state) = round.Conclude(inputs, decision, outcome, Now);
        _lookAgainAt = outcome is WriteOutcome.OnlyOwnersRefused or WriteOutcome.Fenced ? Now.Elapsed : decision.LookAgainAt;
        _decidedFrom = inputs;
        Measure(inputs, decision, outcome, state);
        metrics.RoundEnded(time.GetElapsedTime(begun));
        publish(state);
    }

    private Decision Decide(RoundInputs inputs, long begun)
    {
        DetectedServices detected = round.Detect(inputs, _memory);
        if (!ReferenceEquals(detected, _memory.Detected))
            metrics.Detected(time.GetElapsedTime(begun));
        long generating = time.GetTimestamp();
        Decision decision = round.Decide(inputs, _memory with { Detected = detected }, Now);
        metrics.Generated(time.GetElapsedTime(generating));
        return decision;
    }

    /// <summary>The write that an event asks for may be one that waits for the first check of a new endpoint.</summary>
    private void Measure(RoundInputs inputs, Decision decision, WriteOutcome outcome, ControllerState state)
    {
        bool isWritten = outcome is WriteOutcome.Written;
        if (isWritten && _unansweredEvent is { } firstEvent)
            metrics.Propagated(time.GetElapsedTime(firstEvent));
        if (isWritten || (decision.Plan is ConfigMapPlan.None && inputs.Health.Awaited == 0))
            _unansweredEvent = null;
        if (isWritten)
            metrics.Fought(state.Fights.Count(f => state.LastWrite!.Drift.Any(d => d.Key == f.Key) || (f.Key == Fight.WholeObject && state.LastWrite.IsRecreation)));
    }
}

/// <param name="Discovery">Between two evaluations of all Services.</param>
/// <param name="Reconciliation">Between two reads of the ConfigMap; each is one GET.</param>
public sealed record ReconcileIntervals(TimeSpan Discovery, TimeSpan Reconciliation);
