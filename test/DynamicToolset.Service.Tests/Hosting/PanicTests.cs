using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>What a network policy or the DNS does to the checks, and what it must not do to the ConfigMap.</summary>
public sealed class PanicTests
{
    private static readonly ObjectKey Prometheus = new("monitoring", "prometheus"), Grafana = new("monitoring", "grafana");

    private readonly ObservedTime _time = new();

    [Fact]
    public async Task When_everything_fails_the_toolsets_stay_and_all_who_look_are_told_until_the_first_success()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        var lines = new LogLines();
        cluster.Loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.AddService("prometheus");
        cluster.AddService("grafana");
        await using RunningController running = await cluster.RunAsync(time: _time);
        Assert.Null(running.Controller.Readiness.Single(c => c.Name == "health-checks").Detail);

        cluster.SetAnswer(Prometheus, SampleAnswer.Unavailable);
        cluster.SetAnswer(Grafana, SampleAnswer.Unavailable);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => running.State.Health.IsPanic, "it panics");
        await TestCluster.EventuallyAsync(() => cluster.Api.Store.List(KubeResource.Events).Any(e => (string?)e["reason"] == "HealthPanic"), "there is an Event");
        Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
        Assert.Equal((true, "none passes, so the toolsets stay as they are; see the log"), running.Controller.Readiness.Where(c => c.Name == "health-checks").Select(c => (c.Passes, c.Detail)).Single());
        Assert.Contains(lines.All, line => line.Contains("No health check passes, keeping the toolsets", StringComparison.Ordinal));

        cluster.SetAnswer(Grafana, SampleAnswer.Right);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => cluster.HasKeys("kubernetes", "grafana"), "who answers stays, and who does not is gone");
        Assert.False(running.State.Health.IsPanic);
        Assert.Contains(lines.All, line => line.Contains("The toolsets follow the health checks again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_while_everything_fails_takes_nothing_away_either()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana");
        await using (await cluster.RunAsync(time: _time))
            Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
        cluster.SetAnswer(Prometheus, SampleAnswer.Unavailable);
        cluster.SetAnswer(Grafana, SampleAnswer.Unavailable);
        await using RunningController running = cluster.Start(_time);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => running.States.Count > 0 && running.State.Health.IsPanic, "it panics");
        Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Everything_goes_where_there_is_one_alone_or_nobody_wants_the_rule(bool isOn, int backends)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus", answer: SampleAnswer.Right);
        if (backends > 1)
            cluster.AddService("grafana");
        await using RunningController running = await cluster.RunAsync(s => s with { HealthPanic = isOn }, _time);
        cluster.SetAnswer(Prometheus, SampleAnswer.Unavailable);
        if (backends > 1)
            cluster.SetAnswer(Grafana, SampleAnswer.Unavailable);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(0.5), () => cluster.HasKeys("kubernetes"), "none is left");
    }
}
