using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

[Collection(RealServerTests.Name)]
public sealed class RealContract(RealServerFixture real) : KubeApiContract
{
    protected override Task<IApiServer> ServerAsync() => real.ServerAsync();

    protected override Task<IApiServer> ServerToRestartAsync() => real.ServerToRestartAsync();

    protected override ValueTask ReleaseAsync()
    {
        real.Check();
        return ValueTask.CompletedTask;
    }
}
