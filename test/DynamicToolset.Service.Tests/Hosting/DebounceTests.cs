using DynamicToolset.Service.Loops;
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
    public void An_event_right_after_a_round_waits_for_a_pause()
    {
        using var thread = new SingleThread();
        _debounce.RoundEnded();
        Task settled = Settle();
        Advance(thread, Debounce.Pause - TimeSpan.FromMilliseconds(1));
        Assert.False(settled.IsCompleted);
        Advance(thread, TimeSpan.FromMilliseconds(1));
        Assert.True(settled.IsCompletedSuccessfully);
    }

    [Fact]
    public void Every_event_begins_the_pause_anew()
    {
        using var thread = new SingleThread();
        _debounce.RoundEnded();
        Task settled = Settle();
        Advance(thread, Debounce.Pause / 2);
        _trigger.Signal();
        Advance(thread, Debounce.Pause - TimeSpan.FromMilliseconds(1));
        Assert.False(settled.IsCompleted);
        Advance(thread, TimeSpan.FromMilliseconds(1));
        Assert.True(settled.IsCompletedSuccessfully);
    }

    [Fact]
    public void Events_that_never_pause_wait_for_the_longest_time_and_no_longer()
    {
        using var thread = new SingleThread();
        _debounce.RoundEnded();
        Task settled = Settle();
        TimeSpan waited = TimeSpan.Zero, step = Debounce.Pause / 2;
        while (!settled.IsCompleted && waited < TimeSpan.FromMinutes(1))
        {
            _trigger.Signal();
            Advance(thread, step);
            waited += step;
        }

        Assert.InRange(waited, Debounce.Longest, Debounce.Longest + Debounce.Pause);
    }

    private void Advance(SingleThread thread, TimeSpan by)
    {
        thread.RunUntilIdle();
        _time.Advance(by);
        thread.RunUntilIdle();
    }

    private Task Settle() => _debounce.SettleAsync(TestContext.Current.CancellationToken);
}
