using DynamicToolset.LeaderElection;
using static DynamicToolset.Tests.LeaderElection.Leases;

namespace DynamicToolset.Tests.LeaderElection;

public sealed class ElectionTests
{
    private const string Fence = "f1", NextFence = "f2";

    private static readonly Election New = new(Options);

    /// <summary>Leads since 100, by a write that was sent then and answered half a second later.</summary>
    private static readonly Election Leading = Sees(null, 99).Sending().Held(HeldBy(Me), At(100), At(100.5), Fence);

    public static TheoryData<string> Free => ["none", "no spec", "released"];

    public static TheoryData<string> NotOurs => ["none", "no spec", "released", "another's", "ours, made anew"];

    [Fact]
    public void Who_knows_nothing_reads_first() => Assert.IsType<ElectionDecision.Look>(New.Decide(At(0)));

    [Theory, MemberData(nameof(Free))]
    public void A_Lease_without_a_holder_is_taken_at_once(string lease)
    {
        LeaseRecord? seen = Of(lease);
        Assert.Equal(new ElectionDecision.Write(seen), Sees(seen, 100).Decide(At(100)));
    }

    [Theory, MemberData(nameof(Free))]
    public void So_is_one_of_which_the_watch_tells(string lease)
    {
        LeaseRecord? seen = Of(lease);
        Assert.Equal(new ElectionDecision.Write(seen), Sees(HeldBy(Other), 100).Told(seen, At(101)).Decide(At(101)));
    }

    [Fact]
    public void A_holder_is_left_alone_until_its_time_is_over()
    {
        Election follower = Sees(HeldBy(Other), 100);
        Assert.Equal(new ElectionDecision.Wait(At(114)), follower.Decide(At(100)));
        Assert.Equal(new ElectionDecision.Wait(At(114)), follower.Decide(At(113.999)));
        Assert.Equal(new ElectionDecision.Wait(At(116)), follower.Told(HeldBy(Other, 2), At(102)).Decide(At(102)));
    }

    [Fact]
    public void Before_a_take_over_the_Lease_is_read_once_more()
    {
        Election follower = Sees(HeldBy(Other), 100);
        Assert.IsType<ElectionDecision.Look>(follower.Decide(At(114)));
        Assert.Equal(new ElectionDecision.Write(HeldBy(Other)), follower.Read(HeldBy(Other), At(114), At(114.1)).Decide(At(114.1)));
    }

    [Fact]
    public void A_renewal_that_the_watch_did_not_tell_of_is_seen_by_that_read()
    {
        Election follower = Sees(HeldBy(Other), 100).Read(HeldBy(Other, 7), At(114), At(114.1));
        Assert.Equal(new ElectionDecision.Wait(At(128.1)), follower.Decide(At(114.1)));
    }

    /// <summary>It may tell of the time before.</summary>
    [Fact]
    public void An_answer_to_a_question_from_before_the_expiry_is_not_enough() =>
        Assert.IsType<ElectionDecision.Look>(Sees(HeldBy(Other), 100).Read(HeldBy(Other), At(113.9), At(114.1)).Decide(At(114.1)));

    [Fact]
    public void A_term_is_counted_from_when_its_write_was_sent()
    {
        Assert.Equal(At(110), Leading.Term!.EndsAt);
        Assert.Equal(new Leadership.Leader(Fence), Leading.LeadershipAt(At(109.999)));
        Assert.Equal(new Leadership.Follower(""), Leading.LeadershipAt(At(110)));
    }

    [Fact]
    public void A_term_is_renewed_every_retry_period_and_stays_the_same_term()
    {
        Assert.Equal(new ElectionDecision.Wait(At(102)), Leading.Decide(At(100.5)));
        Assert.Equal(new ElectionDecision.Write(HeldBy(Me)), Leading.Decide(At(102)));
        Election renewed = Leading.Sending().Held(HeldBy(Me, 2), At(102), At(103), NextFence);
        Assert.Equal((Fence, At(112)), (renewed.Term!.Fence, renewed.Term.EndsAt));
        Assert.Equal(new ElectionDecision.Wait(At(104)), renewed.Decide(At(103)));
    }

