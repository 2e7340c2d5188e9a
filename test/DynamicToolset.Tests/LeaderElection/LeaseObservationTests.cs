using DynamicToolset.LeaderElection;
using static DynamicToolset.Tests.LeaderElection.Leases;

namespace DynamicToolset.Tests.LeaderElection;

public sealed class LeaseObservationTests
{
    private static readonly LeaseObservation First = LeaseObservation.Next(null, HeldBy(Other), At(100), null);

    [Theory]
    [InlineData(15, 114)]
    [InlineData(1, 114)]
    [InlineData(137, 236)]
    [InlineData(int.MaxValue, 399)]
    public void Who_says_that_it_holds_for_longer_is_waited_for_and_not_without_end(double said, double expires) =>
        Assert.Equal(At(expires), LeaseObservation.Next(null, HeldBy(Other, seconds: said), At(100), null).ExpiresAt(Options));

    [Fact]
    public void Who_does_not_say_for_how_long_holds_for_as_long_as_we_would()
    {
        LeaseRecord lease = HeldBy(Other);
        LeaseObservation seen = LeaseObservation.Next(null, lease with { Spec = lease.Spec with { Duration = null } }, At(100), null);
        Assert.Equal(At(114), seen.ExpiresAt(Options));
    }

    [Fact]
    public void A_renewal_counts_from_when_it_was_seen_whatever_time_it_bears()
    {
        foreach (int hours in (int[])[-1, 0, 1])
        {
            LeaseRecord lease = HeldBy(Other, 2);
            LeaseRecord renewed = lease with { Spec = lease.Spec with { RenewTime = Wall.AddHours(hours).AddSeconds(7) } };
            Assert.Equal(At(105), LeaseObservation.Next(First, renewed, At(105), null).ChangedAt);
        }
    }

    [Fact]
    public void The_same_read_again_is_no_renewal() =>
        Assert.Equal(At(100), LeaseObservation.Next(First, HeldBy(Other), At(105), At(105)).ChangedAt);

    [Fact]
    public void Somebody_s_annotation_is_no_renewal_and_its_version_is_what_a_write_goes_by()
    {
        LeaseObservation next = LeaseObservation.Next(First, HeldBy(Other) with { ResourceVersion = "9" }, At(105), null);
        Assert.Equal((At(100), "9"), (next.ChangedAt, next.Lease!.ResourceVersion));
    }

    [Fact]
    public void Another_Lease_of_that_name_counts_as_a_change() =>
        Assert.Equal(At(105), LeaseObservation.Next(First, HeldBy(Other, uid: "v"), At(105), null).ChangedAt);
}
