namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>
/// One life of a replica: whatever it does is done here, one thing after the other, and only when the world says so. It can be frozen, as a
/// machine that is migrated, and it can die in the middle of anything.
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Call, object? State)> _due = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public SimulatedProcess(string name, Agenda agenda, double clockRate = 1)
    {
        Name = name;
        Clock = new ProcessClock(agenda, this) { Rate = clockRate };
    }

    public string Name { get; }

    public ProcessClock Clock { get; }

    /// <summary>Where something has left the one thread, so that a seed would not be replayed exactly; null where nothing has.</summary>
    public string? Strayed { get; private set; }

    public bool IsFrozen { get; set; }

    public bool IsDead { get; private set; }

    /// <summary>True where it would do something if it were its turn.</summary>
    public bool IsDue => !IsDead && !IsFrozen && _due.Count > 0;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            Strayed = Environment.StackTrace;
        if (!IsDead)
            _due.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits for another thread here: there is none.");

    public void Do(Action action) => Post(static a => ((Action)a!)(), action);

    public void Step()
    {
        (SendOrPostCallback call, object? state) = _due.Dequeue();
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            call(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Kill()
    {
        IsDead = true;
        _due.Clear();
    }
}
