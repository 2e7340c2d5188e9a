using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Testing;

/// <summary>A clock of the test that tells who waits for it: only then is it safe to move it on.</summary>
public sealed class ObservedTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    /// <summary>How many times somebody has begun to wait that long.</summary>
    public int Waits(TimeSpan wait) => _waits.Count(w => w == wait);

    /// <summary>Returns when somebody has begun to wait that long, for that many times in all.</summary>
    public Task WaitsAsync(TimeSpan wait, int times = 1) => Patience.EventuallyAsync(() => Waits(wait) == times, $"somebody waits {wait} for the {times}. time");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return timer;
    }
}
