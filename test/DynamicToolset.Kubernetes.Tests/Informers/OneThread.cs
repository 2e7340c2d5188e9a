namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>Runs asynchronous code on the thread of the test, whenever the test says so: what happens between two steps of virtual time is over before the next.</summary>
internal sealed class OneThread : SynchronizationContext, IDisposable
{
    private readonly SynchronizationContext? _before = Current;
    private readonly Queue<(SendOrPostCallback Call, object? State)> _due = [];

    public OneThread() => SetSynchronizationContext(this);

    public override void Post(SendOrPostCallback d, object? state) => _due.Enqueue((d, state));

    /// <summary>Ends when everything waits.</summary>
    public void Settle()
    {
        while (_due.TryDequeue(out (SendOrPostCallback Call, object? State) next))
            next.Call(next.State);
    }

    public void Dispose() => SetSynchronizationContext(_before);
}
