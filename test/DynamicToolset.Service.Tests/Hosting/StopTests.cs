using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Sandbox;
using DynamicToolset.Service.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class StopTests
{
    [Fact]
    public async Task A_write_that_hangs_is_given_up_a_second_after_the_stop_began()
    {
        using var hanging = new SemaphoreSlim(0);
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = async context =>
            {
                if (context.Request.Method != "PATCH" || !context.Request.Path.Value!.Contains("/configmaps/", StringComparison.Ordinal))
                    return false;
                hanging.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            },
        });
        cluster.RequestTimeout = TimeSpan.FromHours(1);
        var time = new FakeTimeProvider();
        (Controller controller, KubeApiClient api) = cluster.Create(TestCluster.Defaults(), static _ => { }, time);
        using (api)
        using (controller)
        {
            controller.Start();
            await TestCluster.EventuallyAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(250));
                    return hanging.CurrentCount > 0;
                },
                "the first write hangs");
            Task stopped = controller.StopReconcilingAsync();
            Assert.False(stopped.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
            await TestCluster.EventuallyAsync(() => stopped.IsCompleted, "the write was given up");
            await stopped;
            await controller.StopWatchingAsync();
            Assert.Null(controller.Defect);
        }
    }
}
