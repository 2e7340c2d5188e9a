using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>The simulated store without HTTP; the admin alone comes over HTTP.</summary>
public sealed class SimulatedStoreContract : KubeApiContract
{
    private SimulatedServer? _server;

    protected override IKubeApi InProcess => _server!.Api.InProcess;

    protected override async Task<IApiServer> ServerAsync() => _server = await SimulatedServer.StartAsync(tls: false);

    protected override ValueTask ReleaseAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
