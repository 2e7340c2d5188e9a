using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

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

    /// <summary>The simulated API server calls who writes from code "sandbox".</summary>
    [Theory]
    [InlineData("a key", """{"data":{"kubernetes-toolset.yaml":"TEXT"}}""", Key, "sandbox")]
    [InlineData("a label", """{"metadata":{"labels":{"app.kubernetes.io/managed-by":"TEXT"}}}""", Managed, "sandbox")]
    [InlineData("an annotation", """{"metadata":{"annotations":{"kubernaut.io/override-error":"TEXT"}}}""", DesiredConfigMap.OverrideErrorAnnotation, "sandbox")]
    [InlineData("a removal", """{"data":{"kubernetes-toolset.yaml":null}}""", Key, null)]
    public async Task Who_rewrites_it_every_100_ms_for_ten_minutes_gets_at_most_50_answers_and_is_named(
        string what, string patch, string key, string? manager)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        await using RunningController running = await StartAsync(cluster);
        cluster.Api.Requests.Clear();
        for (int i = 0; i < 6_000; i++)
        {
            cluster.Patch(patch.Replace("TEXT", $"{i}", StringComparison.Ordinal));
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await _published.WaitAsync(TimeSpan.FromMilliseconds(1), Stop);
        }

        // A millisecond for what takes 100 makes it lose many a race, which is no write.
        int writes = cluster.Api.Requests.Entries.Count(r => r is { Resource: "configmaps", Method: "PATCH", Status: 200 });
        Assert.True(writes is >= 30 and <= 50, $"{what} was answered {writes} times, of {cluster.Writes()}");
        Fight fight = Assert.Single(State.Fights);
        Assert.Equal((key, manager), (fight.Key, fight.Manager));
        string line = lines.All.Last(l => l.Contains("\"msg\":\"Another writer keeps changing the ConfigMap, slowing down\"", StringComparison.Ordinal));
        Assert.Contains(manager is null ? "\"manager\":\"unknown, since" : $"\"manager\":\"{manager}\"", line, StringComparison.Ordinal);
        Assert.Contains($"\"keys\":[\"{key}\"]", line, StringComparison.Ordinal);
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
