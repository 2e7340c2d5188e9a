using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.HealthCheck;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.LeaderElection;

namespace DynamicToolset.Service.Tests.Discoveries;

/// <summary>Discoveries of whole replicas on a clock of the test: when they end, and how.</summary>
public sealed class DiscoveryReplicaTests : IDisposable
{
    private readonly Electorate _electorate = new();

    public DiscoveryReplicaTests() => _electorate.Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" } });

    [Fact]
    public void A_discovery_takes_a_round_and_asks_nobody()
    {
        Replica one = Running("one");
        int calls = one.Api.Calls.Count;
        long cycle = one.State.Detected.Cycle;
        string id = Ask(one);
        Assert.Equal("succeeded", StateOf(one, id));
        Assert.Equal(cycle + 1, one.State.Detected.Cycle);
        Assert.Equal(calls, one.Api.Calls.Count);
        DiscoveryFindings found = one.Discoveries.Find(id)!.Findings!;
        Assert.True(found.IsConverged);
        Assert.Equal([new("grafana", 1)], found.Services);
        Assert.Null(found.Write);
    }

    [Fact]
    public void With_force_everything_is_listed_once_and_the_watches_go_on()
    {
        Replica one = Running("one");
        (int Services, int ConfigMaps) before = Lists();
        Assert.Equal("succeeded", StateOf(one, Ask(one, force: true)));
        Assert.Equal((before.Services + 1, before.ConfigMaps + 1), Lists());
        AddService("b");
        Assert.Contains(one.State.Detected.Matched, d => d.Service.Key.Name == "b");
        Assert.Equal((before.Services + 1, before.ConfigMaps + 1), Lists());

        (int, int) Lists() => (one.Api.Calls.Count(c => c is { Verb: "list", Resource: "services" }), one.Api.Calls.Count(c => c is { Verb: "list", Resource: "configmaps" }));
    }

    [Fact]
    public void With_force_each_endpoint_has_been_checked_since_and_what_follows_is_told()
    {
        var backend = new Backend();
        Replica one = Running("one", s => s with { HealthCheckEnabled = true, HealthCheckInterval = TimeSpan.FromHours(1), HealthCheckUnhealthyThreshold = 1, HealthPanic = false }, backend);
        int asked = backend.Asked;
        Assert.Equal("succeeded", StateOf(one, Ask(one)));
        Assert.Equal(asked, backend.Asked);
        backend.Answer = _ => Task.FromResult<ProbeAnswer>(new ProbeAnswer.Response(500, null, null, ""u8.ToArray()));
        string id = Ask(one, force: true);
        _electorate.PassUntil(() => StateOf(one, id) != "running");
        DiscoveryFindings found = one.Discoveries.Find(id)!.Findings!;
        Assert.Equal((0, 1), (found.Healthy, found.Unhealthy));
        Assert.Equal(["a/grafana"], found.Changed.Names);
        Assert.Equal(["grafana-toolset.yaml"], found.Write!.Removed);
    }

    [Theory, InlineData(HttpStatusCode.InternalServerError, "500"), InlineData(HttpStatusCode.Forbidden, "the right to list services"), InlineData(HttpStatusCode.TooManyRequests, "429")]
    public void A_list_that_is_refused_fails_the_discovery_and_takes_nothing_away(HttpStatusCode code, string detail)
    {
        Replica one = Running("one");
        one.Faults.Add(new FaultRule(new Fault.Answer(code), "list", "services", Times: int.MaxValue));
        string id = Ask(one, force: true);
        Assert.Equal("failed listFailed", StateOf(one, id));
        Assert.Contains(detail, one.Discoveries.Find(id)!.Failure!.Detail, StringComparison.Ordinal);
        Assert.Single(one.State.Detected.Matched);
        _electorate.Pass(60);
        Assert.Single(one.State.Detected.Matched);
        one.Faults.Clear();
        Assert.Equal("succeeded", StateOf(one, Ask(one)));
        AddService("b");
        Assert.Equal(2, one.State.Detected.Matched.Length);
    }

