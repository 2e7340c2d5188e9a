namespace DynamicToolset.Service.Access;

/// <summary>
/// So many requests a second for each who asks, and some more at once (the generic cell rate algorithm: of each only the time is kept at which what they
/// used is given back). Safe for several at once.
/// </summary>
/// <param name="burst">So many at once, where nothing was asked before.</param>
internal sealed class RequestLimits(TimeProvider time, int perSecond, int burst)
{
    /// <summary>More of them share one entry: invented addresses cannot fill more than a table of this size.</summary>
    public const int MostCallers = 10_000;

    private const string Others = "";

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly TimeSpan _each = TimeSpan.FromSeconds(1) / perSecond;
    private readonly Dictionary<string, TimeSpan> _restoredAt = new(StringComparer.Ordinal);
    private TimeSpan _sweptAt;

    /// <returns>Null where it is within the limit; else how long to wait.</returns>
    public TimeSpan? Take(string caller)
    {
        lock (_gate)
        {
            TimeSpan now = time.GetElapsedTime(_origin);
            string place = PlaceOf(caller, now);
            TimeSpan before = _restoredAt.GetValueOrDefault(place);
            TimeSpan after = (before > now ? before : now) + _each;
            TimeSpan tooMuch = after - now - (burst * _each);
            if (tooMuch > TimeSpan.Zero)
                return tooMuch;
            _restoredAt[place] = after;
            return null;
        }
    }

    private string PlaceOf(string caller, TimeSpan now)
    {
        if (_restoredAt.Count < MostCallers || _restoredAt.ContainsKey(caller))
            return caller;
        // Not at each request: it looks at all of them.
        if (now - _sweptAt < burst * _each)
            return Others;
        _sweptAt = now;
        foreach ((string idle, TimeSpan restoredAt) in _restoredAt)
        {
            if (restoredAt <= now)
                _restoredAt.Remove(idle);
        }

        return _restoredAt.Count < MostCallers ? caller : Others;
    }
}
