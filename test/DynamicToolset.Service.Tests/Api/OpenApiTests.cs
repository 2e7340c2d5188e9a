using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Api;

public sealed class OpenApiTests
{
    private const string Path = "/openapi/v1.json";

    [Fact]
    public async Task What_is_served_is_the_file_in_docs()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningService service = await RunningService.StartAsync(cluster);
        HttpResponseMessage served = await service.GetAsync(Path);
        Assert.Equal("application/json", served.Content.Headers.ContentType?.ToString());
        string file = System.IO.Path.Combine(RepositoryRoot.Path, "docs", "openapi.json");
        Assert.Equal(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), await served.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_a_summary_and_says_which_errors_there_are()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningService service = await RunningService.StartAsync(cluster);
        JsonNode[] operations = [.. Operations(await service.ReadAsync(Path)).Select(o => o.Operation)];
        Assert.NotEmpty(operations);
        Assert.Equal(operations.Length, operations.Select(o => o["operationId"]!.GetValue<string>()).Distinct().Count());
        Assert.All(operations, o => Assert.False(string.IsNullOrWhiteSpace(o["summary"]?.GetValue<string>())));
        Assert.All(operations, o => Assert.Superset(
            new HashSet<string>(["400", "401", "403", "429", "503"]), o["responses"]!.AsObject().Select(r => r.Key).ToHashSet()));
        Assert.All(operations, o => Assert.StartsWith("Needs the permission to ", o["description"]!.GetValue<string>()));
        Assert.All(operations, o => Assert.NotNull(o["security"]![0]!["token"]));
    }

    [Fact]
    public async Task Every_path_is_counted_under_its_own_name()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        JsonObject description = await service.ReadAsync(Path);
        Assert.Subset(HttpMeasures.Routes.ToHashSet(), description["paths"]!.AsObject().Select(p => p.Key).ToHashSet());
        await service.GetAsync("/api/v1/toolsets/nope");
        await service.SendAsync(HttpMethod.Delete, "/api/v1/toolsets");
        await service.GetAsync("/wp-login.php");
        string scraped = await service.Http.GetStringAsync(new Uri(service.Listening.Metrics, "/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("dynamictoolset_http_requests_total{route=\"/openapi/v1.json\",method=\"GET\",code=\"200\"} 1", scraped);
        Assert.Contains("dynamictoolset_http_requests_total{route=\"/api/v1/toolsets/{name}\",method=\"GET\",code=\"404\"} 1", scraped);
        Assert.Contains("dynamictoolset_http_requests_total{route=\"/api/v1/toolsets\",method=\"DELETE\",code=\"405\"} 1", scraped);
        Assert.Contains("dynamictoolset_http_requests_total{route=\"other\",method=\"GET\",code=\"404\"} 1", scraped);
    }

    [Fact]
    public async Task Answers_are_of_the_shape_that_is_described()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana", answer: SampleAnswer.Unauthorized);
        cluster.AddService("jaeger", answer: SampleAnswer.Unavailable);
        cluster.Load("{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: monitoring, annotations: {kubernaut.io/toolset: \"maybe\"}}, spec: {ports: [{port: 1}]}}");
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        cluster.SetData("overrides.yaml", "loki: {enabled: true}\nx: {config: {url: 'http://x.y:1', n: [1, 1.5, null, true]}}");
        await TestCluster.EventuallyAsync(() => cluster.States.Current!.Overrides.InForce?.ContainsKey("x") == true, "the overrides are in force");
        JsonObject description = await service.ReadAsync(Path);
        var shape = new JsonShape(description);
        int asked = 0;
        foreach ((string path, string _, JsonNode operation) in Operations(description).Where(o => o.Method == "get"))
        {
            if (ExampleOf(path) is not { } example)
                continue;
            await FitsAsync(example, "200", "application/json");
            await FitsAsync(example + "?nonsense=1", "400", "application/problem+json");
            asked++;

            async Task FitsAsync(string question, string status, string type)
            {
                HttpResponseMessage response = await service.GetAsync(question);
                JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                Assert.Equal(status, ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
                Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
                Assert.Empty(shape.Problems(answer, operation["responses"]![status]!["content"]![type]!["schema"]!, question));
            }
        }

        Assert.True(asked >= 6, $"{asked} routes were asked");
    }

    [Fact]
    public void A_value_of_another_shape_is_noticed()
    {
        var shape = new JsonShape([]);
        JsonNode schema = JsonNode.Parse("""{"type":"object","required":["a"],"properties":{"a":{"type":["null","string"]},"b":{"type":"array","items":{"type":"integer"}}}}""")!;
        Assert.Empty(shape.Problems(JsonNode.Parse("""{"a":null,"b":[1,2]}"""), schema, "$"));
        Assert.Equal(
            ["$.a is missing", "$.b[1] is string and not integer", "$.c is not described"],
            shape.Problems(JsonNode.Parse("""{"b":[1,"2"],"c":1}"""), schema, "$"));
    }

    /// <summary>Null for what an answer to needs something to be done before.</summary>
    private static string? ExampleOf(string path) => path.Contains("{jobId}", StringComparison.Ordinal)
        ? null
        : path.Replace("{namespace}/{name}", "monitoring/grafana", StringComparison.Ordinal).Replace("{name}", "grafana", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Method, JsonNode Operation)> Operations(JsonObject description) =>
        from path in description["paths"]!.AsObject() from operation in path.Value!.AsObject() select (path.Key, operation.Key, operation.Value!);
}
