using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Hosting;

namespace DynamicToolset.Service.Tests.Api;

public sealed class RestApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_toolsets_are_those_of_the_ConfigMap_with_their_endpoints_and_health()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        JsonObject list = await service.ReadAsync("/api/v1/toolsets");
        Assert.Equal(3, list["total"]!.GetValue<int>());
        Assert.Equal(cluster.Version(), list["configMapVersion"]!.GetValue<string>());
        Assert.Equal(["kubernetes", "prometheus", "grafana"], list["toolsets"]!.AsArray().Select(t => t!["name"]!.GetValue<string>()));
        JsonNode grafana = list["toolsets"]![2]!;
        Assert.Equal("http://grafana.monitoring:3000", grafana["serviceEndpoint"]!.GetValue<string>());
        Assert.Equal("""{"url":"http://grafana.monitoring:3000","apiKey":"${GRAFANA_API_KEY}"}""", grafana["config"]!.ToJsonString());
        Assert.True(grafana["healthy"]!.GetValue<bool>());
        Assert.True(grafana["enabled"]!.GetValue<bool>());
        Assert.Equal("GET http://grafana.monitoring:3000/api/health", grafana["health"]!["request"]!.GetValue<string>());
        Assert.EndsWith("Z", grafana["lastHealthCheck"]!.GetValue<string>());
        Assert.Null(list["toolsets"]![0]!["healthy"]);
    }

    [Theory]
    [InlineData("", "kubernetes prometheus grafana")]
    [InlineData("?enabled=true", "kubernetes grafana")]
    [InlineData("?enabled=false", "prometheus")]
    [InlineData("?healthy=true", "prometheus grafana")]
    [InlineData("?healthy=false", "")]
    [InlineData("?enabled=true&healthy=true", "grafana")]
    public async Task Toolsets_are_filtered(string query, string names)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        cluster.SetData("overrides.yaml", "prometheus: {enabled: false}");
        await TestCluster.EventuallyAsync(() => cluster.States.Current!.Result.Toolsets.Toolsets.Any(t => !t.IsEnabled), "the override is in force");
        JsonObject list = await service.ReadAsync($"/api/v1/toolsets{query}");
        Assert.Equal(names, string.Join(' ', list["toolsets"]!.AsArray().Select(t => t!["name"]!.GetValue<string>())));
        Assert.Equal(list["toolsets"]!.AsArray().Count, list["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task One_toolset_comes_with_its_last_checks_the_newest_first()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { HealthCheckInterval = TimeSpan.FromMilliseconds(10) });
        JsonArray history = [];
        await RunningService.EventuallyAsync(async () => (history = await HistoryAsync(service)).Count == 20, "twenty checks are told");
        Assert.Equal(history.Select(At).OrderDescending(), history.Select(At));
        Assert.Equal("healthy", history[0]!["status"]!.GetValue<string>());
        Assert.Equal("ok", history[0]!["reason"]!.GetValue<string>());
        Assert.Equal(200, history[0]!["statusCode"]!.GetValue<int>());
        Assert.True(history[0]!["responseTime"]!.GetValue<int>() >= 0);

        static string At(JsonNode? check) => check!["timestamp"]!.GetValue<string>();
    }

    [Fact]
    public async Task Services_are_shown_healthy_or_not_with_the_labels_and_annotations_that_are_read()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync(SampleAnswer.Unavailable);
        cluster.Load("""
            {apiVersion: v1, kind: Service, metadata: {name: shop, namespace: sales, labels: {app: shop, team: secret-team},
              annotations: {kubernaut.io/toolset: "true", kubernaut.io/toolset-type: custom, internal/note: nobody reads this}}, spec: {ports: [{port: 80}]}}
            """);
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        JsonObject list = await service.ReadAsync("/api/v1/services");
        Assert.Equal(3, list["total"]!.GetValue<int>());
        JsonNode grafana = list["services"]![0]!, shop = list["services"]![2]!;
        Assert.Equal(("grafana", "monitoring", false), (grafana["name"]!.GetValue<string>(), grafana["namespace"]!.GetValue<string>(), grafana["healthy"]!.GetValue<bool>()));
        Assert.Equal(("status", 503), (grafana["health"]!["reason"]!.GetValue<string>(), grafana["health"]!["statusCode"]!.GetValue<int>()));
        Assert.Equal("""{"app":"shop"}""", shop["labels"]!.ToJsonString());
        Assert.Equal("""{"kubernaut.io/toolset":"true","kubernaut.io/toolset-type":"custom"}""", shop["annotations"]!.ToJsonString());
    }

    [Theory]
    [InlineData("?namespace=monitoring", 2)]
    [InlineData("?namespace=elsewhere", 0)]
    [InlineData("?type=grafana", 1)]
    [InlineData("?type=custom", 0)]
    [InlineData("?namespace=monitoring&type=prometheus", 1)]
    public async Task Services_are_filtered(string query, int total)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        Assert.Equal(total, (await service.ReadAsync($"/api/v1/services{query}"))["total"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("/api/v1/toolsets?enabled=yes", "parameter enabled: allowed are true and false")]
    [InlineData("/api/v1/toolsets?enabled=", "parameter enabled: allowed are true and false")]
    [InlineData("/api/v1/toolsets?healthy=True", "parameter healthy: allowed are true and false")]
    [InlineData("/api/v1/toolsets?heathy=true", "parameter heathy: there are enabled, healthy")]
    [InlineData("/api/v1/toolsets?enabled=true&enabled=false", "parameter enabled: set it only once")]
    [InlineData("/api/v1/toolsets/grafana?x=1", "parameter x: this path has no parameters")]
    [InlineData("/api/v1/services?type=graphana", "parameter type: allowed are prometheus, grafana, jaeger, elasticsearch, loki, tempo, opensearch, victorialogs, zipkin, rabbitmq, argocd, kafka, alertmanager, custom")]
    [InlineData("/api/v1/services?namespace=../etc", "parameter namespace: allowed is the name of a namespace")]
    [InlineData("/api/v1/services?%E2%80%AEx=1", "parameter \"\\u202ex\": there are namespace, type")]
    [InlineData("/api/v1/status?verbose", "parameter verbose: this path has no parameters")]
    [InlineData("/api/v1/services/explain?all=1", "parameter all: this path has no parameters")]
    public async Task A_parameter_that_is_not_understood_is_named_with_what_is_allowed(string path, string detail)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        HttpResponseMessage response = await service.GetAsync(path);
        JsonObject problem = await RunningService.ProblemOf(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalidParameter", problem["code"]!.GetValue<string>());
        Assert.StartsWith(detail, problem["detail"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", "/api/v1/toolsets/nope", 404, "notFound")]
    [InlineData("GET", "/api/v1/services/monitoring/nope/explain", 404, "notFound")]
    [InlineData("GET", "/api/v1/nope", 404, "notFound")]
    [InlineData("GET", "/api/v2/toolsets", 404, "notFound")]
    [InlineData("POST", "/api/v1/toolsets", 405, "methodNotAllowed")]
    [InlineData("DELETE", "/api/v1/services", 405, "methodNotAllowed")]
    [InlineData("PUT", "/api/v1/status", 405, "methodNotAllowed")]
    public async Task What_there_is_not_is_told_as_a_problem(string method, string path, int status, string code)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        HttpResponseMessage response = await service.SendAsync(new HttpMethod(method), path);
        JsonObject problem = await RunningService.ProblemOf(response);
        Assert.Equal((status, code), (problem["status"]!.GetValue<int>(), problem["code"]!.GetValue<string>()));
        Assert.Equal(status == 405, response.Content.Headers.Allow.Contains("GET"));
    }

    [Theory]
    [InlineData("/api/v1/toolsets")]
    [InlineData("/api/v1/toolsets/grafana")]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/services/explain")]
    [InlineData("/api/v1/services/monitoring/grafana/explain")]
    [InlineData("/api/v1/status")]
    public async Task HEAD_and_OPTIONS_are_answered_as_people_expect(string path)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        HttpResponseMessage head = await service.SendAsync(HttpMethod.Head, path);
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync(Stop)));
        Assert.True(head.Content.Headers.ContentLength > 0);
        HttpResponseMessage options = await service.SendAsync(HttpMethod.Options, path);
        Assert.Equal((HttpStatusCode.NoContent, "GET, HEAD"), (options.StatusCode, string.Join(", ", options.Content.Headers.Allow)));
    }

    [Fact]
    public async Task An_answer_that_is_known_is_not_sent_again_until_its_content_changes()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { HealthCheckInterval = TimeSpan.FromMilliseconds(10) });
        string tag = (await service.GetAsync("/api/v1/toolsets")).Headers.ETag!.ToString();
        string before = cluster.States.Current!.Health.Checks.States.Max(s => s.Value.LastChecked).ToString()!;
        await RunningService.EventuallyAsync(
            async () => (await service.ReadAsync("/api/v1/toolsets"))["toolsets"]![1]!["lastHealthCheck"]!.GetValue<DateTimeOffset>().ToString() != before,
            "the times of checks have moved on");
        HttpResponseMessage known = await service.GetAsync("/api/v1/toolsets", ("If-None-Match", $"\"other\", {tag}"));
        Assert.Equal((HttpStatusCode.NotModified, ""), (known.StatusCode, await known.Content.ReadAsStringAsync(Stop)));
        Assert.Equal(HttpStatusCode.NotModified, (await service.GetAsync("/api/v1/toolsets", ("If-None-Match", "*"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/api/v1/toolsets", ("If-None-Match", "\"other\""))).StatusCode);
        cluster.SetAnswer(new ObjectKey("monitoring", "grafana"), SampleAnswer.Unavailable);
        await cluster.HasKeysAsync("kubernetes", "prometheus");
        await RunningService.EventuallyAsync(
            async () => (await service.GetAsync("/api/v1/toolsets", ("If-None-Match", tag))).StatusCode == HttpStatusCode.OK, "the change is told");
    }

    [Fact]
    public async Task A_check_that_is_new_in_the_history_is_a_new_answer()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { HealthCheckInterval = TimeSpan.FromMilliseconds(10) });
        string tag = (await service.GetAsync("/api/v1/toolsets/grafana")).Headers.ETag!.ToString();
        await RunningService.EventuallyAsync(
            async () => (await service.GetAsync("/api/v1/toolsets/grafana", ("If-None-Match", tag))).StatusCode == HttpStatusCode.OK, "the next check is told");
    }

    [Fact]
    public async Task A_toolset_whose_URL_an_admin_wrote_is_not_said_to_be_healthy()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        cluster.SetData("overrides.yaml", "grafana: {config: {url: 'http://elsewhere:3000'}}");
        await TestCluster.EventuallyAsync(() => service.States.Current!.Overrides.InForce?.ContainsKey("grafana") == true, "the override is in force");
        JsonObject grafana = await service.ReadAsync("/api/v1/toolsets/grafana");
        Assert.Equal("http://elsewhere:3000", grafana["config"]!["url"]!.GetValue<string>());
        Assert.All((string[])["healthy", "health", "lastHealthCheck", "serviceEndpoint"], name => Assert.Null(grafana[name]));
        Assert.Empty(grafana["healthHistory"]!.AsArray());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/html")]
    [InlineData("image/png, */*;q=0")]
    public async Task A_problem_is_told_whole_whatever_the_caller_accepts(string accept)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        Assert.Equal("notFound", (await RunningService.ProblemOf(await service.GetAsync("/api/v1/nope", ("Accept", accept))))["code"]!.GetValue<string>());
        Assert.Equal("invalidParameter", (await RunningService.ProblemOf(await service.GetAsync("/api/v1/status?x=1", ("Accept", accept))))["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_status_tells_what_the_last_round_came_to()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        await RunningService.EventuallyAsync(
            async () => (await service.ReadAsync("/api/v1/status"))["lastPlan"]!["kind"]!.GetValue<string>() is "none" or "create", "the last plan is told");
    }

    [Theory]
    [InlineData("X-Correlation-ID", "order-4711", "order-4711")]
    [InlineData("X-Request-ID", "abc.1:2/3+4=", "abc.1:2/3+4=")]
    [InlineData("X-Correlation-ID", "two words", null)]
    [InlineData("X-Correlation-ID", "<script>", null)]
    public async Task A_correlation_id_is_taken_over_where_it_is_fit_for_a_log(string header, string given, string? kept)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        HttpResponseMessage response = await service.GetAsync("/api/v1/toolsets", (header, given));
        string id = response.Headers.GetValues("X-Correlation-ID").Single();
        Assert.Equal(kept is not null, id == given);
        Assert.NotEmpty(id);
        Assert.Equal(header == "X-Request-ID", response.Headers.TryGetValues("X-Request-ID", out IEnumerable<string>? echoed) && echoed.Single() == id);
    }

    [Fact]
    public async Task Secrets_that_an_admin_wrote_are_redacted_and_references_are_not()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        cluster.SetData("overrides.yaml", """
            grafana: {config: {apiKey: hunter2, nested: {client_secret: [hunter2, 7], sslPassword: 12345}, headers: {X-Team: hunter2, Authorization: "Bearer ${TOKEN}"}}}
            loki: {config: {url: "http://l.k:1/?key=hunter2#hunter2", apiKeys: hunter2, api_keys: [hunter2], db_passwd: hunter2, "key ": hunter2, command: "curl -H 'Authorization: Bearer hunter2'", env: [{name: API_TOKEN, value: hunter2}]}}
            prometheus: {config: {url: "http://user:hunter2@prometheus.monitoring:9090", token: "${PROM_TOKEN}", additional_labels: "a"}}
            """);
        await TestCluster.EventuallyAsync(() => cluster.States.Current!.Overrides.InForce?.ContainsKey("grafana") == true, "the override is in force");
        string list = (await service.ReadAsync("/api/v1/toolsets")).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.DoesNotContain("hunter2", list);
        Assert.DoesNotContain("12345", list);
        Assert.Contains("\"apiKey\":\"<redacted>\"", list);
        Assert.Contains("\"headers\":{\"X-Team\":\"<redacted>\",\"Authorization\":\"<redacted>\"}", list);
        Assert.Contains("\"nested\":{\"client_secret\":[\"<redacted>\",\"<redacted>\"],\"sslPassword\":\"<redacted>\"}", list);
        Assert.Contains("\"http://<redacted>@prometheus.monitoring:9090\"", list);
        Assert.Contains("\"token\":\"${PROM_TOKEN}\"", list);
    }

    [Fact]
    public async Task Before_the_cluster_was_read_there_is_no_answer_that_could_be_taken_for_an_empty_one()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.ServiceUnavailable), Resource: "services", Times: int.MaxValue));
        await using RunningService service = await RunningService.StartAsync(cluster);
        HttpResponseMessage response = await service.GetAsync("/api/v1/toolsets");
        Assert.Equal("notReady", (await RunningService.ProblemOf(response))["code"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (response.StatusCode, response.Headers.GetValues("Retry-After").Single()));
    }

    [Fact]
    public async Task The_explanation_of_a_Service_is_what_the_command_prints_and_a_sentence()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        cluster.Load("{apiVersion: v1, kind: Service, metadata: {name: grafana-agent, namespace: monitoring}, spec: {ports: [{port: 80}]}}");
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        var endpoint = new DynamicToolset.HealthCheck.EndpointKey(new DynamicToolset.Cluster.ObjectKey("monitoring", "grafana"), 3000);
        await TestCluster.EventuallyAsync(() => service.States.Current!.VerdictOf(endpoint) is not null, "it was asked what HolmesGPT will ask");
        JsonNode grafana = (await service.ReadAsync("/api/v1/services/monitoring/grafana/explain"))["services"]!.AsArray().Single()!;
        Assert.Equal(
            """{"namespace":"monitoring","name":"grafana","type":"grafana","toolset":"grafana","url":"http://grafana.monitoring:3000","rule":"grafana","twinOf":null,"port":{"name":"service","number":3000},"why":[{"rule":"grafana","matched":true,"failed":null}],"summary":"healthy, it answers 200; rule grafana; answers as grafana 12.1.0","health":{"healthy":true,"reason":"ok","status":200,"override":null},"question":{"verdict":"credentials","advice":null,"override":null},"identity":{"product":"grafana","version":"12.1.0"}}""",
            grafana.ToJsonString());
        JsonObject all = await service.ReadAsync("/api/v1/services/explain");
        JsonNode dropped = all["services"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "grafana-agent")!;
        Assert.StartsWith("not grafana: ", dropped["summary"]!.GetValue<string>());
    }

    private static async Task<JsonArray> HistoryAsync(RunningService service) =>
        (await service.ReadAsync("/api/v1/toolsets/grafana"))["healthHistory"]!.AsArray();
}
