using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class ReadinessTests
{
    [Fact]
    public async Task Readiness_names_the_right_that_is_missing_and_the_manifest_that_grants_it()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Load("{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody, namespace: kubernaut-system}}");
        cluster.ActAs(new("kubernaut-system", "nobody"));
        var time = new FakeTimeProvider();
        await using RunningController running = cluster.Start(time);
        await time.PassUntilAsync(
            TimeSpan.FromMilliseconds(250),
            () => running.Controller.Readiness.Count(c => c is { Passes: false, Detail: not null }) == 2,
            "both rights are named");
        Assert.All(
            running.Controller.Readiness.Where(c => c.Detail is not null),
            c => Assert.EndsWith("deploy/base/rbac.yaml grants it", c.Detail, StringComparison.Ordinal));
    }
}
