namespace DynamicToolset.Service.Loops;

/// <summary>
/// Gathers storms: a few rounds may begin at once, and then one in each <see cref="Refill"/>. A single change waits for nothing.
/// </summary>
public sealed class RoundBucket(TimeProvider time)
{
    public const int Capacity = 6;

    public static readonly TimeSpan Refill = TimeSpan.FromMilliseconds(250);

    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _emptyUntil = -Capacity * Refill;

    /// <summary>Takes a place.</summary>
    /// <returns>How long to wait for it; zero where it is free now.</returns>
    public TimeSpan Take()
    {
        TimeSpan now = time.GetElapsedTime(_origin);
        TimeSpan full = now - (Capacity * Refill);
        TimeSpan place = (_emptyUntil > full ? _emptyUntil : full) + Refill;
        _emptyUntil = place;
        return place > now ? place - now : TimeSpan.Zero;
    }
}
