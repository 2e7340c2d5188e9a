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
        await using RunningController running = cluster.Start(_time);
        await TestCluster.EventuallyAsync(() => running.States.Count > 0, "it has begun");
        await cluster.DisposeAsync();
        int before = running.States.Count;
        await PassAnHourAsync(running.Controller);
        Assert.True(running.Controller.Readiness.All(c => c.Passes));
        Assert.False(running.Controller.Failure.IsCompleted);
        Assert.True(running.States.Count > before, "no round was taken during the outage");
    }

    [Fact]
    public async Task An_API_server_that_was_never_there_is_no_reason_for_a_restart_either()
    {
        TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = cluster.Create(_time);
        await cluster.DisposeAsync();
        running.Controller.Start();
        await PassAnHourAsync(running.Controller);
        Assert.False(running.Controller.Readiness.All(c => c.Passes));
        Assert.False(running.Controller.Failure.IsCompleted);
    }

    [Fact]
    public async Task A_loop_that_hangs_is_named_and_the_others_are_not()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var hang = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        await using RunningController running = cluster.Start(_time, published: Hang);
        Controller controller = running.Controller;
        await TestCluster.EventuallyAsync(() => entered.IsSet, "the loop hangs");
        await TestCluster.EventuallyAsync(() => cluster.Api.Requests.Count("watch", "configmaps") > 0, "the others have begun");
        Assert.All(controller.Liveness, c => Assert.True(c.Passes));
        _time.Advance(TimeSpan.FromMinutes(6));
        await _time.PassUntilAsync(TimeSpan.FromSeconds(1), () => Stuck(controller) is ["reconcile"], "the loop that hangs, and no other, counts as stuck");
        hang.Set();
        await TestCluster.EventuallyAsync(() => Stuck(controller) is [], "it lives again");

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
        await using RunningController running = cluster.Start(_time);
        Controller controller = running.Controller;
        await TestCluster.EventuallyAsync(() => controller.Readiness.All(c => c.Passes), "it is ready");
        await controller.StopReconcilingAsync();
        _time.Advance(TimeSpan.FromHours(4));
        Assert.Equal(["reconcile", "probe", "watch-configmap", "watch-rules", "watch-services"], controller.Liveness.Where(c => c.Passes).Select(c => c.Name));
        Assert.Equal(["not-stopping"], controller.Readiness.Where(c => !c.Passes).Select(c => c.Name));
    }

    private async Task PassAnHourAsync(Controller controller)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromHours(1); passed += TimeSpan.FromSeconds(5))
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await TestCluster.EventuallyAsync(() => controller.Liveness.All(c => c.Passes), "every loop turns");
        }
    }

    private static string[] Stuck(Controller controller) => [.. controller.Liveness.Where(c => !c.Passes).Select(c => c.Name)];
}
