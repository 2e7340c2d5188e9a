namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>Runs continuations on the caller's thread and only when told to, so that a test with a fake clock knows when all is quiet.</summary>
internal sealed class SingleThread : SynchronizationContext, IDisposable
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly SynchronizationContext? _before = Current;

    public SingleThread() => SetSynchronizationContext(this);

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    public void RunUntilIdle()
    {
        while (_posted.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
            next.Callback(next.State);
    }

    public void Dispose() => SetSynchronizationContext(_before);
}