    /// <summary>This process was stopped, be it by a debugger or a frozen machine, between the request and the answer.</summary>
    [Theory]
    [InlineData(102, 111, true)]
    [InlineData(102, 113, false)]
    public void An_answer_that_comes_after_the_term_does_not_prolong_it(double sent, double answered, bool leads)
    {
        Election late = Leading.Sending().Held(HeldBy(Me, 2), At(sent), At(answered), NextFence);
        Assert.Equal(leads ? new Leadership.Leader(NextFence) : new Leadership.Follower(""), late.LeadershipAt(At(answered)));
    }

    [Fact]
    public void Whatever_becomes_of_a_write_that_failed_the_Lease_is_read_before_the_next()
    {
        Election failed = Leading.Sending();
        Assert.IsType<ElectionDecision.Look>(failed.Decide(At(102)));
        Assert.Equal(new Leadership.Leader(Fence), failed.LeadershipAt(At(109)));
    }

    [Fact]
    public void A_renewal_whose_answer_was_lost_is_found_and_done_once_more_in_the_same_term()
    {
        Election found = Leading.Sending().Read(HeldBy(Me, 2), At(103), At(103.1));
        Assert.Equal(new Leadership.Leader(Fence), found.LeadershipAt(At(103.1)));
        Assert.Equal(new ElectionDecision.Write(HeldBy(Me, 2)), found.Decide(At(103.1)));
        // That it was found there says nothing of when it was sent.
        Assert.Equal(At(110), found.Term!.EndsAt);
    }

    [Fact]
    public void A_Lease_that_was_taken_without_an_answer_is_found_and_a_term_begins_with_a_write_that_was_answered()
    {
        Election found = Sees(null, 100).Sending().Read(HeldBy(Me), At(105), At(105.1));
        Assert.Equal(new Leadership.Follower(""), found.LeadershipAt(At(105.1)));
        Assert.Equal(new ElectionDecision.Write(HeldBy(Me)), found.Decide(At(105.1)));
    }

    [Theory, MemberData(nameof(NotOurs))]
    public void A_term_ends_when_the_Lease_is_read_as_anything_but_ours(string lease)
    {
        LeaseRecord? seen = Of(lease);
        Election lost = Leading.Read(seen, At(103), At(103));
        Assert.Equal(new Leadership.Follower(lease == "another's" ? Other : ""), lost.LeadershipAt(At(103)));
        Assert.Null(lost.Term);
    }

    /// <summary>What the watch tells may be from before our own write.</summary>
    [Theory, MemberData(nameof(NotOurs))]
    public void What_the_watch_tells_a_leader_of_is_read_before_it_is_believed(string lease)
    {
        Election told = Leading.Told(Of(lease), At(103));
        Assert.Equal(new Leadership.Leader(Fence), told.LeadershipAt(At(103)));
        Assert.IsType<ElectionDecision.Look>(told.Decide(At(103)));
    }

    [Fact]
    public void The_echo_of_its_own_renewals_is_no_news_to_a_leader() => Assert.Same(Leading, Leading.Told(HeldBy(Me, 0), At(103)));

    /// <summary>Whoever keeps emptying a Lease must not have us write as fast as it does.</summary>
    [Theory, MemberData(nameof(Free))]
    public void Who_has_lost_a_term_waits_a_retry_period_before_it_stands_again(string lease)
    {
        LeaseRecord? seen = Of(lease);
        Election lost = Leading.Read(seen, At(103), At(103));
        Assert.Equal(new ElectionDecision.Wait(At(105)), lost.Decide(At(103)));
        Assert.Equal(new ElectionDecision.Write(seen), lost.Decide(At(105)));
    }

    [Fact]
    public void After_a_term_that_ran_out_the_Lease_is_read_and_taken_anew_as_another_term()
    {
        Election over = Leading.At(At(110));
        Assert.Null(over.Term);
        Assert.IsType<ElectionDecision.Look>(over.Decide(At(110)));
        Election again = over.Read(HeldBy(Me), At(130), At(130));
        Assert.Equal(new ElectionDecision.Write(HeldBy(Me)), again.Decide(At(130)));
        Assert.Equal(NextFence, again.Sending().Held(HeldBy(Me, 2), At(130), At(130), NextFence).Term!.Fence);
    }

    [Fact]
    public void A_leader_in_doubt_reads_and_leads_on_meanwhile()
    {
        Assert.IsType<ElectionDecision.Look>(Leading.Doubted().Decide(At(101)));
        Assert.Equal(new Leadership.Leader(Fence), Leading.Doubted().LeadershipAt(At(101)));
        Assert.Same(New, New.Doubted());
    }

