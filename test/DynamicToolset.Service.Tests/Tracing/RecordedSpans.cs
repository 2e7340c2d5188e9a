using System.Collections.Concurrent;
using System.Diagnostics;
using DynamicToolset.Service.Tracing;

namespace DynamicToolset.Service.Tests.Tracing;

/// <summary>Listens to one source of spans, and keeps those that have ended.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public RecordedSpans(ServiceSpans spans)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = spans.Owns,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<Activity> All => _ended;

    public IEnumerable<Activity> Named(string name) => _ended.Where(a => a.OperationName == name);

    public IEnumerable<Activity> PartsOf(Activity round) => _ended.Where(a => a.ParentSpanId == round.SpanId);

    public void Dispose() => _listener.Dispose();
}
