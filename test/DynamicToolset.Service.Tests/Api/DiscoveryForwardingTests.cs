using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.LeaderElection;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Api;

/// <summary>Discoveries where two replicas run: whichever is asked, the leader does it.</summary>
public sealed class DiscoveryForwardingTests
{
    private const string Discover = "/api/v1/discover";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_follower_sends_the_request_on_and_knows_the_job_wherever_it_is_asked_for()
    {
        await using TestCluster cluster = await ClusterAsync();
        using var log = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(log));
        cluster.Loggers = loggers;
        await using RunningService one = await RunAsync(cluster, "one");
        await using RunningService two = await RunAsync(cluster, "two");
        HttpResponseMessage response = await two.PostAsync(Discover, """{"serviceTypes":["grafana"]}""", ("X-Correlation-ID", "order-1"));
        JsonObject accepted = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!.AsObject();
        Assert.Equal((HttpStatusCode.Accepted, "order-1"), (response.StatusCode, response.Headers.GetValues("X-Correlation-ID").Single()));
        string id = accepted["jobId"]!.GetValue<string>();
        Assert.StartsWith("one.", id, StringComparison.Ordinal);
        Assert.Equal($"{Discover}/{id}", response.Headers.Location!.OriginalString);
        JsonObject job = [];
        await TestCluster.EventuallyAsync(() => (job = two.ReadAsync($"{Discover}/{id}").Result)["state"]!.GetValue<string>() == "succeeded", "it has ended");
        Assert.Equal(job.ToJsonString(), (await one.ReadAsync($"{Discover}/{id}")).ToJsonString());
        Assert.Equal("""{"grafana":1}""", job["result"]!["services"]!.ToJsonString());
        string begun = Assert.Single(log.All, l => l.Contains("\"Discovery requested\"", StringComparison.Ordinal));
        Assert.Equal("order-1", JsonNode.Parse(begun)!["correlation_id"]!.GetValue<string>());
        HttpResponseMessage head = await two.SendAsync(HttpMethod.Head, $"{Discover}/{id}");
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync(Stop)));
    }

    [Fact]
    public async Task What_the_leader_refuses_is_passed_back_and_what_it_does_not_know_is_not_found()
    {
        await using TestCluster cluster = await ClusterAsync();
        await using RunningService one = await RunAsync(cluster, "one");
        await using RunningService two = await RunAsync(cluster, "two");
        HttpResponseMessage unknown = await two.GetAsync($"{Discover}/one.7-0123456789abcdef");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("no discovery with this id", (await RunningService.ProblemOf(unknown))["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        HttpResponseMessage body = await two.PostAsync(Discover, """{"force":1}""");
        Assert.Equal(HttpStatusCode.BadRequest, body.StatusCode);
        HttpResponseMessage gone = await two.GetAsync($"{Discover}/three.7-0123456789abcdef");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("is gone or no longer leads", (await RunningService.ProblemOf(gone))["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_follower_answers_as_the_leader_would_to_who_has_the_answer_already()
    {
        await using TestCluster cluster = await ClusterAsync();
        await using RunningService one = await RunAsync(cluster, "one");
        await using RunningService two = await RunAsync(cluster, "two");
        string path = (await two.PostAsync(Discover)).Headers.Location!.OriginalString;
        await TestCluster.EventuallyAsync(() => two.ReadAsync(path).Result["state"]!.GetValue<string>() == "succeeded", "it has ended");
        string tag = (await one.GetAsync(path)).Headers.ETag!.ToString();
        Assert.Equal(tag, (await two.GetAsync(path)).Headers.ETag?.ToString());
        HttpResponseMessage again = await two.SendAsync(HttpMethod.Get, path, ("If-None-Match", $"\"other\", {tag}"));
        Assert.Equal((HttpStatusCode.NotModified, tag, ""), (again.StatusCode, again.Headers.ETag?.ToString(), await again.Content.ReadAsStringAsync(Stop)));
        Assert.Equal(HttpStatusCode.OK, (await two.SendAsync(HttpMethod.Get, path, ("If-None-Match", "\"other\""))).StatusCode);
    }

    [Fact]
    public async Task Where_the_leader_wants_a_token_the_follower_says_so_too()
    {
        await using TestCluster cluster = await ClusterAsync();
        await using RunningService one = await RunAsync(cluster, "one", s => s with { AuthEnabled = true });
        await using RunningService two = await RunAsync(cluster, "two");
        HttpResponseMessage response = await two.PostAsync(Discover);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
    }

    [Theory, InlineData("POST", Discover, 503, "notLeader"), InlineData("GET", $"{Discover}/one.1-0123456789abcdef", 404, "notFound")]
    public async Task What_was_sent_on_already_is_not_sent_on_again(string method, string path, int status, string code)
    {
        await using TestCluster cluster = await ClusterAsync();
        await using RunningService one = await RunAsync(cluster, "one");
        await using RunningService two = await RunAsync(cluster, "two");
        HttpResponseMessage response = await two.SendAsync(new HttpMethod(method), path, ("X-Dynamic-Toolset-Forwarded-By", "three"));
        Assert.Equal((status, code), ((int)response.StatusCode, (await RunningService.ProblemOf(response))["code"]!.GetValue<string>()));
        Assert.Null(one.Controller.Discoveries.Running);
    }

    /// <summary>Two replicas that each take the other for the leader, say, while the Lease changes hands.</summary>
    [Fact]
    public async Task Two_that_take_each_other_for_the_leader_ask_each_other_once()
    {
        await using TestCluster cluster = await ClusterAsync();
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "patch", "leases", Times: int.MaxValue));
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "create", "leases", Times: int.MaxValue));
        await using RunningService one = await StartAsync(cluster, "one");
        await using RunningService two = await StartAsync(cluster, "two");
        Hold(cluster, "two_1", $"http://127.0.0.1:{two.Listening.Api.Port}");
        await TestCluster.EventuallyAsync(() => one.Controller.OtherLeader is not null && two.Controller.OtherLeader is not null, "both follow");
        HttpResponseMessage response = await one.PostAsync(Discover);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("notLeader", (await RunningService.ProblemOf(response))["code"]!.GetValue<string>());
        Assert.Equal("2", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task Nobody_is_asked_where_nobody_is_known_to_lead()
    {
        await using TestCluster cluster = await ClusterAsync();
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), Resource: "leases", Times: int.MaxValue));
        await using RunningService one = await StartAsync(cluster, "one");
        await IsRefusedAsync(one, "noLeader");
    }

    [Theory]
    [InlineData("one_1", null, null)]
    [InlineData("one_1", "one_2", "http://127.0.0.1:{port}")]
    [InlineData("one_1", "one_1", "http://localhost:{port}")]
    [InlineData("one_1", "one_1", "http://169.254.169.254:80")]
    [InlineData("one_1", "one_1", "https://127.0.0.1:{port}")]
    public async Task No_token_goes_to_an_address_that_is_not_the_holders_own_or_that_no_replica_has(string holder, string? of, string? address)
    {
        await using TestCluster cluster = await ClusterAsync();
        await using var stranger = await StrangerAsync();
        Hold(cluster, holder, address?.Replace("{port}", $"{stranger.Listening.Api.Port}", StringComparison.Ordinal), of);
        await using RunningService two = await StartAsync(cluster, "two");
        await TestCluster.EventuallyAsync(() => two.Controller.OtherLeader is not null, "it follows");
        await IsRefusedAsync(two, "leaderUnreachable");
        // The first that it runs is the first that it was asked for.
        Assert.Equal(1, stranger.NextNumber());
    }

    /// <summary>A replica that answers elsewhere believes nothing of what its own loopback is said to be.</summary>
    [Fact]
    public async Task No_token_goes_to_loopback_from_a_replica_that_is_elsewhere()
    {
        await using TestCluster cluster = await ClusterAsync();
        await using var stranger = await StrangerAsync();
        Hold(cluster, "one_1", $"http://127.0.0.1:{stranger.Listening.Api.Port}");
        await using RunningService two = await StartAsync(cluster, "two", "10.0.0.2");
        await TestCluster.EventuallyAsync(() => two.Controller.OtherLeader?.Address is not null, "it follows");
        await IsRefusedAsync(two, "leaderUnreachable");
        Assert.Equal(1, stranger.NextNumber());
    }

    [Fact]
    public async Task A_leader_that_is_away_is_told_as_that_until_another_leads()
    {
        await using TestCluster cluster = await ClusterAsync();
        await using RunningService two = await RunLeadingAsync(cluster, "two", async one =>
        {
            HttpResponseMessage response = await one.PostAsync(Discover);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["jobId"]!.GetValue<string>();
        });
        HttpResponseMessage old = await two.GetAsync($"{Discover}/one.1-0");
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await two.PostAsync(Discover)).StatusCode);
        Assert.Equal($"http://127.0.0.1:{two.Listening.Api.Port}", (string?)Lease(cluster)!["metadata"]!["annotations"]!["kubernaut.io/leader-address"]);
    }

    /// <summary>Two runs while one leads and is stopped.</summary>
    private static async Task<RunningService> RunLeadingAsync(TestCluster cluster, string name, Func<RunningService, Task<string>> before)
    {
        RunningService two;
        await using (RunningService one = await RunAsync(cluster, "one"))
        {
            Assert.StartsWith("one.", await before(one), StringComparison.Ordinal);
            two = await RunAsync(cluster, name);
        }

        await TestCluster.EventuallyAsync(() => two.Controller.Leadership.Leads, "the other leads");
        return two;
    }

    private static async Task IsRefusedAsync(RunningService service, string code)
    {
        HttpResponseMessage response = await service.PostAsync(Discover, null, ("Authorization", "Bearer secret"));
        JsonObject problem = await RunningService.ProblemOf(response);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, code), (response.StatusCode, problem["code"]!.GetValue<string>()));
        Assert.Equal("2", response.Headers.GetValues("Retry-After").Single());
    }

    private static async Task<TestCluster> ClusterAsync()
    {
        TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana");
        return cluster;
    }

    /// <summary>Whoever listens somewhere: here a service in a cluster of its own, which does what it is asked.</summary>
    private static async Task<Stranger> StrangerAsync()
    {
        TestCluster cluster = await TestCluster.StartAsync();
        return new Stranger(cluster, await RunningService.StartConvergedAsync(cluster, s => s with { PodName = "one" }));
    }

    private static JsonObject? Lease(TestCluster cluster) => cluster.Api.Store.Get(KubeResource.Leases, Electorate.LeaseKey);

    /// <summary>A Lease that its holder has just renewed.</summary>
    private static void Hold(TestCluster cluster, string holder, string? address, string? of = null)
    {
        var annotations = new JsonObject { ["kubernaut.io/leader-address"] = address, ["kubernaut.io/leader-address-of"] = address is null ? null : of ?? holder };
        if (Lease(cluster) is null)
            cluster.Api.Store.Create(KubeResource.Leases, new JsonObject { ["metadata"] = new JsonObject { ["name"] = Electorate.LeaseKey.Name, ["namespace"] = Electorate.LeaseKey.Namespace } });
        cluster.Api.Store.MergePatch(KubeResource.Leases, Electorate.LeaseKey, new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = annotations },
            ["spec"] = new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = 300 },
        });
    }

    private static async Task<RunningService> StartAsync(TestCluster cluster, string name, string ip = "127.0.0.1", Func<Settings, Settings>? change = null)
    {
        RunningService service = await RunningService.StartAsync(cluster, s => (change ?? (same => same))(Settings(s, name, ip)));
        await TestCluster.EventuallyAsync(() => service.States.Current is not null, "it has decided once");
        return service;
    }

    /// <summary>And it leads, or follows one that says where it is.</summary>
    private static async Task<RunningService> RunAsync(TestCluster cluster, string name, Func<Settings, Settings>? change = null)
    {
        RunningService service = await StartAsync(cluster, name, change: change);
        await TestCluster.EventuallyAsync(() => service.Controller.Leadership.Leads || service.Controller.OtherLeader?.Address is not null, "it leads or follows");
        return service;
    }

    private static Settings Settings(Settings settings, string name, string ip) => settings with { LeaderElectionEnabled = true, PodName = name, PodIp = ip };

    private sealed record Stranger(TestCluster Cluster, RunningService Service) : IAsyncDisposable
    {
        public Listening Listening => Service.Listening;

        public Controller Controller => Service.Controller;

        public int NextNumber()
        {
            string id = Controller.Discoveries.Request(false, DiscoveryScope.All, Service.States.Current!, "c")!.Job.Id;
            return int.Parse(id.Split('.')[1].Split('-')[0], CultureInfo.InvariantCulture);
        }

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            await Cluster.DisposeAsync();
        }
    }
}
