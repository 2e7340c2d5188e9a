using System.Threading.Channels;

namespace DynamicToolset.Service.Loops;

/// <summary>Wakes one loop. Any number of signals before it looks are one; a signal while it works leaves exactly one more round.</summary>
public sealed class CoalescingTrigger(TimeProvider time)
{
    private readonly Channel<bool> _slot = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _firstSignal;

    public void Signal()
    {
        Interlocked.CompareExchange(ref _firstSignal, time.GetTimestamp(), 0);
        _slot.Writer.TryWrite(true);
    }

    /// <summary>When the first signal came since the last call, as a timestamp of the clock; null where there was none.</summary>
    public long? TakeFirstSignal() => Interlocked.Exchange(ref _firstSignal, 0) is not 0 and long timestamp ? timestamp : null;

    /// <summary>Ends with a signal, or after a time at the latest. True where there was a signal.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken stop)
    {
        if (_slot.Reader.TryRead(out _))
            return true;
        if (atMost <= TimeSpan.Zero)
            return false;
        using var due = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, due.Token);
        try
        {
            return await _slot.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
