using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Tests.Hosting;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>Two whole services on one store: what becomes of the ConfigMap while they hand over.</summary>
public sealed class ReplicaTests : IDisposable
{
    private const string Key = "grafana-toolset.yaml";

    private readonly Electorate _electorate = new();

    public ReplicaTests() => _electorate.Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" } });

    [Fact]
    public void The_first_leads_and_writes_and_the_second_stands_by_and_knows_all()
    {
        Replica one = Running("one"), two = Running("two");
        Assert.True(one.Leads);
        Assert.True(one.IsReady && two.IsReady);
        Assert.Superset(new HashSet<string> { "leader-election", "watch-lease" }, one.Loops.ToHashSet());
        Assert.Matches("^follower of one_[0-9a-f]{16}$", two.Standing);
        Assert.Empty(two.Api.WritesTo("configmaps"));
        Assert.Equal(Data(Key), two.State.Observed!.Data[Key]);
        Assert.NotNull(Epoch());
        AddService("b");
        Assert.NotNull(Data("grafana-a-b-toolset.yaml"));
        Assert.Empty(two.Api.WritesTo("configmaps"));
        Assert.Contains(two.State.Result.Desired.Data, d => d.Key == "grafana-a-b-toolset.yaml");
    }

    [Fact]
    public void A_planned_hand_over_takes_no_time_and_writes_nothing_but_the_fence()
    {
        Replica one = Running("one"), two = Running("two");
        string? before = Epoch();
        string content = Content();
        Task stopped = one.Stop();
        Assert.True(stopped.IsCompletedSuccessfully);
        Assert.False(one.IsReady);
        Assert.True(two.Leads);
        _electorate.Pass(1);
        Assert.Single(two.Api.WritesTo("configmaps"));
        Assert.NotEqual(before, Epoch());
        Assert.Equal(content, Content());
        _electorate.Pass(600);
        Assert.Single(two.Api.WritesTo("configmaps"));
        Assert.Empty(one.Logged("Lost leader election"));
    }

    [Fact]
    public void After_a_crash_another_repairs_within_the_lease_duration_what_was_spoilt_meanwhile()
    {
        Replica one = Running("one"), two = Running("two");
        _electorate.Pass(5);
        one.Api.IsCutOff = true;
        Spoil();
        Assert.InRange(_electorate.PassUntil(() => Data(Key) != "spoilt"), 12, 15);
        Assert.True(two.Leads);
    }

    /// <summary>Its write was decided on, and perhaps on its way, when it was stopped; when it wakes another leads.</summary>
    [Fact]
    public void A_write_that_was_delayed_until_another_led_is_refused()
    {
        Replica one = Running("one"), two = Running("two");
        TaskCompletionSource way = one.Api.HoldNext("patch configmaps");
        Spoil();
        ApiCall late = one.Api.WritesTo("configmaps").Last();
        Assert.Null(late.EndedAt);
        one.Thread.StandsStill = true;
        _electorate.PassUntil(() => two.Leads);
        _electorate.Pass(1);
        string content = Content();
        way.SetResult();
        _electorate.Settle();
        Assert.Equal(409, late.Code);
        one.Thread.StandsStill = false;
        _electorate.Pass(60);
        Assert.Equal(content, Content());
        Assert.True(two.Leads);
        int writes = one.Api.WritesTo("configmaps").Count();
        Spoil();
        Assert.Equal(writes, one.Api.WritesTo("configmaps").Count());
        Assert.NotEqual("spoilt", Data(Key));
        Assert.Single(one.Logged("Lost leader election"));
    }

    /// <summary>Its term lasts by its own clock, and yet another leads: nothing but the API server can tell.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void Who_was_frozen_with_its_clock_asks_for_the_Lease_before_it_writes_a_second_time(bool isSpoilt)
    {
        Replica one = Running("one"), two = Running("two");
        _electorate.Pass(1);
        _electorate.IsOneLeader = false;
        one.Thread.StandsStill = true;
        _electorate.PassUntil(() => two.Leads);
        _electorate.Pass(20);
        int writes = one.Api.WritesTo("configmaps").Count();
        if (isSpoilt)
        {
            two.Thread.StandsStill = true;
            Spoil();
        }

        one.Clock.StoodStill = TimeSpan.FromSeconds(32);
        one.Thread.StandsStill = false;
        _electorate.Pass(0.1);
        Assert.False(one.Leads);
        // What it sent before it heard of the other was refused; what it saw to be wrong after that is the other's to mend.
        Assert.Equal(isSpoilt, Data(Key) == "spoilt");
        two.Thread.StandsStill = false;
        _electorate.Pass(30);
        Assert.InRange(one.Api.WritesTo("configmaps").Count() - writes, 0, 1);
        Assert.NotEqual("spoilt", Data(Key));
        Assert.Equal(1, (two.Leads ? 1 : 0) + (one.Leads ? 1 : 0));
    }

