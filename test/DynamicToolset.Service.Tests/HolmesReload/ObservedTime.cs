using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.HolmesReload;

/// <summary>A clock of the test that tells who waits for it: only then is it safe to move it on.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    /// <summary>Every wait that was ever begun.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => _waits;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return timer;
    }
}
