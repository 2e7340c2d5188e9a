using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public sealed class SimulatedOfficialClient : OfficialClientContract
{
    private SimulatedServer? _server;

    protected override async Task<IApiServer> ServerAsync() => _server = await SimulatedServer.StartAsync(tls: true);

    protected override ValueTask ReleaseAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
