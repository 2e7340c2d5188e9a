using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public sealed class SimulatedHttpContract : KubeApiContract
{
    private SimulatedServer? _server;

    protected override async Task<IApiServer> ServerAsync() => _server = await SimulatedServer.StartAsync(tls: false);

    protected override ValueTask ReleaseAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
