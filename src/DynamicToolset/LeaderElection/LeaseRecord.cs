using DynamicToolset.Cluster;

namespace DynamicToolset.LeaderElection;

/// <summary>A Lease as it was read, https://kubernetes.io/docs/concepts/architecture/leases/. What is not here belongs to others and stays.</summary>
public sealed record LeaseRecord(ObjectKey Key, string Uid, string ResourceVersion, LeaseSpec Spec)
{
    public const string AddressAnnotation = OwnAnnotation.Prefix + "leader-address";

    /// <summary>The identity of the replica that wrote <see cref="AddressAnnotation"/>: a holder of another kind leaves old annotations behind.</summary>
    public const string AddressOfAnnotation = OwnAnnotation.Prefix + "leader-address-of";

    /// <summary>Where the holder answers, by its own word; null where it does not say, or somebody else does.</summary>
    public LeaderAddress? Address { get; init; }
}

/// <summary>Who holds a Lease, in the fields and with the meaning that client-go gives them, so that <c>kubectl</c> shows what people know.</summary>
/// <param name="Holder">Empty if nobody holds it, or if the field or the whole spec is missing.</param>
/// <param name="Duration">Of which the holder says that it holds for so long without renewal, in whole seconds; null where it does not say.</param>
/// <param name="AcquireTime">By the holder's wall clock, for people only; null where it does not say, or in no way that can be read.</param>
/// <param name="RenewTime">See <paramref name="AcquireTime"/>. That it changes means something, what it says does not.</param>
/// <param name="Transitions">How often the holder has changed.</param>
public sealed record LeaseSpec(string Holder, TimeSpan? Duration, DateTimeOffset? AcquireTime, DateTimeOffset? RenewTime, int Transitions)
{
    /// <summary>That of a Lease which is not there, or of which nothing was ever said.</summary>
    public static LeaseSpec Empty { get; } = new("", null, null, null, 0);

    /// <summary>Of a Lease that is created by its first holder.</summary>
    public static LeaseSpec New(string identity, TimeSpan duration, DateTimeOffset wall) => Empty.HeldBy(identity, duration, wall) with { Transitions = 0 };

    public bool IsFree => Holder.Length == 0;

    /// <summary>What a holder writes, over what is there: who holds it already goes on since when it did.</summary>
    /// <param name="duration">Written in whole seconds, rounded up.</param>
    public LeaseSpec HeldBy(string identity, TimeSpan duration, DateTimeOffset wall)
    {
        TimeSpan whole = TimeSpan.FromSeconds(Math.Ceiling(duration.TotalSeconds));
        return Holder == identity
            ? this with { Duration = whole, AcquireTime = AcquireTime ?? wall, RenewTime = wall }
            : new LeaseSpec(identity, whole, wall, wall, Transitions == int.MaxValue ? Transitions : Transitions + 1);
    }

    /// <summary>What the holder leaves behind.</summary>
    public LeaseSpec Released(DateTimeOffset wall) => new("", TimeSpan.FromSeconds(1), wall, wall, Transitions);
}
