using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class LivenessTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task An_hour_without_the_API_server_is_no_reason_for_a_restart()
    {
        TestCluster cluster = await TestCluster.StartAsync();
        int rounds = 0;
        (Controller controller, KubeApiClient api) = cluster.Create(TestCluster.Defaults(), _ => Interlocked.Increment(ref rounds), _time);
        using (api)
        using (controller)
        {
            controller.Start();
            await TestCluster.EventuallyAsync(() => Volatile.Read(ref rounds) > 0, "it has begun");
            await cluster.DisposeAsync();
            int before = Volatile.Read(ref rounds);
            for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromHours(1); passed += TimeSpan.FromSeconds(5))
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                await TestCluster.EventuallyAsync(() => controller.Liveness.All(c => c.Passes), "every loop turns");
            }

            Assert.True(controller.Readiness.All(c => c.Passes));
            Assert.False(controller.Failure.IsCompleted);
            Assert.True(Volatile.Read(ref rounds) > before, "no round was taken during the outage");
            await controller.StopReconcilingAsync();
            await controller.StopWatchingAsync();
        }
    }

    [Fact]
    public async Task An_API_server_that_was_never_there_is_no_reason_for_a_restart_either()
    {
        TestCluster cluster = await TestCluster.StartAsync();
        (Controller controller, KubeApiClient api) = cluster.Create(TestCluster.Defaults(), static _ => { }, _time);
        await cluster.DisposeAsync();
        using (api)
        using (controller)
        {
            controller.Start();
            for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromHours(1); passed += TimeSpan.FromSeconds(5))
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                await TestCluster.EventuallyAsync(() => controller.Liveness.All(c => c.Passes), "every loop turns");
            }

            Assert.False(controller.Readiness.All(c => c.Passes));
            Assert.False(controller.Failure.IsCompleted);
            await controller.StopReconcilingAsync();
            await controller.StopWatchingAsync();
        }
    }

    [Fact]
    public async Task A_loop_that_hangs_is_named_and_the_others_are_not()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var hang = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        (Controller controller, KubeApiClient api) = cluster.Create(TestCluster.Defaults(), Hang, _time);
        using (api)
        using (controller)
        {
            controller.Start();
            await TestCluster.EventuallyAsync(() => entered.IsSet, "the loop hangs");
            await TestCluster.EventuallyAsync(() => cluster.Api.Requests.Count("watch", "configmaps") > 0, "the others have begun");
            Assert.All(controller.Liveness, c => Assert.True(c.Passes));
            _time.Advance(TimeSpan.FromMinutes(6));
            await TestCluster.EventuallyAsync(() => Stuck(controller) is ["reconcile"], "the loop that hangs, and no other, counts as stuck");
            hang.Set();
            await TestCluster.EventuallyAsync(() => Stuck(controller) is [], "it lives again");
            await controller.StopReconcilingAsync();
            await controller.StopWatchingAsync();
        }

        void Hang(ControllerState state)
        {
            entered.Set();
            hang.Wait(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Loops_that_were_told_to_stop_are_not_stuck()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        (Controller controller, KubeApiClient api) = cluster.Create(TestCluster.Defaults(), static _ => { }, _time);
        using (api)
        using (controller)
        {
            controller.Start();
            await TestCluster.EventuallyAsync(() => controller.Readiness.All(c => c.Passes), "it is ready");
            await controller.StopReconcilingAsync();
            _time.Advance(TimeSpan.FromHours(4));
            Assert.Equal(["reconcile", "probe", "watch-configmap", "watch-rules", "watch-services"], controller.Liveness.Where(c => c.Passes).Select(c => c.Name));
            Assert.Equal(["not-stopping"], controller.Readiness.Where(c => !c.Passes).Select(c => c.Name));
            await controller.StopWatchingAsync();
        }
    }

    private static string[] Stuck(Controller controller) => [.. controller.Liveness.Where(c => !c.Passes).Select(c => c.Name)];
}
