using System.Threading.Channels;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>Virtual time that tells when the code under test has begun to wait.</summary>
internal sealed class ParkingTime : FakeTimeProvider
{
    private readonly Channel<bool> _parked = Channel.CreateUnbounded<bool>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _parked.Writer.TryWrite(true);
        return timer;
    }

    /// <summary>Ends when one more timer has been made.</summary>
    public async Task ParkedAsync(CancellationToken stop) => await _parked.Reader.ReadAsync(stop).AsTask().WithPatienceAsync();
}
