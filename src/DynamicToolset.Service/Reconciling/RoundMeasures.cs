using System.Diagnostics;
using DynamicToolset.Discovery;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tracing;

namespace DynamicToolset.Service.Reconciling;

/// <summary>What a round takes and goes through, for metrics and spans. One at a time.</summary>
internal sealed class RoundMeasures(CoalescingTrigger trigger, ServiceMetrics metrics, ServiceSpans spans, TimeProvider time)
{
    private long _begun;
    private long? _unansweredEvent;
    private Activity? _span;

    /// <summary>The loop was woken without a change.</summary>
    public void Pass() => trigger.TakeFirstSignal();

    public void Begin()
    {
        _begun = time.GetTimestamp();
        _unansweredEvent ??= trigger.TakeFirstSignal();
        _span = spans.Round(_unansweredEvent);
    }

    /// <summary>The two halves of a decision, each with its time.</summary>
    public Decision Decide(Round round, RoundInputs inputs, RoundMemory memory, Moment now)
    {
        DetectedServices detected;
        using (spans.Detect())
            detected = round.Detect(inputs, memory);
        if (!ReferenceEquals(detected, memory.Detected))
            metrics.Detected(time.GetElapsedTime(_begun));
        long generating = time.GetTimestamp();
        using Activity? deciding = spans.Decide();
        Decision decision = round.Decide(inputs, memory with { Detected = detected }, now);
        metrics.Generated(time.GetElapsedTime(generating));
        return decision;
    }

    /// <summary>The write that an event asks for may be one that waits for the first check of a new endpoint.</summary>
    public void End(RoundInputs inputs, Decision decision, WriteOutcome outcome, ControllerState state)
    {
        bool isWritten = outcome is WriteOutcome.Written;
        if (isWritten && _unansweredEvent is { } firstEvent)
            metrics.Propagated(time.GetElapsedTime(firstEvent));
        if (isWritten || (decision.Plan is ConfigMapPlan.None && inputs.Health.Awaited == 0 && !state.IsAnswerDue))
            _unansweredEvent = null;
        if (isWritten)
        {
            ConfigMapWrite last = state.LastWrite!;
            metrics.Fought(state.Fights.Count(f => last.Drift.Any(d => d.Key == f.Key) || (f.Key == Fight.WholeObject && last.IsRecreation)));
        }
        metrics.RoundEnded(time.GetElapsedTime(_begun));
        ServiceSpans.End(_span, decision, outcome, state);
    }
}
