using System.Collections.Concurrent;
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
    public IReadOnlyCollection<ControllerState> States => states;

    /// <summary>The last one.</summary>
    public ControllerState State => states.Last();

    public Controller Controller => controller;

    /// <summary>So often the time comes to read the ConfigMap again, and each time the round is waited for. By a clock of the test alone.</summary>
    public async Task LookAsync(int times)
    {
        var clock = (FakeTimeProvider)time;
        for (int i = 0; i < times; i++)
        {
            clock.Advance(betweenLooks);
            DateTimeOffset now = clock.GetUtcNow();
            await Patience.EventuallyAsync(() => states.LastOrDefault()?.AsOf >= now, "it has looked again");
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
}
