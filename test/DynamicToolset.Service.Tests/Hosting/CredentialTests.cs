using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>A backend that answers nobody without credentials is there.</summary>
public sealed class CredentialTests
{
    private readonly ObservedTime _time = new();

    [Fact]
    public async Task A_backend_that_wants_credentials_is_a_toolset_and_told_once_with_the_override_to_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        var lines = new LogLines();
        cluster.Loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.AddService("prometheus", answer: SampleAnswer.Unauthorized);
        cluster.AddService("grafana", answer: SampleAnswer.Unauthorized);
        cluster.AddService("elasticsearch");
        await using RunningController running = await cluster.RunAsync(time: _time);
        Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana", "elasticsearch"));
        await running.LookAsync(4);
        string told = Assert.Single(lines.All, line => line.Contains("Backend wants credentials", StringComparison.Ordinal));
        Assert.Contains("prometheus: {config: {headers: {Authorization: 'Bearer ${TOOLSET_PROMETHEUS_TOKEN}'}}}", told, StringComparison.Ordinal);
        Assert.DoesNotContain(lines.All, line => line.Contains("health check", StringComparison.Ordinal));
        int writes = cluster.Writes();

        cluster.SetAnswer(new ObjectKey("monitoring", "elasticsearch"), SampleAnswer.Unauthorized);
        await _time.PassUntilAsync(
            TimeSpan.FromSeconds(0.5), () => lines.All.Any(l => l.Contains("${TOOLSET_ELASTICSEARCH_API_KEY}", StringComparison.Ordinal)), "a healthy one begins to want them");
        Assert.Equal(writes, cluster.Writes());
    }

    [Fact]
    public async Task A_backend_whose_health_is_open_and_whose_queries_are_for_tenants_is_told_with_the_override_to_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        var lines = new LogLines();
        cluster.Loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.AddService("prometheus", answer: SampleAnswer.Tenant);
        await using RunningController running = await cluster.RunAsync(time: _time);
        await TestCluster.EventuallyAsync(() => lines.All.Any(l => l.Contains("Backend wants a tenant", StringComparison.Ordinal)), "it is told");
        Assert.Contains(
            "prometheus: {config: {headers: {X-Scope-OrgID: '${TOOLSET_PROMETHEUS_TENANT}'}}}",
            lines.All.Single(l => l.Contains("Backend wants a tenant", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Contains(lines.All, l => l.Contains("Verdict for HolmesGPT changed", StringComparison.Ordinal) && l.Contains("tenant", StringComparison.Ordinal));
        Assert.True(cluster.HasKeys("kubernetes", "prometheus"));
    }
}
