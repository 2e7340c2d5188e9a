using System.Collections.Concurrent;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Hosting;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>A controller under test; it is stopped in order when the test ends, and a loop that failed fails the test.</summary>
internal sealed class RunningController(Controller controller, KubeApiClient api, ConcurrentQueue<ControllerState> states) : IAsyncDisposable
{
    public IReadOnlyCollection<ControllerState> States => states;

    public Controller Controller => controller;

    public async ValueTask DisposeAsync()
    {
        await controller.StopReconcilingAsync();
        await controller.StopWatchingAsync();
        await controller.Failure;
        controller.Dispose();
        api.Dispose();
    }
}
