namespace DynamicToolset.Sandbox.Tests.Api;

/// <summary>Everything that is awaited in here goes on in the thread that says so, and nowhere else.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<Action> _work = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        Assert.Equal(_thread, Environment.CurrentManagedThreadId);
        _work.Enqueue(() => d(state));
    }

    /// <summary>Begins something, and does all that can be done before time goes on.</summary>
    public Task<T> Start<T>(Func<Task<T>> begin)
    {
        Task<T>? started = null;
        Do(() => started = begin());
        return started!;
    }

    /// <summary>Does something, and all that follows from it at once.</summary>
    public void Do(Action action)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (_work.TryDequeue(out Action? next))
                next();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
