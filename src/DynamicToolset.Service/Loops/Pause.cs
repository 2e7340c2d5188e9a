namespace DynamicToolset.Service.Loops;

/// <summary>A span of time that began at some instant, by the monotonic clock.</summary>
internal sealed class Pause(TimeSpan span, TimeProvider time)
{
    private readonly long _begun = time.GetTimestamp();

    /// <summary>Zero or less when it is over.</summary>
    public TimeSpan Remaining => span - time.GetElapsedTime(_begun);
}
