using DynamicToolset.Rounds;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Tests.LeaderElection;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class LivenessTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_hour_without_the_API_server_is_no_reason_for_a_restart()
    {
        using var electorate = new Electorate();
        Replica one = Run(electorate);
        electorate.Pass(5);
        one.Faults.Add(Away);
        electorate.Do(() => electorate.Store.EndWatches(abort: true));
        DateTimeOffset before = one.State.AsOf;
        PassAnHour(electorate, one);
        Assert.True(one.Readiness.All(c => c.Passes));
        Assert.False(one.Running.IsCompleted);
        Assert.True(one.State.AsOf > before, "no round was taken during the outage");
    }

    [Fact]
    public void An_API_server_that_was_never_there_is_no_reason_for_a_restart_either()
    {
        using var electorate = new Electorate();
        Replica one = Run(electorate, faults => faults.Add(Away));
        PassAnHour(electorate, one);
        Assert.False(one.Readiness.All(c => c.Passes));
        Assert.False(one.Running.IsCompleted);
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
    public async Task Who_is_on_call_sees_how_long_ago_each_loop_turned_and_each_watch_heard_something()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = cluster.Start(_time, TestCluster.Defaults() with { LeaderElectionEnabled = true });
        Controller controller = running.Controller;
        await _time.PassUntilAsync(TimeSpan.FromMilliseconds(250), () => controller.Leadership.Leads && controller.Readiness.All(c => c.Passes), "it leads");
        Assert.All(controller.Liveness, c => Assert.InRange(Figure(c, "secondsSinceLastTurn"), 0, 600));
        SelfCheck[] heard = [.. controller.Readiness.Where(c => c.Figures.Any(f => f.Name == "secondsSinceLastEvent"))];
        Assert.Equal(["services-synced", "configmap-synced", "leader-election"], heard.Select(c => c.Name));
        Assert.InRange(Figure(heard[^1], "secondsSinceLastRenewal"), 0, 10);
        double before = Figure(heard[0], "secondsSinceLastEvent");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(Figure(controller.Readiness.First(), "secondsSinceLastEvent"), 0, before + 1);

        static double Figure(SelfCheck check, string name) => check.Figures.Single(f => f.Name == name).Value;
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
        Assert.Equal(
            ["reconcile", "discovery", "probe", "identity", "watch-configmap", "watch-rules", "watch-services"],
            controller.Liveness.Where(c => c.Passes).Select(c => c.Name));
        Assert.Equal(["not-stopping"], controller.Readiness.Where(c => !c.Passes).Select(c => c.Name));
    }

    private static FaultRule Away { get; } = new(new Fault.Refuse(), Times: int.MaxValue);

    private static Replica Run(Electorate electorate, Action<FaultPlan>? plan = null) =>
        electorate.Run("one", plan, s => s with { LeaderElectionEnabled = false });

    /// <summary>On one thread, so that no loop begins its pause when the clock has gone on already.</summary>
    private static void PassAnHour(Electorate electorate, Replica replica)
    {
        for (int passed = 0; passed < 3600; passed += 5)
        {
            electorate.Pass(5);
            Assert.All(replica.Liveness, c => Assert.True(c.Passes, c.Name));
        }
    }

    private static string[] Stuck(Controller controller) => [.. controller.Liveness.Where(c => !c.Passes).Select(c => c.Name)];
}
