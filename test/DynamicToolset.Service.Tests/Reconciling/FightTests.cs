using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Reconciling;

/// <summary>The service by a clock of the test, so that what takes minutes and hours is done in seconds, over real HTTP.</summary>
public sealed class FightTests
{
    private const string Key = "kubernetes-toolset.yaml";
    private const string Managed = "kubernaut.io/managed-by";

    private readonly FakeTimeProvider _time = new();

    /// <summary>To write more often would be no more answers. While the next one is held back, one change in a second will do.</summary>
    [Fact]
    public async Task An_opponent_who_writes_whenever_a_round_may_begin_is_answered_at_most_50_times_in_ten_minutes()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.Api.Requests.Clear();
        long begun = _time.GetTimestamp();
        for (int i = 0; _time.GetElapsedTime(begun) < TimeSpan.FromMinutes(10); i++)
        {
            await OpposeAsync(cluster, running, $$$"""{"data":{"{{{Key}}}":"{{{i}}}"}}""");
            _time.Advance(running.State.Fights is [{ IsSlowed: true }] ? TimeSpan.FromSeconds(1) : RoundBucket.Refill);
        }

        Assert.InRange(cluster.Api.Requests.Entries.Count(r => r is { Resource: "configmaps", Method: "PATCH", Status: 200 }), 30, 50);
        Assert.Equal([Key], running.State.Fights.Select(f => f.Key));
    }

    /// <summary>The simulated API server calls who writes from code "sandbox".</summary>
    [Theory]
    [InlineData("""{"data":{"kubernetes-toolset.yaml":"TEXT"}}""", Key, "sandbox")]
    [InlineData("""{"metadata":{"labels":{"kubernaut.io/managed-by":"TEXT"}}}""", Managed, "sandbox")]
    [InlineData("""{"metadata":{"annotations":{"kubernaut.io/override-error":"TEXT"}}}""", DesiredConfigMap.OverrideErrorAnnotation, "sandbox")]
    [InlineData("""{"data":{"kubernetes-toolset.yaml":null}}""", Key, null)]
    [InlineData("""{"metadata":{"ownerReferences":null}}""", OwnerReference.DriftKey, null)]
    public async Task An_opponent_is_named_in_log_state_and_Event_where_the_API_server_knows_it(string patch, string key, string? manager)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        OwnerTests.AddDeployment(cluster);
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        await using RunningController running = await cluster.RunAsync(time: _time);
        for (int i = 0; running.State.Fights.IsEmpty; i++)
        {
            await OpposeAsync(cluster, running, patch.Replace("TEXT", $"{i}", StringComparison.Ordinal));
            _time.Advance(RoundBucket.Refill);
        }

        Fight fight = Assert.Single(running.State.Fights);
        Assert.Equal((key, manager), (fight.Key, fight.Manager));
        string line = lines.All.Last(l => l.Contains("\"msg\":\"Another writer keeps changing the ConfigMap\"", StringComparison.Ordinal));
        Assert.Contains(manager is null ? "\"manager\":\"unknown, since" : $"\"manager\":\"{manager}\"", line, StringComparison.Ordinal);
        Assert.Contains($"\"keys\":[\"{key}\"]", line, StringComparison.Ordinal);
        await TestCluster.EventuallyAsync(() => Contested(cluster).Any(), "there is an Event");
        string message = Assert.Single(Contested(cluster))["message"]!.GetValue<string>();
        Assert.StartsWith($"{key}: {(manager is null ? "another writer, unknown" : $"the field manager \"{manager}\"")}", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_looks_and_the_events_of_strangers_are_no_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.SetData(Key, "drifted");
        await TestCluster.EventuallyAsync(() => running.State.LastWrite?.Drift is [{ Key: Key }], "it is repaired");
        cluster.Api.Requests.Clear();
        long begun = _time.GetTimestamp();
        for (int i = 0; i < 1_000; i++)
        {
            if (i % 10 == 0)
                cluster.Patch($$$"""{"metadata":{"annotations":{"stranger":"{{{i}}}"},"labels":{"stranger":"{{{i}}}"}},"data":{"notes.txt":"{{{i}}}"}}""");
            await running.LookAsync(1);
        }

        await TestCluster.EventuallyAsync(() => running.State.Observed!.ResourceVersion == cluster.Version(), "the last change was seen");
        Assert.InRange(cluster.Api.Requests.Count("get", "configmaps"), 900, _time.GetElapsedTime(begun) / TestCluster.Defaults().ReconciliationInterval);
        Assert.Equal(0, cluster.Writes());
        Assert.Equal("990", running.State.Observed!.Annotations["stranger"]);
    }

    private static IEnumerable<JsonObject> Contested(TestCluster cluster) =>
        cluster.Api.Store.List(KubeResource.Events).Where(e => e["reason"]!.GetValue<string>() == "ContestedKey");

    /// <summary>Changes the ConfigMap, and waits until a round has looked at that, be it that it was answered or that the answer is held back.</summary>
    private static async Task OpposeAsync(TestCluster cluster, RunningController running, string patch)
    {
        cluster.Patch(patch);
        long changed = Number(cluster.Version());
        await TestCluster.EventuallyAsync(() => running.State.Observed is { } seen && Number(seen.ResourceVersion) >= changed, "a round has looked at it");
    }

    private static long Number(string version) => long.Parse(version, CultureInfo.InvariantCulture);
}