    /// <summary>By somebody who restores an export of the ConfigMap, say.</summary>
    [Fact]
    public void A_leader_that_sees_another_fence_stands_for_election_anew_and_goes_on_where_the_Lease_is_its_own()
    {
        Replica one = Running("one");
        _electorate.Pass(1);
        _electorate.Do(() => _electorate.Store.MergePatch(KubeResource.ConfigMaps, TestCluster.ConfigMapKey, JsonNode.Parse(
            $$$"""{"metadata":{"annotations":{"kubernaut.io/leader-epoch":"stale"}},"data":{"{{{Key}}}":"spoilt"}}""")!.AsObject()));
        Assert.False(one.Leads);
        Assert.Equal("spoilt", Data(Key));
        Assert.InRange(_electorate.PassUntil(() => Data(Key) != "spoilt"), 1.9, 2.3);
        Assert.True(one.Leads);
        _electorate.Pass(60);
        Assert.Single(one.Logged("Lost leader election"));
    }

    [Fact]
    public void A_conflict_has_a_leader_look_at_the_Lease_at_once()
    {
        Replica one = Running("one");
        int looks = Looks();
        one.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Conflict), "patch", "configmaps"));
        Spoil();
        Assert.Equal(looks + 1, Looks());
        _electorate.Pass(1);
        Assert.True(one.Leads);
        Assert.NotEqual("spoilt", Data(Key));

        int Looks() => one.Api.Calls.Count(c => c.Verb == "get" && c.Resource == "leases");
    }

    [Fact]
    public void Who_cannot_renew_begins_no_write_after_its_deadline()
    {
        Replica one = Running("one");
        one.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.InternalServerError), Resource: "leases", Times: int.MaxValue));
        for (int i = 0; i < 30; i++)
        {
            Spoil();
            _electorate.Pass(1);
        }

        Assert.False(one.Leads);
        TimeSpan last = one.Api.WritesTo("configmaps").Max(c => c.BegunAt);
        Assert.InRange(last.TotalSeconds, 8, 10);
        one.Faults.Clear();
        _electorate.Pass(3);
        Assert.True(one.Leads);
        Assert.NotEqual("spoilt", Data(Key));
    }

    [Fact]
    public void A_write_that_hangs_ends_before_the_term_does()
    {
        Replica one = Running("one");
        one.Faults.Add(new FaultRule(new Fault.Hang(), Times: int.MaxValue));
        Spoil();
        ApiCall write = one.Api.WritesTo("configmaps").Last();
        _electorate.Pass(30);
        Assert.InRange((write.EndedAt - write.BegunAt)!.Value.TotalSeconds, 0.1, 5.1);
        Assert.All(one.Api.WritesTo("configmaps"), c => Assert.True(c.BegunAt < TimeSpan.FromSeconds(10) && c.EndedAt <= TimeSpan.FromSeconds(10), $"{c}"));
    }

    [Fact]
    public void The_Lease_is_given_back_when_the_write_has_ended_and_not_before()
    {
        Replica one = Running("one"), two = Running("two");
        one.Faults.Add(new FaultRule(new Fault.Delay(TimeSpan.FromSeconds(0.3)), "patch", "configmaps"));
        Spoil();
        Task stopped = one.Stop();
        Assert.False(two.Leads);
        _electorate.Pass(0.2);
        Assert.False(two.Leads || stopped.IsCompleted);
        _electorate.Pass(0.1);
        Assert.True(two.Leads && stopped.IsCompleted);
        ApiCall release = one.Api.WritesTo("leases").Last();
        Assert.True(one.Api.WritesTo("configmaps").All(c => c.EndedAt <= release.BegunAt));
        int calls = one.Api.Calls.Count(c => c.Verb is "create" or "patch");
        _electorate.Pass(60);
        Assert.Equal(calls, one.Api.Calls.Count(c => c.Verb is "create" or "patch"));
    }

    [Fact]
    public void A_write_that_hangs_keeps_the_Lease_from_nobody_for_a_second()
    {
        Replica one = Running("one"), two = Running("two");
        one.Faults.Add(new FaultRule(new Fault.Hang(), "patch", "configmaps"));
        Spoil();
        one.Stop();
        Assert.InRange(_electorate.PassUntil(() => two.Leads), 0.4, 0.6);
        _electorate.Pass(0.3);
        Assert.NotEqual("spoilt", Data(Key));
    }

    [Fact]
    public void A_replica_that_has_not_read_the_cluster_does_not_lead()
    {
        Replica blind = _electorate.Run("blind", faults => faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "list", "services", Times: int.MaxValue)));
        _electorate.Pass(30);
        Assert.False(blind.Leads || blind.IsReady);
        Assert.True(Running("two").Leads);
        blind.Faults.Clear();
        _electorate.Pass(60);
        Assert.True(blind.IsReady);
        Assert.Matches("^follower of two_", blind.Standing);
    }

    [Fact]
    public void A_right_that_election_lacks_is_named_by_readiness_which_stays_true()
    {
        Replica one = _electorate.Run("one", faults => faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), Resource: "leases", Times: int.MaxValue)));
        _electorate.Pass(30);
        Assert.True(one.IsReady);
        Assert.Equal("get leases.coordination.k8s.io \"dynamic-toolset-leader\" in namespace kubernaut-system; deploy/base/rbac.yaml grants it", one.Standing);
        Assert.Null(ConfigMap());
    }

    [Fact]
    public void Metrics_show_who_leads_and_how_fresh_the_Lease_is()
    {
        Replica one = Running("one"), two = Running("two");
        _electorate.Pass(1);
        Assert.Equal(["dynamictoolset_leader 1", "dynamictoolset_leader_transitions_total 1", "dynamictoolset_lease_renew_age_seconds 1"], Shown(one));
        Assert.Equal(["dynamictoolset_leader 0", "dynamictoolset_leader_transitions_total 0", "dynamictoolset_lease_renew_age_seconds 1"], Shown(two));
        one.Thread.StandsStill = true;
        _electorate.Pass(30);
        Assert.Equal("dynamictoolset_leader 0", Shown(one)[0]);
        Assert.Equal(["dynamictoolset_leader 1", "dynamictoolset_leader_transitions_total 1"], Shown(two)[..2]);

        static string[] Shown(Replica replica) =>
            [.. replica.Scraper.Scrape().Split('\n').Where(l => l.StartsWith("dynamictoolset_lea", StringComparison.Ordinal))];
    }

    public void Dispose() => _electorate.Dispose();

    private Replica Running(string name)
    {
        if (_electorate.Store.Get(KubeResource.Services, new ObjectKey("a", "a")) is null)
            AddService("a");
        Replica replica = _electorate.Run(name);
        // A new ConfigMap waits for what is to be known at a start.
        _electorate.PassUntil(() => ConfigMap() is not null && replica.IsReady);
        return replica;
    }

    private void AddService(string name)
    {
        _electorate.Do(() => _electorate.Store.Create(KubeResource.Services, JsonNode.Parse(
            $$$"""{"metadata":{"name":"{{{name}}}","namespace":"a","labels":{"app":"grafana"}},"spec":{"ports":[{"name":"service","port":3000}]} }""")!.AsObject()));
        _electorate.Pass(1);
    }

    private void Spoil() => _electorate.Do(() => _electorate.Store.MergePatch(
        KubeResource.ConfigMaps, TestCluster.ConfigMapKey, new JsonObject { ["data"] = new JsonObject { [Key] = "spoilt" } }));

    private JsonObject? ConfigMap() => _electorate.Store.Get(KubeResource.ConfigMaps, TestCluster.ConfigMapKey);

    private string? Data(string key) => (string?)ConfigMap()!["data"]![key];

    private string Content() => ConfigMap()!["data"]!.ToJsonString();

    private string? Epoch() => (string?)ConfigMap()!["metadata"]!["annotations"]![DesiredConfigMap.LeaderEpochAnnotation];
}
