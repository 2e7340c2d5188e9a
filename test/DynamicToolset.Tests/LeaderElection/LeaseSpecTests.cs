using DynamicToolset.LeaderElection;
using static DynamicToolset.Tests.LeaderElection.Leases;

namespace DynamicToolset.Tests.LeaderElection;

/// <summary>A Lease reads as those of client-go do.</summary>
public sealed class LeaseSpecTests
{
    private static readonly LeaseSpec Held = new(Other, At(15), Wall, Wall.AddSeconds(6), 4);

    [Fact]
    public void Who_takes_a_Lease_begins_anew_and_counts_one_more_transition() =>
        Assert.Equal(new LeaseSpec(Me, At(15), Wall.AddSeconds(9), Wall.AddSeconds(9), 5), Held.HeldBy(Me, At(15), Wall.AddSeconds(9)));

    [Fact]
    public void Who_creates_a_Lease_counts_no_transition_and_who_takes_one_that_nobody_held_does()
    {
        Assert.Equal(new LeaseSpec(Me, At(15), Wall, Wall, 0), LeaseSpec.New(Me, At(15), Wall));
        Assert.Equal(1, LeaseSpec.Empty.HeldBy(Me, At(15), Wall).Transitions);
    }

    [Fact]
    public void Who_renews_a_Lease_changes_the_time_of_the_renewal_alone() =>
        Assert.Equal(Held with { RenewTime = Wall.AddSeconds(9) }, Held.HeldBy(Other, At(15), Wall.AddSeconds(9)));

    [Fact]
    public void Who_releases_a_Lease_leaves_no_holder_and_the_number_of_transitions() =>
        Assert.Equal(new LeaseSpec("", At(1), Wall.AddSeconds(9), Wall.AddSeconds(9), 4), Held.Released(Wall.AddSeconds(9)));

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(15, 15)]
    [InlineData(15.001, 16)]
    public void A_duration_is_never_told_as_less_than_it_is(double duration, double told) =>
        Assert.Equal(At(told), Held.HeldBy(Me, At(duration), Wall).Duration);

    [Fact]
    public void More_transitions_than_can_be_counted_stay_as_many() =>
        Assert.Equal(int.MaxValue, (Held with { Transitions = int.MaxValue }).HeldBy(Me, At(15), Wall).Transitions);

    [Fact]
    public void A_holder_that_does_not_say_since_when_has_been_one_since_now() =>
        Assert.Equal(Wall.AddSeconds(9), (Held with { AcquireTime = null }).HeldBy(Other, At(15), Wall.AddSeconds(9)).AcquireTime);
}
