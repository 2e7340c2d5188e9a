using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tests.Cli;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class MalformedAnnotationTests
{
    private const string Problem = "kubernaut.io/toolset-name is a built-in name: choose another one";

    private static readonly ObjectKey Shop = new("shop", "orders");

    [Fact]
    public async Task It_is_told_once_in_log_and_Event_and_for_as_long_as_it_lasts_by_metric_and_explain()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        using var scraper = new MetricScraper(cluster.Metrics);
        cluster.Load($$"""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{Shop.Name}}
              namespace: {{Shop.Namespace}}
              annotations: { kubernaut.io/toolset: "true", kubernaut.io/toolset-type: custom, kubernaut.io/toolset-name: prometheus }
            spec: { ports: [ { port: 80 } ] }
            """);
        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckEnabled = false }, new FakeTimeProvider());
        await TestCluster.EventuallyAsync(() => Events(cluster).Count == 1, "there is an Event");
        await running.LookAsync(4);

        Assert.Contains($"\"service\":\"{Shop}\",\"problem\":\"{Problem}\"", Assert.Single(Told(lines)), StringComparison.Ordinal);
        JsonObject told = Assert.Single(Events(cluster));
        Assert.Equal(("orders", Problem, 1), (told["involvedObject"]!["name"]!.GetValue<string>(), told["message"]!.GetValue<string>(), told["count"]!.GetValue<int>()));
        Assert.Contains("dynamictoolset_malformed_annotations 1\n", scraper.Scrape(), StringComparison.Ordinal);
        Assert.Contains(Problem, await ExplainAsync(cluster), StringComparison.Ordinal);
        Assert.Equal(["holmes-toolsets.yaml", "kubernetes-toolset.yaml"], cluster.Keys());

        SetName(cluster, "orders");
        await cluster.HasKeysAsync("kubernetes", "orders");
        await TestCluster.EventuallyAsync(() => scraper.Scrape().Contains("dynamictoolset_malformed_annotations 0\n", StringComparison.Ordinal), "nothing is malformed");
        Assert.DoesNotContain(Problem, await ExplainAsync(cluster), StringComparison.Ordinal);

        SetName(cluster, "prometheus");
        await cluster.HasKeysAsync("kubernetes");
        await TestCluster.EventuallyAsync(() => Events(cluster)[0]["count"]!.GetValue<int>() == 2, "the same Event counts up");
        Assert.Equal((1, 2), (Events(cluster).Count, Told(lines).Count()));
    }

    private static IEnumerable<string> Told(LogLines lines) => lines.All.Where(l => l.Contains("Malformed annotation, skipping", StringComparison.Ordinal));

    private static IReadOnlyList<JsonObject> Events(TestCluster cluster) => [.. cluster.Api.Store.List(KubeResource.Events)];

    private static async Task<string> ExplainAsync(TestCluster cluster) =>
        (await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", $"{Shop}")).Output;

    private static void SetName(TestCluster cluster, string name) => cluster.Api.Store.MergePatch(
        KubeResource.Services,
        Shop,
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["kubernaut.io/toolset-name"] = name } } });
}
