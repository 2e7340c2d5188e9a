using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tests.Cli;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class RefusedServiceTests
{
    private static readonly ObjectKey Huge = new("shop", "huge");
    private static readonly string TooLarge = $"it has more than {ServiceBounds.Labels}, more than any backend has: it is skipped";

    [Fact]
    public async Task What_is_beyond_a_bound_is_told_in_log_Event_metric_and_explain_until_it_is_mended_and_the_others_are_found()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        using var scraper = new MetricScraper(cluster.Metrics);
        cluster.AddService("grafana");
        cluster.Load($$"""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{Huge.Name}}
              namespace: {{Huge.Namespace}}
              annotations: { kubernaut.io/toolset: "true", kubernaut.io/toolset-type: custom }
              labels: { {{string.Join(", ", Enumerable.Range(0, 65).Select(i => $"l{i}: v"))}} }
            spec: { ports: [ { port: 80 } ] }
            """);
        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckEnabled = false });
        await cluster.HasKeysAsync("kubernetes", "grafana");
        await TestCluster.EventuallyAsync(() => Events(cluster).Count == 1, "there is an Event");

        JsonObject told = Events(cluster)[0];
        Assert.Equal(("ServiceTooLarge", TooLarge), (told["reason"]!.GetValue<string>(), told["message"]!.GetValue<string>()));
        Assert.Equal((Huge.Name, UidOf(cluster)), (told["involvedObject"]!["name"]!.GetValue<string>(), told["involvedObject"]!["uid"]!.GetValue<string>()));
        string line = Assert.Single(lines.All, l => l.Contains("Service is too large, skipping", StringComparison.Ordinal));
        Assert.Contains($"\"service\":\"{Huge}\",\"problem\":\"{TooLarge}\"", line, StringComparison.Ordinal);
        Assert.Contains("dynamictoolset_services_refused{reason=\"too_large\"} 1\n", scraper.Scrape(), StringComparison.Ordinal);
        Assert.Contains("dynamictoolset_malformed_annotations 0\n", scraper.Scrape(), StringComparison.Ordinal);
        Assert.Contains(TooLarge, (await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", $"{Huge}")).Output, StringComparison.Ordinal);

        cluster.Api.Store.MergePatch(KubeResource.Services, Huge, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["l0"] = null } } });
        await cluster.HasKeysAsync("kubernetes", "grafana", "huge");
        await TestCluster.EventuallyAsync(
            () => scraper.Scrape().Contains("dynamictoolset_services_refused{reason=\"too_large\"} 0\n", StringComparison.Ordinal), "nothing is refused");
    }

    [Fact]
    public async Task Of_a_namespace_with_more_than_its_share_the_first_is_told_for_all_that_are_left_out()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        using var scraper = new MetricScraper(cluster.Metrics);
        cluster.AddService("grafana");
        // Each costs 58 KiB of the 6 MiB: a hundred of them fit.
        for (int i = 0; i < 120; i++)
            cluster.Load(Large(i));
        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckEnabled = false });
        await cluster.HasKeysAsync("kubernetes", "grafana");
        await TestCluster.EventuallyAsync(() => Events(cluster).Count == 1, "there is an Event");

        JsonObject told = Events(cluster)[0];
        string first = told["involvedObject"]!["name"]!.GetValue<string>();
        Assert.Equal("NamespaceTooLarge", told["reason"]!.GetValue<string>());
        Assert.InRange(int.Parse(first[1..], System.Globalization.CultureInfo.InvariantCulture), 95, 119);
        Assert.Contains("Namespace has too many Services, skipping the last", Assert.Single(lines.All, l => l.Contains($"\"service\":\"crowd/{first}\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("dynamictoolset_services_refused{reason=\"namespace\"} 1\n", scraper.Scrape(), StringComparison.Ordinal);
        Assert.Contains($"more than {ServiceBounds.Share}", await ExplainAsync(cluster, first), StringComparison.Ordinal);
        Assert.Contains($"is skipped if it exists: see dynamic-toolset explain crowd/{first}", await ExplainAsync(cluster, "s119"), StringComparison.Ordinal);
        Assert.Contains("there is no Service crowd/a", await ExplainAsync(cluster, "a"), StringComparison.Ordinal);
    }

    private static string Large(int i) => $$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: s{{i:d3}}
          namespace: crowd
          annotations: { {{string.Join(", ", Enumerable.Range(0, 28).Select(a => $"kubernaut.io/x{a}: {new string('x', 1000)}"))}} }
        spec: { ports: [ { port: 80 } ] }
        """;

    private static async Task<string> ExplainAsync(TestCluster cluster, string name)
    {
        (_, string output, string error) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", $"crowd/{name}");
        return output + error;
    }

    private static IReadOnlyList<JsonObject> Events(TestCluster cluster) => [.. cluster.Api.Store.List(KubeResource.Events)];

    private static string UidOf(TestCluster cluster) => cluster.Api.Store.Get(KubeResource.Services, Huge)!["metadata"]!["uid"]!.GetValue<string>();
}
