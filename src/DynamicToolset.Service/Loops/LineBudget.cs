namespace DynamicToolset.Service.Loops;

/// <summary>
/// How many log lines of one sort there may be within a minute; then their count is told. What others may cause as often as they like must not bury
/// the log.
/// </summary>
internal sealed class LineBudget(int most, TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private long _begun = time.GetTimestamp();
    private int _told;
    private int _leftOut;

    /// <summary>Time until the number of withheld lines is to be logged; null if none was withheld.</summary>
    public TimeSpan? LeftOutDueIn => _leftOut > 0 ? Span - time.GetElapsedTime(_begun) : null;

    /// <returns>False where the line is to be left out, and counts.</returns>
    public bool TryTake()
    {
        if (_leftOut == 0 && time.GetElapsedTime(_begun) >= Span)
            (_begun, _told) = (time.GetTimestamp(), 0);
        bool isTold = _told < most;
        _told += isTold ? 1 : 0;
        _leftOut += isTold ? 0 : 1;
        return isTold;
    }

    /// <returns>How many were left out, when it is time to tell; the lines that then follow are those of the next minute.</returns>
    public int TakeLeftOut()
    {
        if (!(LeftOutDueIn <= TimeSpan.Zero))
            return 0;
        int leftOut = _leftOut;
        (_begun, _told, _leftOut) = (time.GetTimestamp(), 1, 0);
        return leftOut;
    }
}
