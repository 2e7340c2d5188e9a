using DynamicToolset.LeaderElection;

namespace DynamicToolset.Service.LeaderElection;

/// <summary>Leads without an election, for as long as it runs.</summary>
public sealed class SoleReplica : ILeadership
{
    public Leadership Current { get; } = new Leadership.Alone();

    public CallPermit? Permit(Leadership decidedBy) => new CallPermit(null, CancellationToken.None);

    public void Doubt()
    {
        // Nobody could answer.
    }

    public void Yield(Leadership decidedBy)
    {
        // To nobody.
    }
}
