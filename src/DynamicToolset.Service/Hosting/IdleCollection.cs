namespace DynamicToolset.Service.Hosting;

/// <summary>
/// Gives back to the system what the start, a storm or an outage has left on the heap. An idle service allocates so little that the collector
/// would come by itself after hours, and until then the memory counts against the limit of the pod. A heap of this size is collected in
/// milliseconds, the largest in tens of them.
/// </summary>
internal sealed class IdleCollection : IDisposable
{
    /// <summary>By then nothing of the start is needed any more.</summary>
    public static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly ITimer _timer;

    public IdleCollection(Action collect, TimeProvider time) => _timer = time.CreateTimer(_ => collect(), null, AfterStart, Interval);

    public static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    public void Dispose() => _timer.Dispose();
}
