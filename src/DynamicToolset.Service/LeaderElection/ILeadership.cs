using DynamicToolset.LeaderElection;

namespace DynamicToolset.Service.LeaderElection;

/// <summary>Whether this replica is the one that writes. Safe for several callers at once.</summary>
public interface ILeadership
{
    /// <summary>As it is at this moment, whatever has been running or standing still meanwhile.</summary>
    Leadership Current { get; }

    /// <summary>Leave to make one call to the API server in the name of a leadership that was decided by; null where that is over.</summary>
    CallPermit? Permit(Leadership decidedBy);

    /// <summary>
    /// Somebody else has written what only a leader should: whether this replica still leads is asked at once. Its clock may have stood still, with the
    /// machine that it is on. Returns at once.
    /// </summary>
    void Doubt();

    /// <summary>
    /// Somebody else has fenced the ConfigMap: the term of that leadership ends, and this replica stands for election like any other. Returns at once.
    /// </summary>
    void Yield(Leadership decidedBy);
}

/// <param name="Limit">After which the call is to be given up; null for that of the client.</param>
/// <param name="Ended">When the leadership ends before, and the call with it.</param>
public readonly record struct CallPermit(TimeSpan? Limit, CancellationToken Ended);
