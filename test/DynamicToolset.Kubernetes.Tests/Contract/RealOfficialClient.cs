using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

[Collection(RealServerTests.Name)]
public sealed class RealOfficialClient(RealServerFixture real) : OfficialClientContract
{
    protected override Task<IApiServer> ServerAsync() => real.ServerAsync();

    protected override Task<IApiServer> ServerToRestartAsync() => real.ServerToRestartAsync();

    protected override ValueTask ReleaseAsync()
    {
        real.Check();
        return ValueTask.CompletedTask;
    }
}
