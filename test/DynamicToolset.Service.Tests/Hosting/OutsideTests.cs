using System.Collections.Concurrent;
using DynamicToolset.Cluster;
using DynamicToolset.Rounds;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>The service on somebody's laptop, with a kubeconfig: what it cannot see there it must not take away.</summary>
public sealed class OutsideTests
{
    private static readonly ObjectKey Prometheus = new("monitoring", "prometheus"), Grafana = new("monitoring", "grafana");

    private readonly ObservedTime _time = new();

    [Fact]
    public async Task Through_the_API_server_backends_are_found_and_lost_as_in_the_cluster()
    {
        await using TestCluster cluster = await StartAsync();
        cluster.IsOutside = true;
        await using RunningController running = await cluster.RunAsync(time: _time);
        Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
        cluster.SetAnswer(Grafana, SampleAnswer.Unavailable);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => cluster.HasKeys("kubernetes", "prometheus"), "it is gone");
    }

    [Fact]
    public async Task Without_the_right_to_go_through_the_API_server_all_stays_and_the_right_is_named()
    {
        await using TestCluster cluster = await StartAsync();
        await using (await cluster.RunAsync(time: _time))
            Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
        foreach (string file in (string[])["serviceaccount.yaml", "rbac.yaml"])
            cluster.Load(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "deploy", "base", file), TestContext.Current.CancellationToken));
        cluster.ActAs(new ObjectKey("kubernaut-system", "dynamic-toolset-sa"));
        cluster.IsOutside = true;
        cluster.SetAnswer(Prometheus, SampleAnswer.Unavailable);
        cluster.SetAnswer(Grafana, SampleAnswer.Unavailable);
        await AllStaysAsync(cluster, "the right to get services/proxy is missing; deploy/proxy-checks/rbac.yaml grants it");
        cluster.Load(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "deploy", "proxy-checks", "rbac.yaml"), TestContext.Current.CancellationToken));
        cluster.SetAnswer(Grafana, SampleAnswer.Right);
        await using RunningController running = cluster.Start(_time);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => cluster.HasKeys("kubernetes", "grafana"), "what does not answer is gone");
    }

    [Fact]
    public async Task Checked_directly_a_name_that_does_not_resolve_says_nothing_and_one_warning_says_what_to_do()
    {
        await using TestCluster cluster = await StartAsync();
        await using (await cluster.RunAsync(time: _time))
            Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
        cluster.Probing = o => o with { IsOutside = true, Resolve = (_, _) => null };
        await AllStaysAsync(cluster, "HEALTH_CHECK_RESOLVE");
    }

    [Fact]
    public async Task A_rehearsal_reads_and_checks_and_shows_each_change_once_and_writes_nothing_at_all()
    {
        await using TestCluster cluster = await StartAsync();
        cluster.Load("{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: monitoring, annotations: {kubernaut.io/toolset: 'true', kubernaut.io/toolset-type: nonsense}}, spec: {ports: [{port: 80}]}}");
        var shown = new ConcurrentQueue<string>();
        cluster.Restraint = new Restraint(new Rehearsal(shown.Enqueue, NullLogger.Instance).Show, HoldsMassRemoval: false);
        // A minute passes in a moment here, and a backend that answers at once must not be found to hang.
        await using RunningController running = cluster.Start(
            _time,
            TestCluster.Defaults() with { HolmesReloadUrl = $"http://{cluster.BackendAddress("grafana.monitoring")}/", HealthCheckTimeout = TimeSpan.FromMinutes(5) });
        // What the backends say of themselves comes last.
        await _time.PassUntilAsync(
            TimeSpan.FromSeconds(0.5),
            () => shown.Any(s => s.Contains("+++ generated/grafana-toolset.yaml", StringComparison.Ordinal) && s.Contains("retention 15d", StringComparison.Ordinal)),
            "it shows what it would create");
        int told = shown.Count;
        DateTimeOffset end = _time.GetUtcNow().AddMinutes(5);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(1), () => _time.GetUtcNow() > end, "five minutes pass");
        Assert.True(told == shown.Count, string.Join("---\n", shown));
        cluster.SetAnswer(Grafana, SampleAnswer.Unavailable);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => !shown.Last().Contains("grafana-toolset.yaml", StringComparison.Ordinal), "it shows what is different then");
        Assert.Equal(told + 1, shown.Count);
        Assert.Null(cluster.ConfigMap());
        Assert.All(cluster.Api.Requests.Entries, r => Assert.Equal("GET", r.Method));
    }

    private async Task AllStaysAsync(TestCluster cluster, string advice)
    {
        var lines = new LogLines();
        cluster.Loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        string version = cluster.Version();
        await using RunningController running = cluster.Start(_time);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => running.States.Any(s => s.IsConverged), "all was checked");
        int rounds = running.States.Count;
        DateTimeOffset end = _time.GetUtcNow().AddMinutes(5);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(1), () => _time.GetUtcNow() > end && running.States.Count > rounds, "five minutes pass");
        Assert.Equal(version, cluster.Version());
        Assert.Single(lines.All, l => l.Contains("Health checks cannot reach the backends, keeping the last results", StringComparison.Ordinal) && l.Contains(advice, StringComparison.Ordinal));
        Assert.Contains(advice, running.Controller.Readiness.Single(c => c.Name == "health-checks").Detail, StringComparison.Ordinal);
        // Health paths are open to everybody, and name nothing of the cluster's.
        Assert.DoesNotContain("checks of", running.Controller.Readiness.Single(c => c.Name == "health-checks").Detail, StringComparison.Ordinal);
        Assert.Matches(@"\(checks of [-a-z]+/[-a-z]+( and of [0-9]+ more Services?)?\)$", Problems.Of(running.State).Single(p => p.Kind == ProblemKind.ChecksObstructed).Detail);
        Assert.DoesNotContain(lines.All, l => l.Contains("skipping", StringComparison.Ordinal));
        Assert.Equal([ProblemKind.ChecksObstructed], Problems.Of(running.State).Select(p => p.Kind).Where(k => k != ProblemKind.NotOwned));
        Assert.Empty(cluster.Api.Store.List(KubeResource.Events));
    }

    private static async Task<TestCluster> StartAsync()
    {
        TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana");
        return cluster;
    }
}
