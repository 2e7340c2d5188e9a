using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Api;

/// <summary>Discoveries of one replica, over HTTP.</summary>
public sealed class DiscoveryApiTests
{
    private const string Discover = "/api/v1/discover";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Discover, null)]
    [InlineData(Discover, "{}")]
    [InlineData(Discover, """{"namespaces":null,"serviceTypes":null,"force":null}""")]
    [InlineData("/api/v1/services/discover", """{"namespaces":[],"serviceTypes":[],"force":false}""")]
    public async Task A_discovery_is_accepted_and_can_be_asked_for_until_it_has_ended_and_after(string path, string? body)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { PodName = "pod-0" });
        HttpResponseMessage response = await service.PostAsync(path, body);
        JsonObject accepted = await BodyOf(response);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["estimatedCompletion", "jobId", "message"], accepted.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal("discovery started", accepted["message"]!.GetValue<string>());
        Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z", accepted["estimatedCompletion"]!.GetValue<string>());
        string id = accepted["jobId"]!.GetValue<string>();
        Assert.StartsWith("pod-0.1-", id, StringComparison.Ordinal);
        Assert.Equal($"{Discover}/{id}", response.Headers.Location!.OriginalString);
        JsonObject job = await EndedAsync(service, id);
        Assert.Equal((id, "succeeded", false, 1), (job["jobId"]!.GetValue<string>(), job["state"]!.GetValue<string>(), job["force"]!.GetValue<bool>(), job["requests"]!.GetValue<int>()));
        JsonNode result = job["result"]!;
        Assert.Equal("""{"grafana":1,"prometheus":1}""", result["services"]!.ToJsonString());
        Assert.Equal((true, 2, 0, 0), (result["converged"]!.GetValue<bool>(), result["healthy"]!.GetValue<int>(), result["unhealthy"]!.GetValue<int>(), result["unknown"]!.GetValue<int>()));
        Assert.Equal("""{"total":3,"names":["kubernetes","prometheus","grafana"]}""", result["toolsets"]!.ToJsonString());
        Assert.Equal("""{"total":0,"names":[]}""", result["changed"]!.ToJsonString());
        Assert.Null(result["written"]);
        Assert.Null(job["failure"]);
        Assert.NotNull(job["completedAt"]);
    }

    [Fact]
    public async Task With_force_every_endpoint_has_been_checked_and_everything_listed_since()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { HealthCheckInterval = TimeSpan.FromHours(1) });
        int lists = cluster.Api.Requests.Count("list", "services");
        JsonObject plain = await RunAsync(service);
        Assert.Equal(lists, cluster.Api.Requests.Count("list", "services"));
        JsonObject forced = await RunAsync(service, """{"force":true}""");
        Assert.True(forced["force"]!.GetValue<bool>());
        DateTimeOffset asked = forced["requestedAt"]!.GetValue<DateTimeOffset>();
        Assert.All(service.Controller.Health.Checks.States, s => Assert.True(s.Value.LastChecked >= asked));
        Assert.Equal(lists + 1, cluster.Api.Requests.Count("list", "services"));
        Assert.True(plain["result"]!["asOf"]!.GetValue<DateTimeOffset>() < forced["result"]!["asOf"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task What_changed_and_what_was_written_is_told()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with
        {
            HealthCheckInterval = TimeSpan.FromHours(1),
            HealthCheckUnhealthyThreshold = 1,
            HealthCheckAttempts = 1,
            HealthPanic = false,
        });
        cluster.SetAnswer(new ObjectKey("monitoring", "grafana"), SampleAnswer.Unavailable);
        JsonNode result = (await RunAsync(service, """{"force":true}"""))["result"]!;
        Assert.Equal((1, 1), (result["healthy"]!.GetValue<int>(), result["unhealthy"]!.GetValue<int>()));
        Assert.Equal("""{"total":1,"names":["monitoring/grafana"]}""", result["changed"]!.ToJsonString());
        Assert.Equal("""["grafana-toolset.yaml"]""", result["written"]!["removed"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"namespaces":["monitoring"],"serviceTypes":["grafana"]}""", """{"grafana":1}""")]
    [InlineData("""{"namespaces":["elsewhere"]}""", "{}")]
    [InlineData("""{"serviceTypes":["prometheus","custom"]}""", """{"prometheus":1}""")]
    public async Task A_result_is_limited_to_what_was_asked_for(string body, string services)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        JsonObject job = await RunAsync(service, body);
        Assert.Equal(services, job["result"]!["services"]!.ToJsonString());
        var asked = JsonNode.Parse(body)!;
        Assert.Equal((asked["namespaces"] ?? new JsonArray()).ToJsonString(), job["namespaces"]!.ToJsonString());
        Assert.Equal(Sorted(asked["serviceTypes"]), string.Join(' ', job["serviceTypes"]!.AsArray()));

        static string Sorted(JsonNode? names) => string.Join(' ', (names?.AsArray() ?? []).Select(n => n!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    /// <summary>It runs for as long as a backend hangs that it checks.</summary>
    [Fact]
    public async Task A_second_request_joins_the_one_that_runs()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { HealthCheckInterval = TimeSpan.FromHours(1) });
        cluster.SetAnswer(new ObjectKey("monitoring", "grafana"), SampleAnswer.Hang);
        JsonObject first = await BodyOf(await service.PostAsync(Discover, """{"force":true,"namespaces":["monitoring"]}"""));
        string id = first["jobId"]!.GetValue<string>();
        JsonObject running = await service.ReadAsync($"{Discover}/{id}");
        Assert.Equal(("running", null, null), (running["state"]!.GetValue<string>(), running["result"], running["completedAt"]));
        JsonObject second = await BodyOf(await service.PostAsync(Discover));
        Assert.Equal(id, second["jobId"]!.GetValue<string>());
        Assert.StartsWith("joined the discovery that began at ", second["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("; its result covers both requests", second["message"]!.GetValue<string>(), StringComparison.Ordinal);
        cluster.Api.Store.Delete(KubeResource.Services, new ObjectKey("monitoring", "grafana"));
        JsonObject job = await EndedAsync(service, id);
        Assert.Equal(("succeeded", 2, "[]"), (job["state"]!.GetValue<string>(), job["requests"]!.GetValue<int>(), job["namespaces"]!.ToJsonString()));
        Assert.Equal("""["monitoring/grafana"]""", job["result"]!["removed"]!["names"]!.ToJsonString());
        Assert.NotEqual(id, (await BodyOf(await service.PostAsync(Discover)))["jobId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_list_that_fails_is_told_and_takes_nothing_away()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.InternalServerError), "list", "services"));
        JsonObject job = await RunAsync(service, """{"force":true}""");
        Assert.Equal(("failed", "listFailed"), (job["state"]!.GetValue<string>(), job["failure"]!["reason"]!.GetValue<string>()));
        Assert.Null(job["result"]);
        Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
        Assert.Equal("succeeded", (await RunAsync(service))["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"namespace":["a"]}""", "member namespace: known fields are namespaces, serviceTypes and force")]
    [InlineData("""{"Force":true}""", "member Force: known fields are namespaces, serviceTypes and force")]
    [InlineData("""{"a.b":1}""", "member a.b: known fields are")]
    [InlineData("""{"\u202ex":1}""", "member \"\\u202ex\": known fields are")]
    [InlineData("""{"force":1}""", "member force: allowed is true or false, once")]
    [InlineData("""{"force":"true"}""", "member force: allowed is true or false, once")]
    [InlineData("""{"force":true,"force":false}""", "member force: allowed is true or false, once")]
    [InlineData("""{"namespaces":"monitoring"}""", "member namespaces: allowed is one list of at most 100 names of namespaces")]
    [InlineData("""{"namespaces":[1]}""", "member namespaces: allowed is one list")]
    [InlineData("""{"namespaces":[null]}""", "member namespaces: allowed is one list")]
    [InlineData("""{"namespaces":["../etc"]}""", "member namespaces: allowed is one list")]
    [InlineData("""{"namespaces":[""]}""", "member namespaces: allowed is one list")]
    [InlineData("""{"serviceTypes":["graphana"]}""", "member serviceTypes: allowed is one list of prometheus, grafana, jaeger, elasticsearch, loki, tempo, opensearch, victorialogs, zipkin, rabbitmq, argocd, kafka, alertmanager, custom")]
    [InlineData("""{"serviceTypes":[["grafana"]]}""", "member serviceTypes: allowed is one list of prometheus")]
    [InlineData("""{"serviceTypes":{}}""", "member serviceTypes: allowed is one list of prometheus")]
    [InlineData("[]", "the body: it must be an object; known fields are")]
    [InlineData("null", "the body: it must be an object; known fields are")]
    [InlineData("1", "the body: it must be an object; known fields are")]
    [InlineData("{", "the body: it is not JSON, at line 1, byte 2")]
    [InlineData("{\"force\":true,}", "the body: it is not JSON")]
    [InlineData("{\"force\":true} x", "the body: it is not JSON")]
    [InlineData("// a comment\n{}", "the body: it is not JSON")]
    [InlineData(" ", "the body: it is not JSON")]
    public async Task A_body_that_is_not_understood_is_refused_by_the_member_with_what_is_allowed(string body, string detail)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        HttpResponseMessage response = await service.PostAsync(Discover, body);
        JsonObject problem = await RunningService.ProblemOf(response);
        Assert.Equal((HttpStatusCode.BadRequest, "invalidBody"), (response.StatusCode, problem["code"]!.GetValue<string>()));
        Assert.StartsWith(detail, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(service.Controller.Discoveries.Running);
    }

    [Fact]
    public async Task Lists_have_a_bound()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync(Discover, ListOf("namespaces", 100))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync(Discover, ListOf("namespaces", 101))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync(Discover, ListOf("serviceTypes", 101))).StatusCode);

        static string ListOf(string member, int count) => $$"""{"{{member}}":[{{string.Join(',', Enumerable.Repeat("\"grafana\"", count))}}]}""";
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/problem+json", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData(null, 415)]
    [InlineData("application/json", 202)]
    [InlineData("APPLICATION/JSON; charset=UTF-8", 202)]
    public async Task A_body_is_JSON_by_its_name(string? type, int status)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        var request = new HttpRequestMessage(HttpMethod.Post, Discover) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        if (type is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        HttpResponseMessage response = await service.Http.SendAsync(request, Stop);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 415)
            Assert.Equal("unsupportedMediaType", (await RunningService.ProblemOf(response))["code"]!.GetValue<string>());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_body_has_a_bound_whether_it_says_its_length_or_not(bool saysLength)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(new string(' ', 20_000) + "{}"));
        var request = new HttpRequestMessage(HttpMethod.Post, Discover) { Content = new StreamContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = !saysLength;
        HttpResponseMessage response = await service.Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("bodyTooLarge", (await RunningService.ProblemOf(response))["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", Discover, 405)]
    [InlineData("HEAD", Discover, 405)]
    [InlineData("PUT", Discover, 405)]
    [InlineData("DELETE", "/api/v1/services/discover", 405)]
    [InlineData("OPTIONS", Discover, 204)]
    [InlineData("DELETE", "/api/v1/discover/x", 405)]
    [InlineData("POST", "/api/v1/discover/x", 405)]
    [InlineData("GET", "/api/v1/discover/x", 404)]
    [InlineData("GET", "/api/v1/discover/pod-0.99-abc", 404)]
    [InlineData("GET", "/api/v1/discover/another.1-abc", 404)]
    [InlineData("HEAD", "/api/v1/discover/another.1-abc", 404)]
    [InlineData("POST", "/api/v1/discover?force=true", 400)]
    [InlineData("GET", "/api/v1/discover/x?a=1", 400)]
    public async Task What_there_is_not_is_told(string method, string path, int status)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { PodName = "pod-0" });
        HttpResponseMessage response = await service.SendAsync(new HttpMethod(method), path);
        Assert.Equal(status, (int)response.StatusCode);
        if (status is 405 or 204)
            Assert.Equal(path.EndsWith('x') ? "GET, HEAD" : "POST", string.Join(", ", response.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        if (status == 404 && method == "GET")
            Assert.Contains(path.Contains("another", StringComparison.Ordinal) ? "is gone" : "no discovery with this id", (await RunningService.ProblemOf(response))["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_cluster_was_read_nothing_can_be_asked_for()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.ServiceUnavailable), Resource: "services", Times: int.MaxValue));
        await using RunningService service = await RunningService.StartAsync(cluster);
        HttpResponseMessage response = await service.PostAsync(Discover);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "notReady"), (response.StatusCode, (await RunningService.ProblemOf(response))["code"]!.GetValue<string>()));
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task Nothing_begins_while_it_stops()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        // As the stop does, which goes on answering for a while.
        service.Controller.Discoveries.Close();
        HttpResponseMessage response = await service.PostAsync(Discover);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "stopping"), (response.StatusCode, (await RunningService.ProblemOf(response))["code"]!.GetValue<string>()));
        Assert.Equal("2", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task A_rehearsal_discovers_and_writes_nothing()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        cluster.Restraint = new Service.Hosting.Restraint(_ => { }, HoldsMassRemoval: false);
        await using RunningService service = await RunningService.StartAsync(cluster, s => s with { LeaderElectionEnabled = true });
        await TestCluster.EventuallyAsync(() => service.States.Current is not null, "it has decided");
        JsonObject job = await RunAsync(service, """{"force":true}""");
        Assert.Equal(("succeeded", false), (job["state"]!.GetValue<string>(), job["result"]!["converged"]!.GetValue<bool>()));
        Assert.Equal(2, job["result"]!["healthy"]!.GetValue<int>());
        Assert.Equal(0, cluster.Writes());
    }

    [Fact]
    public async Task It_is_logged_when_it_begins_and_when_it_ends_by_the_correlation_id_alone()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        using var log = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(log));
        cluster.Loggers = loggers;
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        await service.PostAsync(Discover, null, ("X-Correlation-ID", "order-4711"), ("Authorization", "Bearer secret"));
        await TestCluster.EventuallyAsync(() => log.All.Any(l => l.Contains("\"Discovery ended\"", StringComparison.Ordinal)), "the end is logged");
        string[] lines = [.. log.All.Where(l => l.Contains("order-4711", StringComparison.Ordinal))];
        Assert.Equal(["Discovery requested", "Discovery ended"], lines.Select(l => JsonNode.Parse(l)!["msg"]!.GetValue<string>()));
        Assert.DoesNotContain(log.All, l => l.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_description_has_the_body_the_answers_and_the_rights()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        JsonObject api = await service.ReadAsync("/openapi/v1.json");
        JsonNode post = api["paths"]![Discover]!["post"]!;
        Assert.Equal("Discover", post["operationId"]!.GetValue<string>());
        Assert.Contains("limit only the result, not the evaluation", post["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("Needs the permission to create discoveries.toolset.kubernaut.io. ", post["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(post["requestBody"]!["content"]!["application/json"]!["schema"]);
        Assert.NotEqual(true, post["requestBody"]!["required"]?.GetValue<bool>());
        Assert.Superset(new HashSet<string> { "202", "400", "401", "403", "413", "415", "429", "503" }, post["responses"]!.AsObject().Select(r => r.Key).ToHashSet());
        Assert.DoesNotContain("200", post["responses"]!.AsObject().Select(r => r.Key));
        Assert.Equal(["force", "namespaces", "serviceTypes"], api["components"]!["schemas"]!["DiscoveryRequest"]!["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.NotNull(api["paths"]![$"{Discover}/{{jobId}}"]!["get"]!["responses"]!["404"]);
        Assert.Null(api["paths"]!["/api/v1/services/discover"]);
    }

    private static async Task<JsonObject> BodyOf(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    private static async Task<JsonObject> RunAsync(RunningService service, string? body = null) =>
        await EndedAsync(service, (await BodyOf(await service.PostAsync(Discover, body)))["jobId"]!.GetValue<string>());

    private static async Task<JsonObject> EndedAsync(RunningService service, string id)
    {
        JsonObject job = [];
        await TestCluster.EventuallyAsync(() => (job = service.ReadAsync($"{Discover}/{id}").Result)["state"]!.GetValue<string>() != "running", "the discovery has ended");
        return job;
    }
}
