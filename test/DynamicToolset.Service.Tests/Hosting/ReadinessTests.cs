using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Http;
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

    [Fact]
    public async Task A_right_to_the_Lease_that_is_missing_is_a_warning_that_names_it_and_leaves_the_service_ready()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Load("{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody, namespace: kubernaut-system}}");
        cluster.ActAs(new("kubernaut-system", "nobody"));
        var time = new FakeTimeProvider();
        await using RunningController running = cluster.Start(time, TestCluster.Defaults() with { LeaderElectionEnabled = true });
        Controller controller = running.Controller;
        await time.PassUntilAsync(
            TimeSpan.FromMilliseconds(250), () => controller.Readiness.Any(c => c is { Name: "leader-election", IsWarning: true }), "the right is named");
        SelfCheck told = controller.Readiness.Single(c => c.Name == "leader-election");
        Assert.Matches("^(get|list) leases.coordination.k8s.io \"dynamic-toolset-leader\" in namespace kubernaut-system; deploy/base/rbac.yaml grants it$", told.Detail);
        Assert.True(told.Passes);
    }

    [Fact]
    public async Task What_nothing_was_heard_of_for_ten_minutes_is_called_stale_and_leaves_the_service_ready()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        var time = new FakeTimeProvider();
        await using RunningController running = cluster.Start(time);
        Controller controller = running.Controller;
        await TestCluster.EventuallyAsync(() => controller.Readiness.All(c => c.Passes), "it has read all");
        Assert.All(controller.Readiness, c => Assert.Null(c.Detail));
        time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        Assert.Equal(
            ["services-synced", "configmap-synced"],
            controller.Readiness.Where(c => c.Detail?.StartsWith("stale: no update for 10 minutes", StringComparison.Ordinal) == true).Select(c => c.Name));
        Assert.True(controller.Readiness.All(c => c.Passes));
    }
}
