using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.LeaderElection;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.LeaderElection;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>What is promised of one replica, and of two that hand over.</summary>
public sealed class LeaderElectorTests : IDisposable
{
    private readonly Electorate _electorate = new();

    public static TheoryData<string, string> FaultsOfRequests
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string verb in (string[])["get", "create", "patch", "list", "watch"])
            {
                foreach (string fault in FaultNames)
                    rows.Add(verb, fault);
            }

            return rows;
        }
    }

    public static TheoryData<string> AllFaults => [.. FaultNames];

    private static IEnumerable<string> FaultNames =>
        ["refused", "hangs", "comes late", "reply lost", "401", "403", "404", "409", "410", "422", "429", "500", "503"];

    /// <summary>The official elector never leads by the manifest of the overview: it goes on creating what is there.</summary>
    [Fact]
    public void A_Lease_without_a_spec_is_taken()
    {
        _electorate.CreateLease();
        Candidate one = _electorate.Join("one");
        Assert.True(one.Leads);
        JsonObject spec = _electorate.Lease()!["spec"]!.AsObject();
        Assert.Equal(one.Options.Identity, (string?)spec["holderIdentity"]);
        Assert.Equal((15, 1), ((int)spec["leaseDurationSeconds"]!, (int)spec["leaseTransitions"]!));
        Assert.Equal(["2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.000000Z"], [(string?)spec["acquireTime"], (string?)spec["renewTime"]]);
    }

    [Fact]
    public void A_Lease_that_is_not_there_is_created()
    {
        Candidate one = _electorate.Join("one");
        Assert.True(one.Leads);
        Assert.Equal(0, (int)_electorate.Lease()!["spec"]!["leaseTransitions"]!);
    }

    [Theory, InlineData(""), InlineData(null)]
    public void A_Lease_with_an_empty_holder_or_none_is_taken(string? holder)
    {
        _electorate.CreateLease();
        _electorate.EditLease(new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = 3600 }.ToJsonString());
        Assert.True(_electorate.Join("one").Leads);
    }

    [Fact]
    public void A_leader_renews_every_retry_period_with_one_request_and_a_follower_asks_nothing()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        int before = one.Api.Calls.Count, others = two.Api.Calls.Count;
        string renewed = RenewTime();
        _electorate.Pass(60);
        Assert.True(one.Leads);
        Assert.InRange(one.Api.Calls.Count - before, 29, 30);
        Assert.Equal(others, two.Api.Calls.Count);
        Assert.NotEqual(renewed, RenewTime());
        Assert.Equal("2026-01-01T00:00:00.000000Z", (string?)_electorate.Lease()!["spec"]!["acquireTime"]);
        Assert.Equal([new Leadership.Follower(one.Options.Identity)], two.Changes);
    }

    [Fact]
    public void An_API_server_that_is_away_at_the_start_is_waited_for()
    {
        Candidate one = _electorate.Join("one", faults => faults.Add(new FaultRule(new Fault.Refuse(), Times: int.MaxValue)));
        _electorate.Pass(600);
        Assert.False(one.Leads);
        Assert.InRange(one.Api.Calls.Count(c => c.Resource == "leases" && c.Verb == "get"), 300, 700);
        one.Faults.Clear();
        Assert.InRange(_electorate.PassUntil(() => one.Leads), 0, 2.1);
    }

    [Theory, MemberData(nameof(FaultsOfRequests))]
    public void Whatever_goes_wrong_with_whichever_request_at_the_start_it_leads_soon(string verb, string fault)
    {
        if (verb != "create")
            _electorate.CreateLease();
        Candidate one = _electorate.Join("one", faults => faults.Add(new FaultRule(FaultOf(fault), verb, "leases", Times: 3)));
        _electorate.PassUntil(() => one.Leads, atMost: 45);
    }

    [Theory, MemberData(nameof(FaultsOfRequests))]
    public void Whatever_goes_wrong_once_with_whichever_request_a_leader_stays_in_its_term(string verb, string fault)
    {
        Candidate one = _electorate.Join("one");
        Leadership term = one.Elector.Current;
        one.Faults.Add(new FaultRule(FaultOf(fault), verb, "leases"));
        // A watch ends after five minutes at the latest, and another one begins.
        _electorate.Pass(verb == "watch" ? 310 : 30);
        Assert.Equal(term, one.Elector.Current);
        Assert.Empty(one.Logged("Lost leader election"));
    }

    [Theory, MemberData(nameof(AllFaults))]
    public void Whatever_goes_wrong_with_the_first_request_a_take_over_still_comes(string fault)
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        two.Faults.Add(new FaultRule(FaultOf(fault), "get", "leases"));
        two.Faults.Add(new FaultRule(FaultOf(fault), "patch", "leases"));
        one.Api.IsCutOff = true;
        _electorate.PassUntil(() => two.Leads, atMost: 35);
    }

    [Fact]
    public void A_crash_is_taken_over_within_the_lease_duration_and_not_while_the_old_leader_may_still_write()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        _electorate.Pass(7.3);
        one.Api.IsCutOff = true;
        double took = _electorate.PassUntil(() => two.Leads);
        Assert.InRange(took, 12, 15);
        Assert.False(one.Leads);
        Assert.Equal(1, (int)_electorate.Lease()!["spec"]!["leaseTransitions"]!);
    }

    [Fact]
    public void A_leader_that_is_cut_off_leads_until_its_deadline_and_says_so_word_for_word()
    {
        Candidate one = _electorate.Join("dynamic-toolset-7d4f9-xyz");
        one.Api.IsCutOff = true;
        _electorate.Pass(9.9);
        Assert.True(one.Leads);
        _electorate.Pass(0.1);
        Assert.False(one.Leads);
        JsonObject line = Assert.Single(one.Logged("Lost leader election"));
        Assert.Equal(("warn", "dynamic-toolset-7d4f9-xyz"), ((string?)line["level"], (string?)line["instance"]));
        Assert.False(one.Running.IsCompleted);
    }

    [Fact]
    public void Whoever_asks_in_the_name_of_a_term_that_is_over_is_refused_before_anybody_has_noticed()
    {
        Candidate one = _electorate.Join("one");
        Leadership term = one.Elector.Current;
        CallPermit permit = one.Elector.Permit(term)!.Value;
        Assert.Equal(TimeSpan.FromSeconds(5), permit.Limit);
        one.Thread.StandsStill = true;
        _electorate.Pass(9.8);
        Assert.Equal(TimeSpan.FromSeconds(0.1), one.Elector.Permit(term)!.Value.Limit);
        _electorate.Pass(0.2);
        Assert.Null(one.Elector.Permit(term));
        Assert.False(one.Leads);
        Assert.False(permit.Ended.IsCancellationRequested);
        one.Thread.StandsStill = false;
        one.Api.IsCutOff = true;
        _electorate.Settle();
        Assert.True(permit.Ended.IsCancellationRequested);
    }

    /// <summary>The official elector goes on with it, and so renews a Lease that nobody holds any more.</summary>
    [Fact]
    public void A_renewal_that_hangs_is_given_up_before_the_term_ends_and_nothing_is_sent_after_that()
    {
        Candidate one = _electorate.Join("one");
        one.Faults.Add(new FaultRule(new Fault.Hang(), Resource: "leases", Times: int.MaxValue));
        _electorate.Pass(30);
        TimeSpan deadline = TimeSpan.FromSeconds(10);
        Assert.All(one.Api.Calls.Where(c => c.BegunAt < deadline), c => Assert.True(c.EndedAt <= deadline, $"{c}"));
        Assert.All(one.Api.WritesTo("leases"), c => Assert.True(c.BegunAt < deadline, $"{c}"));
        Assert.Equal("2026-01-01T00:00:00.000000Z", RenewTime());
    }

    [Fact]
    public void After_an_outage_that_outlasted_its_term_it_leads_again_in_another_term()
    {
        Candidate one = _electorate.Join("one");
        Leadership before = one.Elector.Current;
        one.Faults.Add(new FaultRule(new Fault.Refuse(), Times: int.MaxValue));
        _electorate.Pass(120);
        Assert.False(one.Leads);
        one.Faults.Clear();
        Assert.InRange(_electorate.PassUntil(() => one.Leads), 0, 2.1);
        Assert.NotEqual(before, one.Elector.Current);
        Assert.Equal("2026-01-01T00:00:00.000000Z", (string?)_electorate.Lease()!["spec"]!["acquireTime"]);
    }

    [Fact]
    public void An_outage_that_is_shorter_than_the_deadline_costs_nothing()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        Leadership before = one.Elector.Current;
        foreach (Candidate each in (Candidate[])[one, two])
            each.Faults.Add(new FaultRule(new Fault.Refuse(), Times: int.MaxValue));
        _electorate.Pass(7);
        foreach (Candidate each in (Candidate[])[one, two])
            each.Faults.Clear();
        _electorate.Pass(60);
        Assert.Equal(before, one.Elector.Current);
    }

    [Fact]
    public void Who_stops_gives_the_Lease_back_and_another_leads_at_once()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        _electorate.Pass(3);
        one.Stop();
        Assert.True(two.Leads);
        Assert.False(one.Leads);
        Assert.Empty(one.Logged("Lost leader election"));
        Assert.Single(one.Logged("Lease released"));
        int before = one.Api.WritesTo("leases").Count();
        _electorate.Pass(60);
        Assert.Equal(before, one.Api.WritesTo("leases").Count());
    }

    [Fact]
    public void A_Lease_that_was_given_back_shows_as_one_that_client_go_gave_back()
    {
        Candidate one = _electorate.Join("one");
        _electorate.Pass(3);
        one.Stop();
        JsonObject spec = _electorate.Lease()!["spec"]!.AsObject();
        Assert.Equal(("", 1, 0), ((string?)spec["holderIdentity"], (int)spec["leaseDurationSeconds"]!, (int)spec["leaseTransitions"]!));
    }

    [Theory, MemberData(nameof(AllFaults))]
    public void Whatever_goes_wrong_with_it_once_the_Lease_is_given_back(string fault)
    {
        Candidate one = _electorate.Join("one");
        _electorate.Pass(3);
        one.Faults.Add(new FaultRule(FaultOf(fault), "patch", "leases"));
        one.Stop();
        _electorate.Pass(2.1);
        Assert.Equal(fault is "hangs" or "comes late" ? one.Options.Identity : "", _electorate.Holder);
        Assert.False(one.Leads);
    }

    [Fact]
    public void A_stop_in_the_middle_of_a_renewal_whose_answer_is_on_its_way_gives_the_Lease_back()
    {
        Candidate one = _electorate.Join("one");
        one.Faults.Add(new FaultRule(new Fault.Delay(TimeSpan.FromSeconds(1)), "patch", "leases"));
        _electorate.Pass(2.5);
        one.Stop();
        _electorate.Pass(1);
        Assert.Equal("", _electorate.Holder);
    }

    [Fact]
    public void Who_does_not_hold_the_Lease_gives_nothing_back()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        two.Stop();
        Assert.Empty(two.Api.WritesTo("leases"));
        Assert.Equal(one.Options.Identity, _electorate.Holder);
        _electorate.IsOneLeader = false;
        _electorate.EditLease("""{"holderIdentity":"stranger"}""");
        one.Stop();
        Assert.Equal("stranger", _electorate.Holder);
    }

    [Fact]
    public void A_Lease_that_hangs_does_not_keep_the_stop()
    {
        Candidate one = _electorate.Join("one");
        one.Faults.Add(new FaultRule(new Fault.Hang(), Times: int.MaxValue));
        one.Stop();
        _electorate.Pass(1.9);
        Assert.Empty(one.Logged("Lease not released, others take over when it expires"));
        _electorate.Pass(0.2);
        Assert.Single(one.Logged("Lease not released, others take over when it expires"));
    }

    [Fact]
    public void A_Lease_that_a_stranger_holds_is_waited_for_and_no_longer_than_five_minutes()
    {
        Candidate one = _electorate.Join("one");
        _electorate.IsOneLeader = false;
        _electorate.EditLease($$"""{"holderIdentity":"stranger","leaseDurationSeconds":{{int.MaxValue}}}""");
        Assert.Equal(new Leadership.Follower("stranger"), one.Elector.Current);
        Assert.Single(one.Logged("Lost leader election"));
        Assert.InRange(_electorate.PassUntil(() => one.Leads, atMost: 310), 298, 300);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("emptied")]
    [InlineData("made anew")]
    public void A_Lease_that_is_taken_from_its_leader_begins_another_term_of_whoever_comes_first(string what)
    {
        Candidate one = _electorate.Join("one");
        Leadership before = one.Elector.Current;
        TakeAway(what);
        Assert.False(one.Leads);
        Assert.Single(one.Logged("Lost leader election"));
        Candidate two = _electorate.Join("two");
        Assert.True(two.Leads);
        _electorate.Pass(60);
        Assert.True(two.Leads);
        Assert.Equal(2, two.Changes.Count + one.Changes.Count(c => c.Leads));
        two.Stop();
        Assert.True(one.Leads);
        Assert.NotEqual(before, one.Elector.Current);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("emptied")]
    public void Alone_it_takes_back_what_is_taken_from_it_and_not_as_fast_as_that_goes_on(string what)
    {
        Candidate one = _electorate.Join("one");
        for (int i = 0; i < 100; i++)
        {
            TakeAway(what);
            _electorate.Pass(0.1);
        }

        Assert.InRange(one.Api.WritesTo("leases").Count(), 2, 7);
        _electorate.Pass(3);
        Assert.True(one.Leads);
    }

    [Fact]
    public void Whoever_writes_on_the_Lease_all_the_time_is_outlived_without_haste()
    {
        Candidate one = _electorate.Join("one");
        for (int i = 0; i < 300; i++)
        {
            JsonNode note = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["note"] = $"{i}" } } };
            _electorate.Do(() => _electorate.Store.MergePatch(KubeResource.Leases, Electorate.LeaseKey, note.AsObject()));
            _electorate.Pass(0.1);
        }

        Assert.True(one.Leads);
        Assert.Empty(one.Logged("Lost leader election"));
        Assert.InRange(one.Api.Calls.Count, 30, 90);
    }

    [Fact]
    public void Whoever_is_always_faster_does_not_have_us_write_without_pause()
    {
        Candidate one = _electorate.Join("one");
        one.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Conflict), "patch", "leases", Times: int.MaxValue));
        _electorate.Pass(30);
        Assert.InRange(one.Api.WritesTo("leases").Count(), 10, 60);
    }

    [Theory, InlineData(-1), InlineData(1)]
    public void A_wall_clock_that_is_set_is_nothing_to_anybody(int hours)
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        Leadership before = one.Elector.Current;
        one.Clock.WallIsAhead = TimeSpan.FromHours(hours);
        _electorate.Pass(60);
        two.Clock.WallIsAhead = TimeSpan.FromHours(-2 * hours);
        _electorate.Pass(60);
        Assert.Equal(before, one.Elector.Current);
        one.Api.IsCutOff = true;
        Assert.InRange(_electorate.PassUntil(() => two.Leads), 12, 15);
    }

    [Fact]
    public void Who_stood_still_for_longer_than_its_term_wakes_as_a_follower()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        one.Thread.StandsStill = true;
        Assert.InRange(_electorate.PassUntil(() => two.Leads), 12, 15);
        one.Thread.StandsStill = false;
        _electorate.Settle();
        Assert.Equal(new Leadership.Follower(two.Options.Identity), one.Elector.Current);
        _electorate.Pass(60);
        Assert.True(two.Leads);
    }

    [Fact]
    public void A_follower_that_stood_still_does_not_take_over_from_one_that_renewed()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        two.Thread.StandsStill = true;
        _electorate.Pass(60);
        two.Thread.StandsStill = false;
        _electorate.Pass(60);
        Assert.True(one.Leads);
        Assert.Empty(two.Api.WritesTo("leases"));
    }

    [Fact]
    public void A_right_that_is_missing_is_named_until_it_is_there()
    {
        _electorate.CreateLease();
        Candidate one = _electorate.Join("one", faults => faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "patch", "leases", Times: int.MaxValue)));
        _electorate.Pass(20);
        Assert.Equal(
            "patch leases.coordination.k8s.io \"dynamic-toolset-leader\" in namespace kubernaut-system; deploy/base/rbac.yaml grants it",
            one.Elector.MissingRight);
        Assert.Single(one.Logged("Lease cannot be read or written, trying again"));
        one.Faults.Clear();
        _electorate.PassUntil(() => one.Leads);
        Assert.Null(one.Elector.MissingRight);
    }

    [Theory]
    [InlineData("create", true)]
    [InlineData("get", false)]
    [InlineData("list", false)]
    [InlineData("watch", false)]
    [InlineData("patch", false)]
    public void Each_right_to_the_Lease_is_named_where_it_is_missing(string verb, bool isNew)
    {
        if (!isNew)
            _electorate.CreateLease();
        Candidate one = _electorate.Join("one", faults => faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), verb, "leases", Times: int.MaxValue)));
        _electorate.Pass(20);
        Assert.StartsWith($"{verb} leases.coordination.k8s.io", one.Elector.MissingRight, StringComparison.Ordinal);
        Assert.EndsWith("; deploy/base/rbac.yaml grants it", one.Elector.MissingRight, StringComparison.Ordinal);
    }

    /// <summary>All replicas have the same rights: what one was refused, another has been granted since.</summary>
    [Fact]
    public void A_missing_right_is_named_no_more_when_another_replica_leads()
    {
        _electorate.CreateLease();
        Candidate one = _electorate.Join("one", faults => faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "patch", "leases", Times: int.MaxValue)));
        _electorate.Pass(20);
        Assert.NotNull(one.Elector.MissingRight);
        Candidate two = _electorate.Join("two");
        _electorate.PassUntil(() => two.Leads);
        _electorate.Pass(5);
        Assert.Null(one.Elector.MissingRight);
    }

    [Fact]
    public void A_missing_right_is_told_among_other_failures_and_not_forgotten_over_them()
    {
        _electorate.CreateLease();
        Candidate one = _electorate.Join("one", faults => faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.ServiceUnavailable), "patch", "leases", Times: int.MaxValue)));
        _electorate.Pass(20);
        one.Faults.Clear();
        one.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "patch", "leases", Times: int.MaxValue));
        _electorate.Pass(20);
        one.Faults.Clear();
        one.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.ServiceUnavailable), "patch", "leases", Times: int.MaxValue));
        _electorate.Pass(20);
        Assert.StartsWith("patch leases", one.Elector.MissingRight, StringComparison.Ordinal);
        IReadOnlyList<JsonObject> told = one.Logged("Lease cannot be read or written, trying again");
        Assert.Equal(2, told.Count);
        Assert.Contains("the right to patch leases", (string?)told[1]["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_holder_of_any_length_and_any_characters_takes_a_short_line_that_says_how_long_it_is()
    {
        Candidate one = _electorate.Join("one");
        _electorate.IsOneLeader = false;
        string holder = "evil\u202e\u001b[2J\n" + new string('x', 1_000_000);
        _electorate.EditLease(new JsonObject { ["holderIdentity"] = holder }.ToJsonString());
        Assert.Equal(new Leadership.Follower(holder), one.Elector.Current);
        string told = (string)one.Logged("Following").Single()["leader"]!;
        Assert.StartsWith("\"evil\\u202e\\u001b[2J\\u000axxx", told, StringComparison.Ordinal);
        Assert.EndsWith("x…\" (1,000,010 characters)", told, StringComparison.Ordinal);
        Assert.InRange(told.Length, 270, 330);
    }

    [Fact]
    public void Holders_that_change_all_the_time_take_a_few_lines_a_minute_of_which_the_last_is_right()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        _electorate.IsOneLeader = false;
        for (int i = 0; i < 100; i++)
            _electorate.EditLease($$"""{"holderIdentity":"stranger-{{i}}"}""");
        Assert.InRange(two.Logged("Following").Count, 1, 5);
        Assert.InRange(one.Logged("Following").Count, 1, 5);
        one.Api.IsCutOff = two.Api.IsCutOff = true;
        _electorate.Pass(61);
        foreach (Candidate each in (Candidate[])[one, two])
        {
            Assert.InRange((int)each.Logged("Holder of the Lease keeps changing, not all are logged").Single()["count"]!, 90, 99);
            Assert.Equal("stranger-99", (string?)each.Logged("Following")[^1]["leader"]);
        }

        _electorate.Pass(180);
        Assert.Single(two.Logged("Holder of the Lease keeps changing, not all are logged"));
    }

    [Fact]
    public void Without_the_watch_the_Lease_is_taken_and_kept_all_the_same()
    {
        Candidate one = _electorate.Join("one", Blind), two = _electorate.Join("two", Blind);
        _electorate.Pass(60);
        Assert.True(one.Leads);
        one.Api.IsCutOff = true;
        _electorate.PassUntil(() => two.Leads, atMost: 30);

        static void Blind(FaultPlan faults)
        {
            foreach (string verb in (string[])["list", "watch"])
                faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), verb, "leases", Times: int.MaxValue));
        }
    }

    [Fact]
    public void How_old_the_last_renewal_is_is_known_to_leader_and_follower()
    {
        Candidate one = _electorate.Join("one"), two = _electorate.Join("two");
        _electorate.Pass(11);
        Assert.Equal((1, 1), (one.Elector.RenewAge!.Value.TotalSeconds, two.Elector.RenewAge!.Value.TotalSeconds));
        one.Api.IsCutOff = true;
        _electorate.Pass(5);
        Assert.Equal(6, two.Elector.RenewAge!.Value.TotalSeconds);
    }

    public void Dispose() => _electorate.Dispose();

    private string RenewTime() => (string)_electorate.Lease()!["spec"]!["renewTime"]!;

    private void TakeAway(string what)
    {
        if (what == "emptied")
        {
            _electorate.EditLease("""{"holderIdentity":""}""");
            return;
        }

        if (_electorate.Lease() is not { } lease)
            return;
        _electorate.Do(() =>
        {
            _electorate.Store.Delete(KubeResource.Leases, Electorate.LeaseKey);
            lease["metadata"]!.AsObject().Remove("uid");
            lease["metadata"]!.AsObject().Remove("resourceVersion");
            lease["spec"] = new JsonObject();
            if (what == "made anew")
                _electorate.Store.Create(KubeResource.Leases, lease);
        });
    }

    private static Fault FaultOf(string name) => name switch
    {
        "refused" => new Fault.Refuse(),
        "hangs" => new Fault.Hang(),
        "comes late" => new Fault.Delay(TimeSpan.FromSeconds(3)),
        "reply lost" => new Fault.LoseReply(),
        _ => new Fault.Answer((HttpStatusCode)int.Parse(name, CultureInfo.InvariantCulture)),
    };
}
