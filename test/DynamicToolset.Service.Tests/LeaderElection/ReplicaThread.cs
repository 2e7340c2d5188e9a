namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>The one thread of a replica: what it does goes on when the test says so, and not at all while the replica stands still.</summary>
internal sealed class ReplicaThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

    /// <summary>As with SIGSTOP, or in a virtual machine that is moved.</summary>
    public bool StandsStill { get; set; }

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    /// <returns>False where there was nothing to do.</returns>
    public bool Run()
    {
        if (StandsStill || _posted.Count == 0)
            return false;
        Do(() =>
        {
            while (_posted.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
                next.Callback(next.State);
        });
        return true;
    }

    public void Do(Action action)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
