namespace DynamicToolset.Service.Loops;

/// <summary>
/// Gathers storms: a few rounds may begin at once, then some after ever longer pauses, and then one in each <see cref="Refill"/>. A single change waits
/// for nothing. What comes in a row within a moment, as when twenty Services are created, must not have taken all places before the last is there.
/// </summary>
public sealed class RoundBucket(TimeProvider time)
{
    public const int Capacity = 10;

    /// <summary>So many of them are taken after a pause; each is twice as long as the one before.</summary>
    private const int Spaced = 4;

    public static readonly TimeSpan Refill = TimeSpan.FromMilliseconds(250);

    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _emptyUntil = -Capacity * Refill;
    private TimeSpan _last = -Refill;

    /// <summary>Takes a place.</summary>
    /// <returns>How long to wait for it; zero where it is free now.</returns>
    public TimeSpan Take()
    {
        TimeSpan now = time.GetElapsedTime(_origin);
        TimeSpan full = now - (Capacity * Refill);
        TimeSpan place = (_emptyUntil > full ? _emptyUntil : full) + Refill;
        _emptyUntil = place;
        TimeSpan begin = _last + PauseAt(left: (now - place) / Refill);
        _last = begin > now ? begin : now;
        return _last - now;
    }

    /// <param name="left">How many places are; below zero where none was.</param>
    private static TimeSpan PauseAt(double left) => left switch
    {
        < 0 => Refill,
        >= Spaced => TimeSpan.Zero,
        _ => Refill / (2 << (int)left),
    };
}
