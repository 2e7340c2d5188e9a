using DynamicToolset.Sandbox;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class StopTests
{
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
        var time = new FakeTimeProvider();
        await using RunningController running = cluster.Start(time);
        await hangs.Task.WithPatienceAsync();
        Task stopped = running.Controller.StopReconcilingAsync();
        Assert.False(stopped.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await stopped.WithPatienceAsync();
    }
}
