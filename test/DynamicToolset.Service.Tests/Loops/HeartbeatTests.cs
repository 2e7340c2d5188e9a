using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Loops;

public sealed class HeartbeatTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Heartbeat _heartbeat;

    public HeartbeatTests() => _heartbeat = new Heartbeat("loop", _time);

    [Theory]
    [InlineData(0, 30)]
    [InlineData(-5, 30)]
    [InlineData(10, 30)]
    [InlineData(30, 90)]
    [InlineData(3600, 10800)]
    public void A_loop_is_stuck_after_three_times_its_wait_and_no_sooner_than_after_30_seconds(int wait, int stuckAfter)
    {
        _heartbeat.Beat(TimeSpan.FromSeconds(wait));
        _time.Advance(TimeSpan.FromSeconds(stuckAfter) - TimeSpan.FromMilliseconds(1));
        Assert.False(_heartbeat.IsStuck);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_heartbeat.IsStuck);
    }

    [Fact]
    public void A_beat_brings_it_back_to_life()
    {
        _heartbeat.Beat(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromHours(1));
        _heartbeat.Beat(TimeSpan.Zero);
        Assert.False(_heartbeat.IsStuck);
    }

    [Fact]
    public void A_loop_that_was_not_started_is_not_stuck()
    {
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(_heartbeat.IsStuck);
    }
}
