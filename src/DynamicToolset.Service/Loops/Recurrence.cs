namespace DynamicToolset.Service.Loops;

/// <summary>Something that is due at once, and then again and again.</summary>
internal sealed class Recurrence(TimeSpan interval, TimeProvider time)
{
    private long? _last;

    public bool IsDue => Remaining <= TimeSpan.Zero;

    public TimeSpan Remaining => _last is { } last ? interval - time.GetElapsedTime(last) : TimeSpan.Zero;

    public void Done() => _last = time.GetTimestamp();
}
