using System.Collections.Concurrent;
using System.Diagnostics;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>A controller under test; it is stopped in order when the test ends, and a loop that failed fails the test.</summary>
internal sealed class RunningController(
    Controller controller, KubeApiClient api, ConcurrentQueue<ControllerState> states, TimeProvider time, TimeSpan betweenLooks) : IAsyncDisposable
{
    /// <summary>In real time. On a busy machine a look may take longer, and then there is one more.</summary>
    private static readonly TimeSpan WithoutLook = TimeSpan.FromSeconds(1);

    public IReadOnlyCollection<ControllerState> States => states;

    /// <summary>The last one.</summary>
    public ControllerState State => states.Last();

    public Controller Controller => controller;

    /// <summary>
    /// So often the time comes to read the ConfigMap again, and each time the round is waited for; once more where it comes just when the loop has
    /// looked at the clock and does not wait yet. By a clock of the test alone.
    /// </summary>
    public async Task LookAsync(int times)
    {
        var clock = (FakeTimeProvider)time;
        for (int i = 0; i < times; i++)
        {
            await Patience.EventuallyAsync(
                async () =>
                {
                    clock.Advance(betweenLooks);
                    return await HasLookedAsync(clock.GetUtcNow());
                },
                () => "it has looked again");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await controller.StopReconcilingAsync().WithPatienceAsync();
        await controller.StopWatchingAsync().WithPatienceAsync();
        await controller.Failure;
        controller.Dispose();
        api.Dispose();
    }

    private async Task<bool> HasLookedAsync(DateTimeOffset now)
    {
        long begun = Stopwatch.GetTimestamp();
        while (states.LastOrDefault() is not { } last || last.AsOf < now)
        {
            if (Stopwatch.GetElapsedTime(begun) > WithoutLook)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        return true;
    }
}
