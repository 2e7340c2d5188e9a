namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>What is due when, in a time that moves only when something is done. Of what is due at once the first that was put there comes first.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Item, (TimeSpan Due, long Number)> _items = new();
    private readonly SynchronizationContext _network;
    private long _number;

    public Agenda() => _network = new Network(this);

    /// <summary>The true time, which no process knows. It does not begin at zero, which means "never" to some.</summary>
    public TimeSpan Now { get; private set; } = TimeSpan.FromDays(1);

    public TimeSpan? Next
    {
        get
        {
            DropCancelled();
            return _items.TryPeek(out Item? next, out _) ? next.Due : null;
        }
    }

    public Item In(TimeSpan wait, Action action)
    {
        var item = new Item(Now + (wait > TimeSpan.Zero ? wait : TimeSpan.Zero), action);
        _items.Enqueue(item, (item.Due, _number++));
        return item;
    }

    /// <summary>Ends later, in the context of whoever awaits it.</summary>
    public Task WaitAsync(TimeSpan wait)
    {
        // What waits for it goes on in its own context, so nothing goes on here; to go on "asynchronously" would be on another thread.
        var over = new TaskCompletionSource();
        In(wait, over.SetResult);
        return over.Task;
    }

    /// <summary>Moves time to what is due next, and does it.</summary>
    /// <returns>False where nothing is due until then.</returns>
    public bool DoNext(TimeSpan until)
    {
        if (Next is not { } due || due > until)
            return false;
        Now = due;
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_network);
        try
        {
            _items.Dequeue().Action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        return true;
    }

    private void DropCancelled()
    {
        while (_items.TryPeek(out Item? next, out _) && next.IsCancelled)
            _items.Dequeue();
    }

    /// <summary>What no process does, such as a write that is on its way while its sender stands still, goes on here and not on another thread.</summary>
    private sealed class Network(Agenda agenda) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => agenda.In(TimeSpan.Zero, () => d(state));
    }

    public sealed class Item(TimeSpan due, Action action)
    {
        public TimeSpan Due => due;

        public Action Action => action;

        public bool IsCancelled { get; private set; }

        public void Cancel() => IsCancelled = true;
    }
}
