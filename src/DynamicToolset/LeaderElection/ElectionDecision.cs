namespace DynamicToolset.LeaderElection;

/// <summary>The next step of a replica that takes part in leader election.</summary>
public abstract record ElectionDecision
{
    private ElectionDecision()
    {
    }

    /// <summary>Nothing, until then or until there is news.</summary>
    public sealed record Wait(TimeSpan Until) : ElectionDecision;

    /// <summary>Read the Lease.</summary>
    public sealed record Look : ElectionDecision;

    /// <summary>Write this into the Lease, which acquires or renews it.</summary>
    /// <param name="From">What it is written over, and nothing else; null where there is no Lease and one is to be created.</param>
    public sealed record Write(LeaseRecord? From) : ElectionDecision;
}
