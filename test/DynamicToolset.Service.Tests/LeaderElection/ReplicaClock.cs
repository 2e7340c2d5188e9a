using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>The clock of one replica: time passes for all alike, and what the wall clock shows is its own affair.</summary>
internal sealed class ReplicaClock(FakeTimeProvider time) : TimeProvider
{
    public TimeSpan WallIsAhead { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + WallIsAhead;

    /// <summary>How long the machine stood still together with its monotonic clock, as where a virtual one is frozen.</summary>
    public TimeSpan StoodStill { get; set; }

    public override long GetTimestamp() => time.GetTimestamp() - (long)(StoodStill.TotalSeconds * time.TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