    [Fact]
    public void Who_yields_leads_no_more_and_reads_the_Lease_before_it_takes_it_again_for_another_term()
    {
        Election yielded = Leading.Yielded(At(101));
        Assert.Equal(new Leadership.Follower(""), yielded.LeadershipAt(At(101)));
        Assert.IsType<ElectionDecision.Look>(yielded.Decide(At(101)));
        Assert.Equal(new ElectionDecision.Wait(At(103)), yielded.Read(HeldBy(Me), At(101), At(101)).Decide(At(101)));
        Assert.Equal(new ElectionDecision.Write(HeldBy(Me)), yielded.Read(HeldBy(Me), At(101), At(101)).Decide(At(103)));
    }

    [Fact]
    public void What_was_stored_as_another_s_begins_no_term() =>
        Assert.Null(Sees(null, 100).Sending().Held(HeldBy(Other), At(100), At(100), Fence).Term);

    [Theory]
    [InlineData(100, 5)]
    [InlineData(104, 3)]
    [InlineData(109.9, 0.05)]
    public void A_call_takes_half_of_what_is_left_of_the_term(double now, double limit) => Assert.Equal(At(limit), Leading.CallLimitAt(At(now)));

    [Fact]
    public void However_much_is_left_a_call_has_an_end()
    {
        Assert.Equal(At(10), new Election(Options with { RenewDeadline = At(100) }).CallLimitAt(At(0)));
        Assert.Equal(At(5), New.CallLimitAt(At(0)));
    }

    [Fact]
    public void Who_resigns_leads_no_more_and_gives_back_what_is_its_own()
    {
        Election resigned = Leading.Resigned();
        Assert.Equal(new Leadership.Follower(""), resigned.LeadershipAt(At(101)));
        Assert.Equal(new ElectionDecision.Write(HeldBy(Me)), resigned.Release());
        Assert.Null(resigned.Read(HeldBy(""), At(101), At(101)).Release());
    }

    [Fact]
    public void What_may_be_ours_is_read_before_it_is_given_back()
    {
        Election unknown = Leading.Sending().Resigned();
        Assert.IsType<ElectionDecision.Look>(unknown.Release());
        Assert.Equal(new ElectionDecision.Write(HeldBy(Me, 2)), unknown.Read(HeldBy(Me, 2), At(101), At(101)).Release());
        Assert.Null(unknown.Read(HeldBy(Other), At(101), At(101)).Release());
    }

    [Fact]
    public void A_follower_gives_nothing_back() => Assert.Null(Sees(HeldBy(Other), 100).Resigned().Release());

    [Fact]
    public void Who_never_wrote_asks_nothing_at_the_end() => Assert.Null(New.Resigned().Release());

    /// <summary>What must hold between the settings so that two terms never overlap, whatever the order of what happens.</summary>
    [Fact]
    public void A_leader_has_stopped_before_others_take_over()
    {
        // The renewal was seen the moment it was sent: no watch is faster.
        LeaseObservation seen = LeaseObservation.Next(null, HeldBy(Me), At(100), null);
        Assert.True(Leading.Term!.EndsAt < seen.ExpiresAt(Options with { Identity = Other }));
    }

    /// <summary>A follower counts by its own clock from when it saw the renewal, which is never before that was sent.</summary>
    [Fact]
    public void The_clock_of_a_follower_may_run_faster_by_a_third()
    {
        TimeSpan renewed = At(100);
        TimeSpan leads = Leading.Term!.EndsAt - renewed;
        TimeSpan waits = LeaseObservation.Next(null, HeldBy(Me), renewed, null).ExpiresAt(Options with { Identity = Other }) - renewed;
        Assert.True(waits / leads > 4.0 / 3, $"{leads} and {waits}");
    }

    private static Election Sees(LeaseRecord? lease, double now) => New.Read(lease, At(now), At(now));

    private static LeaseRecord? Of(string lease) => lease switch
    {
        "none" => null,
        "no spec" => HeldBy(""),
        "released" => HeldBy(Other, 5) with { Spec = HeldBy(Other, 5).Spec.Released(Wall) },
        "another's" => HeldBy(Other, 5),
        "ours, made anew" => HeldBy(Me, 5, uid: "v"),
        _ => throw new ArgumentOutOfRangeException(nameof(lease), lease, "no such Lease"),
    };
}
