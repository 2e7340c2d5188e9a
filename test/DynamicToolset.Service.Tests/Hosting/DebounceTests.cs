using DynamicToolset.Service.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class DebounceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CoalescingTrigger _trigger;
    private readonly Debounce _debounce;

    public DebounceTests()
    {
        _trigger = new CoalescingTrigger(_time);
        _debounce = new Debounce(_trigger, _time);
    }

    [Fact]
    public void The_first_event_of_all_is_let_through_at_once() => Assert.True(Settle().IsCompletedSuccessfully);

    [Fact]
    public void The_first_event_after_a_pause_is_let_through_at_once()
    {
        _debounce.RoundEnded();
        _time.Advance(Debounce.Pause);
        Assert.True(Settle().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task An_event_right_after_a_round_waits_for_a_pause()
    {
        _debounce.RoundEnded();
        Task settled = Settle();
        _time.Advance(Debounce.Pause - TimeSpan.FromMilliseconds(1));
        Assert.False(settled.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await settled;
    }

    [Fact]
    public async Task Events_that_never_pause_wait_for_the_longest_time_and_no_longer()
    {
        _debounce.RoundEnded();
        Task settled = Settle();
        TimeSpan step = Debounce.Pause / 2;
        int steps = 0;
        while (!settled.IsCompleted)
        {
            _trigger.Signal();
            await Task.Yield();
            _time.Advance(step);
            Assert.True(++steps <= 100, "It never ended.");
        }

        await settled;
        Assert.True(step * steps >= Debounce.Longest, $"It ended after {step * steps}.");
    }

    private Task Settle() => _debounce.SettleAsync(TestContext.Current.CancellationToken);
}
