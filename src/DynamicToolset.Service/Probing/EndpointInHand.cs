namespace DynamicToolset.Service.Probing;

/// <summary>The bookkeeping of one endpoint in an <see cref="EndpointTurns{T}"/>. It waits for its time, or for a slot, or is being asked.</summary>
internal abstract class EndpointInHand : IDisposable
{
    private CancellationTokenSource? _cancellation;

    /// <summary>True from when it is new, or has another form of URL, until its next check.</summary>
    public bool WantsLook { get; protected set; } = true;

    /// <summary>True where it took all the time that it had when it was last asked.</summary>
    public bool Hangs { get; set; }

    public bool IsForgotten { get; private set; }

    /// <summary>How long it has to answer, this time.</summary>
    public TimeSpan Timeout { get; private set; }

    public bool IsUnderWay => _cancellation is not null;

    /// <summary>Ends with the asking that is under way; never fails.</summary>
    public abstract Task Asking { get; }

    public void Forget()
    {
        IsForgotten = true;
        Cancel();
    }

    public void Cancel() => _cancellation?.Cancel();

    public void End()
    {
        _cancellation?.Dispose();
        _cancellation = null;
    }

    public void Dispose() => End();

    /// <summary>To be called before the asking begins: it may end at once.</summary>
    protected CancellationToken Begin(TimeSpan timeout)
    {
        WantsLook = false;
        Timeout = timeout;
        _cancellation = new CancellationTokenSource();
        return _cancellation.Token;
    }
}
