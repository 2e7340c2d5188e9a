using DynamicToolset.Rounds;

namespace DynamicToolset.Service.State;

/// <summary>What the last round knew, replaced whole: read by any number of threads without a lock, written by one.</summary>
public sealed class StateStore
{
    private ControllerState? _current;

    /// <summary>Null before the first round.</summary>
    public ControllerState? Current => Volatile.Read(ref _current);

    public void Publish(ControllerState state) => Volatile.Write(ref _current, state);
}
