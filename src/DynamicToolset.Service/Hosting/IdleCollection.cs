using System.Collections.Immutable;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// Gives back to the system what the start, a storm or an outage has left: on the heap, beside it, and of files that were read. An idle service allocates
/// so little that the collector would come by itself after hours, and until then the memory counts against the limit of the pod. A heap of this size is
/// collected in milliseconds, the largest in tens of them.
/// </summary>
internal sealed class IdleCollection : IDisposable
{
    /// <summary>By then nothing of the start is needed any more.</summary>
    public static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(10);

    /// <summary>Where the cluster is large, or the node busy, the start was longer.</summary>
    public static readonly TimeSpan AfterLongStart = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly ImmutableArray<ITimer> _timers;

    public IdleCollection(Action collect, TimeProvider time) => _timers =
    [
        time.CreateTimer(_ => collect(), null, AfterStart, Timeout.InfiniteTimeSpan),
        time.CreateTimer(_ => collect(), null, AfterLongStart, Interval),
    ];

    public static void Collect()
    {
        ImmutableArray<MappedRange> files = MappedFiles.Read();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
        // Last: the collector's own code is not needed either until it comes again.
        MappedFiles.GiveBack(files);
    }

    public void Dispose()
    {
        foreach (ITimer timer in _timers)
            timer.Dispose();
    }
}
