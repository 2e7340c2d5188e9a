namespace DynamicToolset.Service.Loops;

/// <summary>
/// Lets the first event of a burst through at once and gathers the following: a round waits until nothing happened for
/// <see cref="Pause"/>, but no longer than <see cref="Longest"/>.
/// </summary>
public sealed class Debounce(CoalescingTrigger trigger, TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private long? _lastRound;

    /// <summary>To be called after a signal and before the round that it asks for.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        if (_lastRound is not { } last || time.GetElapsedTime(last) >= Pause)
            return;
        long begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < Longest && await trigger.WaitAsync(Pause, stop))
        {
            // One more event: wait for a pause anew.
        }
    }

    /// <summary>To be called after each round.</summary>
    public void RoundEnded() => _lastRound = time.GetTimestamp();
}
