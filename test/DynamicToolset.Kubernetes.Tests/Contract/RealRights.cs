using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

[Collection(RealServerTests.Name)]
public sealed class RealRights(RealServerFixture real) : RightsContract
{
    protected override Task<IApiServer> ServerAsync() => real.ServerAsync();

    protected override ValueTask ReleaseAsync()
    {
        real.Check();
        return ValueTask.CompletedTask;
    }
}