    [Theory, InlineData("services", "Services: no update for "), InlineData("configmaps", "the ConfigMap: no update for ")]
    public void What_the_watches_told_before_they_went_away_is_not_taken_for_a_discovery(string resource, string detail)
    {
        Replica one = Running("one");
        one.Faults.Add(new FaultRule(new Fault.Refuse(), Verb: null, resource, Times: int.MaxValue));
        _electorate.Store.EndWatches(abort: true);
        _electorate.Pass(5);
        Assert.Equal("succeeded", StateOf(one, Ask(one)));
        _electorate.Pass(20);
        string id = Ask(one);
        Assert.Equal("failed stale", StateOf(one, id));
        Assert.StartsWith(detail, one.Discoveries.Find(id)!.Failure!.Detail, StringComparison.Ordinal);
        one.Faults.Clear();
        _electorate.Pass(60);
        Assert.Equal("succeeded", StateOf(one, Ask(one)));
    }

    [Fact]
    public void What_takes_longer_than_two_minutes_has_failed_and_the_next_may_begin()
    {
        var backend = new Backend { Answer = HangAsync };
        Replica one = Running("one", s => s with { HealthCheckEnabled = true }, backend);
        string id = Ask(one, force: true);
        Assert.InRange(_electorate.PassUntil(() => StateOf(one, id) != "running", atMost: 200), 119, 121);
        Assert.Equal("failed timeout", StateOf(one, id));
        Assert.StartsWith("checking every endpoint did not end within 120 seconds", one.Discoveries.Find(id)!.Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains("discovery", one.Loops);
        Assert.Equal("succeeded", StateOf(one, Ask(one)));
    }

    [Fact]
    public void Who_joins_with_force_while_it_runs_has_the_list_made_then()
    {
        Replica one = Running("one");
        int lists = Lists();
        one.Thread.StandsStill = true;
        string id = one.Discoveries.Request(false, DiscoveryScope.All, one.State, "c")!.Job.Id;
        Assert.Equal(id, one.Discoveries.Request(true, DiscoveryScope.All, one.State, "d")!.Job.Id);
        one.Thread.StandsStill = false;
        _electorate.Settle();
        Assert.Equal("succeeded", StateOf(one, id));
        Assert.Equal(lists + 1, Lists());

        int Lists() => one.Api.Calls.Count(c => c is { Verb: "list", Resource: "services" });
    }

    [Fact]
    public void Another_leader_ends_the_discoveries_of_the_one_before()
    {
        Replica one = Running("one"), two = Running("two");
        one.Faults.Add(new FaultRule(new Fault.Hang(), "list", "services", Times: int.MaxValue));
        string id = Ask(one, force: true);
        Assert.Equal("running", StateOf(one, id));
        one.Api.IsCutOff = true;
        _electorate.PassUntil(() => two.Leads);
        Assert.Equal("failed leadershipLost", StateOf(one, id));
        Assert.Equal("succeeded", StateOf(two, Ask(two)));
        Assert.Null(two.Discoveries.Find(id));
    }

    [Fact]
    public void A_follower_that_was_asked_after_all_says_that_it_does_not_lead()
    {
        Running("one");
        Replica two = Running("two");
        Assert.Equal("failed leadershipLost", StateOf(two, Ask(two)));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_stop_waits_for_no_discovery(bool force)
    {
        Replica one = Running("one");
        one.Faults.Add(new FaultRule(new Fault.Hang(), "list", "services", Times: int.MaxValue));
        one.Thread.StandsStill = !force;
        string id = Ask(one, force);
        Assert.Equal("running", StateOf(one, id));
        one.Thread.StandsStill = false;
        Task stopped = one.Stop();
        Assert.True(stopped.IsCompletedSuccessfully);
        Assert.NotEqual("running", StateOf(one, id));
        Assert.Null(one.Discoveries.Request(false, DiscoveryScope.All, one.State, "c"));
        Assert.Equal("", _electorate.Holder);
    }

    [Fact]
    public void Its_begin_and_its_end_are_a_line_each_that_names_nobody()
    {
        Replica one = Running("one");
        string id = Ask(one, force: true);
        JsonObject begun = Assert.Single(one.Logged("Discovery requested")), ended = Assert.Single(one.Logged("Discovery ended"));
        Assert.Equal([id, id], [(string?)begun["job_id"], (string?)ended["job_id"]]);
        Assert.Equal(["order-1", "order-1"], [(string?)begun["correlation_id"], (string?)ended["correlation_id"]]);
        Assert.Equal((true, "succeeded", 1, false), ((bool)begun["force"]!, (string?)ended["state"], (int)ended["requests"]!, (bool)ended["written"]!));
    }

    [Fact]
    public void The_Lease_says_where_its_holder_answers_for_no_write_of_its_own()
    {
        Replica one = Running("one", s => s with { PodIp = "10.0.0.1", Port = 8080 }), two = Running("two", s => s with { PodIp = "fd00::2", Port = 8081 });
        Assert.Equal(("http://10.0.0.1:8080", _electorate.Holder), Said());
        Assert.Equal(("one", "http://10.0.0.1:8080"), (two.OtherLeader!.Replica, two.OtherLeader.Address!.ToString()));
        Assert.Null(one.OtherLeader);
        _electorate.Pass(20);
        Assert.InRange(one.Api.WritesTo("leases").Count(), 12, 13);
        one.Stop();
        _electorate.Pass(1);
        Assert.True(two.Leads);
        Assert.Equal(("http://[fd00::2]:8081", _electorate.Holder), Said());
        two.Stop();
        Assert.Equal((null, null), Said());
    }

    [Fact]
    public void A_leader_without_an_address_leaves_none_behind()
    {
        Replica one = Running("one", s => s with { PodIp = "10.0.0.1", Port = 8080 }), two = Running("two");
        one.Api.IsCutOff = true;
        _electorate.PassUntil(() => two.Leads);
        Assert.Equal((null, null), Said());
    }

    public void Dispose() => _electorate.Dispose();

    private static async Task<ProbeAnswer> HangAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        throw new OperationCanceledException(stop);
    }

    private Replica Running(string name, Func<Settings, Settings>? change = null, IProber? prober = null)
    {
        if (_electorate.Store.Get(KubeResource.Services, new("a", "grafana")) is null)
            AddService("grafana");
        Replica replica = _electorate.Run(name, change: change, prober: prober);
        _electorate.Pass(2);
        return replica;
    }

    private string Ask(Replica replica, bool force = false)
    {
        string id = "";
        _electorate.Do(() => id = replica.Discoveries.Request(force, DiscoveryScope.All, replica.State, "order-1")!.Job.Id);
        return id;
    }

    private static string StateOf(Replica replica, string id)
    {
        DiscoveryJob job = replica.Discoveries.Find(id)!;
        return job.Failure is { } failure ? $"{job.State} {failure.Reason}" : job.State;
    }

    private (string? Address, string? Of) Said()
    {
        JsonNode? annotations = _electorate.Lease()!["metadata"]!["annotations"];
        return ((string?)annotations?["kubernaut.io/leader-address"], (string?)annotations?["kubernaut.io/leader-address-of"]);
    }

    private void AddService(string name)
    {
        _electorate.Do(() => _electorate.Store.Create(KubeResource.Services, JsonNode.Parse(
            $$$"""{"metadata":{"name":"{{{name}}}","namespace":"a","labels":{"app":"grafana"}},"spec":{"ports":[{"name":"service","port":3000}]} }""")!.AsObject()));
        _electorate.Pass(1);
    }

    private sealed class Backend : IProber
    {
        public int Asked { get; private set; }

        public Func<CancellationToken, Task<ProbeAnswer>> Answer { get; set; } = _ => Task.FromResult<ProbeAnswer>(new ProbeAnswer.Response(200, null, null, ""u8.ToArray()));

        public Task<ProbeAnswer> AskAsync(ProbeRequest request, CancellationToken stop)
        {
            Asked++;
            return Answer(stop);
        }
    }
}
