using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Hosting;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary><c>run</c> from outside of a cluster, as on a laptop.</summary>
public sealed class RunTests
{
    private static readonly (string, string)[] Quick =
        [("PORT", "0"), ("METRICS_PORT", "0"), ("SHUTDOWN_DELAY", "0s"), ("HEALTH_CHECK_INTERVAL", "2s"), ("HEALTH_CHECK_RETRY_INTERVAL", "100ms")];

    [Fact]
    public async Task A_start_that_would_take_most_away_shows_the_difference_and_ends_with_1()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana");
        await using (await cluster.RunAsync())
            Assert.True(cluster.HasKeys("kubernetes", "prometheus", "grafana"));
        cluster.SetAnswer(new("monitoring", "grafana"), SampleAnswer.Unavailable);
        string version = cluster.Version();
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig), .. Quick], "run");
        Assert.Equal((1, version), (exitCode, cluster.Version()));
        Assert.Contains("--- configmap/grafana-toolset.yaml\n+++ /dev/null\n", error, StringComparison.Ordinal);
        Assert.Contains("dynamic-toolset run: seen from outside of the cluster, most of the toolsets in kubernaut-system/kubernaut-toolset-config would be removed", error, StringComparison.Ordinal);
        Assert.EndsWith("pass --yes if that is right; dynamic-toolset explain --all --probe says why\n", error, StringComparison.Ordinal);
    }
}
