using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Reconciling;

/// <summary>The service by a clock of the test, so that what takes minutes and hours is done in seconds, over real HTTP.</summary>
public sealed class FightTests : IDisposable
{
    private const string Key = "kubernetes-toolset.yaml";
    private const string Managed = "app.kubernetes.io/managed-by";

    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _published = new(0);
    private ControllerState? _state;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ControllerState State => Volatile.Read(ref _state)!;

    [Fact]
    public async Task An_opponent_who_writes_every_100_ms_for_ten_minutes_is_answered_at_most_50_times()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await StartAsync(cluster);
        cluster.Api.Requests.Clear();
        for (int i = 0; i < 6_000; i++)
            await OpposeAsync(cluster, $$$"""{"data":{"{{{Key}}}":"{{{i}}}"}}""", i);

        // A millisecond for what takes 100 makes it lose many a race, which is no write: how many it wins depends on the machine.
        Assert.InRange(cluster.Api.Requests.Entries.Count(r => r is { Resource: "configmaps", Method: "PATCH", Status: 200 }), 3, 50);
        Assert.Equal([Key], State.Fights.Select(f => f.Key));
    }

    /// <summary>The simulated API server calls who writes from code "sandbox".</summary>
    [Theory]
    [InlineData("""{"data":{"kubernetes-toolset.yaml":"TEXT"}}""", Key, "sandbox")]
    [InlineData("""{"metadata":{"labels":{"app.kubernetes.io/managed-by":"TEXT"}}}""", Managed, "sandbox")]
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
        await using RunningController running = await StartAsync(cluster);
        for (int i = 0; State.Fights.IsEmpty; i++)
            await OpposeAsync(cluster, patch.Replace("TEXT", $"{i}", StringComparison.Ordinal), i);

        Fight fight = Assert.Single(State.Fights);
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
        await using RunningController running = await StartAsync(cluster);
        cluster.SetData(Key, "drifted");
        await ProgressAsync(() => cluster.Data(Key) != "drifted", "it is repaired");
        cluster.Api.Requests.Clear();
        for (int i = 0; i < 1_000; i++)
        {
            if (i % 10 == 0)
                cluster.Patch($$$"""{"metadata":{"annotations":{"stranger":"{{{i}}}"},"labels":{"stranger":"{{{i}}}"}},"data":{"notes.txt":"{{{i}}}"}}""");
            DateTimeOffset before = State.AsOf;
            _time.Advance(TimeSpan.FromSeconds(30));
            await ProgressAsync(() => State.AsOf > before, "it has looked");
        }

        await ProgressAsync(() => State.Observed!.ResourceVersion == cluster.Version(), "the last change was seen");
        Assert.InRange(cluster.Api.Requests.Count("get", "configmaps"), 900, 2_000);
        Assert.Equal(0, cluster.Writes());
        Assert.Equal("990", State.Observed!.Annotations["stranger"]);
    }

    public void Dispose() => _published.Dispose();

    private static IEnumerable<JsonObject> Contested(TestCluster cluster) =>
        cluster.Api.Store.List(KubeResource.Events).Where(e => e["reason"]!.GetValue<string>() == "ContestedKey");

    /// <summary>
    /// Changes the ConfigMap, and lets 100 ms pass. While the next answer is far off it need not be waited for, and one change of ten does.
    /// </summary>
    private async Task OpposeAsync(TestCluster cluster, string patch, int round)
    {
        bool isPaused = State.Fights is [{ IsSlowed: true }];
        if (!isPaused || round % 10 == 0)
            cluster.Patch(patch);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        if (!isPaused)
            await _published.WaitAsync(TimeSpan.FromMilliseconds(1), Stop);
    }

    private async Task<RunningController> StartAsync(TestCluster cluster)
    {
        (Controller controller, KubeApiClient api) = cluster.Create(TestCluster.Defaults(), Publish, _time);
        controller.Start();
        var running = new RunningController(controller, api, []);
        await ProgressAsync(() => State is { IsConverged: true }, "it has converged");
        return running;

        void Publish(ControllerState state)
        {
            Volatile.Write(ref _state, state);
            _published.Release();
        }
    }

    /// <summary>Time stands still while the service works: a round begins by a timer, and what it asks for comes over HTTP.</summary>
    private async Task ProgressAsync(Func<bool> isTrue, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (Volatile.Read(ref _state) is null || !isTrue())
        {
            Assert.False(limit.IsCancellationRequested, $"It never came true that {what}.");
            if (!await _published.WaitAsync(TimeSpan.FromMilliseconds(2), Stop))
                _time.Advance(TimeSpan.FromMilliseconds(250));
        }
    }
}
