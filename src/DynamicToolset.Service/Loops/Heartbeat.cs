namespace DynamicToolset.Service.Loops;

/// <summary>
/// The sign of life of one loop, given by the loop itself: each time it turns it says how long it may take until it turns again. A loop
/// is stuck when three times that has passed. A loop that has given no sign yet, because it was not started, is not stuck.
/// </summary>
public sealed class Heartbeat(string name, TimeProvider time)
{
    private const int Patience = 3;

    /// <summary>Shorter waits count as this long: a machine that is slow for a moment is no reason for a restart.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(10);

    private readonly long _origin = time.GetTimestamp();
    private long _stuckFrom = long.MaxValue;
    private long _lastBeat = -1;

    public string Name => name;

    /// <summary>Null before the first one.</summary>
    public TimeSpan? SinceLastBeat => Volatile.Read(ref _lastBeat) is >= 0 and long beat ? time.GetElapsedTime(_origin) - TimeSpan.FromTicks(beat) : null;

    public bool IsStuck => time.GetElapsedTime(_origin).Ticks >= Volatile.Read(ref _stuckFrom);

    /// <param name="longestWait">Until the next call, if all goes on as it should.</param>
    public void Beat(TimeSpan longestWait)
    {
        TimeSpan allowed = Patience * (longestWait > ShortestWait ? longestWait : ShortestWait);
        TimeSpan now = time.GetElapsedTime(_origin);
        Volatile.Write(ref _lastBeat, now.Ticks);
        Volatile.Write(ref _stuckFrom, (now + allowed).Ticks);
    }
}
