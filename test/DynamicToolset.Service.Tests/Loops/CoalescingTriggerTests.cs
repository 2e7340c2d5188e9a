using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Loops;

public sealed class CoalescingTriggerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CoalescingTrigger _trigger;

    public CoalescingTriggerTests() => _trigger = new CoalescingTrigger(_time);

    [Fact]
    public async Task Many_signals_wake_once()
    {
        for (int i = 0; i < 1000; i++)
            _trigger.Signal();
        Assert.True(await Wait(Long));
        Assert.False(Wait(Long).IsCompleted);
    }

    [Fact]
    public async Task A_signal_that_comes_while_nobody_waits_is_kept()
    {
        _trigger.Signal();
        Assert.True(await Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task Without_a_signal_the_wait_ends_when_it_is_due()
    {
        Task<bool> waiting = Wait(Long);
        Assert.False(waiting.IsCompleted);
        _time.Advance(Long);
        Assert.False(await waiting);
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        Task<bool> waiting = _trigger.WaitAsync(Long, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Task<bool> Wait(TimeSpan atMost) => _trigger.WaitAsync(atMost, TestContext.Current.CancellationToken);
}
