namespace DynamicToolset.Service.Events;

/// <summary>
/// How many Events one object may have: 25 at once, and then one every five minutes, as in Kubernetes' own components
/// (the spam filter of client-go's tools/record).
/// </summary>
internal sealed class EventBudget(TimeProvider time)
{
    private const int Burst = 25;
    private static readonly TimeSpan PerEvent = TimeSpan.FromMinutes(5);

    private double _left = Burst;
    private long _lookedAt = time.GetTimestamp();

    /// <summary>False where the Event is not to be sent.</summary>
    public bool TryTake()
    {
        _left = Math.Min(Burst, _left + (time.GetElapsedTime(_lookedAt) / PerEvent));
        _lookedAt = time.GetTimestamp();
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
