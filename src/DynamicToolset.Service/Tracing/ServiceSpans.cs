using System.Collections.Concurrent;
using System.Diagnostics;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Tracing;

/// <summary>
/// What a round and a check went through, as activities. While nobody listens there are none, and each call costs next to nothing. None holds a secret, the
/// value of an override or a byte that a backend sent but its status code.
/// </summary>
public sealed class ServiceSpans(TimeProvider time) : IDisposable
{
    public const string SourceName = "dynamictoolset";

    /// <summary>After an outage thousands of checks may bring news to one round.</summary>
    private const int MostLinks = 32;

    private readonly ActivitySource _source = new(SourceName);
    private readonly ConcurrentQueue<ActivityContext> _news = new();

    /// <param name="firstSignal">When the event came that this round is to answer, a timestamp of the clock; null where there was none.</param>
    /// <returns>To be disposed of at the end of the round; null where nobody listens.</returns>
    public Activity? Round(long? firstSignal)
    {
        List<ActivityLink>? checks = null;
        while (_news.TryDequeue(out ActivityContext check))
            (checks ??= []).Add(new ActivityLink(check));
        Activity? round = _source.StartActivity(SpanNames.Round, ActivityKind.Internal, default(ActivityContext), links: checks);
        if (round is not null && firstSignal is { } signal)
            round.AddEvent(new ActivityEvent(SpanNames.EventSeen, time.GetUtcNow() - time.GetElapsedTime(signal)));
        return round;
    }

    /// <summary>A part of the round that is under way.</summary>
    public Activity? Detect() => _source.StartActivity(SpanNames.Detect);

    /// <summary>A part of the round that is under way.</summary>
    public Activity? Decide() => _source.StartActivity(SpanNames.Decide);

    public static void End(Activity? round, Decision decision, WriteOutcome outcome, ControllerState state)
    {
        if (round is null)
            return;
        round.SetTag(SpanNames.Step, decision.Step.Word);
        round.SetTag(SpanNames.Outcome, decision.Step is ConfigMapPlan.None ? "nothing_to_do" : NameOf(outcome));
        round.SetTag(SpanNames.Services, state.Detected.Matched.Length);
        round.SetTag(SpanNames.Toolsets, state.Result.Toolsets.Toolsets.Length);
        round.Dispose();
    }

    /// <summary>One request that writes, a part of the round that is under way.</summary>
    public Activity? Write(ConfigMapPlan step)
    {
        Activity? write = _source.StartActivity(SpanNames.Write, ActivityKind.Client);
        if (write is null)
            return null;
        write.SetTag(SpanNames.Step, step.Word);
        write.SetTag(SpanNames.KeysSet, step.KeysSet.Count());
        write.SetTag(SpanNames.KeysRemoved, step.KeysRemoved.Count());
        return write;
    }

    /// <param name="errorType">What went wrong in one word; null where nothing did.</param>
    public static void EndWrite(Activity? write, string? errorType = null)
    {
        if (write is null)
            return;
        SetOutcome(write, errorType ?? "success", isError: errorType is not null);
        write.Dispose();
    }

    public void Checked(CompletedCheck check)
    {
        using Activity? span = _source.StartActivity(SpanNames.Check, ActivityKind.Client, default(ActivityContext), startTime: check.StartedAt);
        if (span is null)
            return;
        span.SetTag(SpanNames.Namespace, check.Target.Service.Namespace);
        span.SetTag(SpanNames.Service, check.Target.Service.Name);
        span.SetTag(SpanNames.Port, check.Target.Endpoint.Port);
        span.SetTag(SpanNames.Type, check.Target.ServiceType);
        span.SetTag(SpanNames.Attempts, check.Attempts);
        span.SetTag(SpanNames.StatusCode, check.Outcome.StatusCode);
        SetOutcome(span, check.Outcome.Reason, isError: !check.Outcome.IsSuccess);
        span.SetEndTime((check.StartedAt + check.Duration).UtcDateTime);
        if (check.IsNews && _news.Count < MostLinks)
            _news.Enqueue(span.Context);
    }

    public void Dispose() => _source.Dispose();

    internal bool Owns(ActivitySource source) => ReferenceEquals(source, _source);

    private static void SetOutcome(Activity span, string outcome, bool isError)
    {
        span.SetTag(SpanNames.Outcome, outcome);
        if (!isError)
            return;
        span.SetTag(SpanNames.ErrorType, outcome);
        span.SetStatus(ActivityStatusCode.Error);
    }

    private static string NameOf(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Written => "written",
        WriteOutcome.OnlyOwnersRefused => "owners_refused",
        WriteOutcome.Disowned => "disowned",
        WriteOutcome.Fenced => "fenced",
        WriteOutcome.NotWritten => "not_written",
        _ => throw new UnreachableException(),
    };
}
