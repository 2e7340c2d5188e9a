using DynamicToolset.Sandbox;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class StopTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_write_that_hangs_is_given_up_a_second_after_the_stop_began()
    {
        var hangs = new TaskCompletionSource();
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = async context =>
            {
                if (context.Request.Method != "PATCH" || !context.Request.Path.Value!.Contains("/configmaps/", StringComparison.Ordinal))
                    return false;
                hangs.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            },
        });
        cluster.RequestTimeout = TimeSpan.FromHours(1);
        var time = new ObservedTime();
        await using RunningController running = cluster.Start(time);
        await hangs.Task.WithPatienceAsync();
        int before = time.Waits(Second);
        Task stopped = running.Controller.StopReconcilingAsync();
        await time.WaitsAsync(Second, before + 1);
        Assert.False(stopped.IsCompleted);
        time.Advance(Second);
        await stopped.WithPatienceAsync();
    }
}
