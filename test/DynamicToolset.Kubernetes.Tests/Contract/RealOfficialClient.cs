using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

[Collection(RealServerTests.Name)]
public sealed class RealOfficialClient(RealServerFixture real) : OfficialClientContract
{
    protected override Task<IApiServer> ServerAsync() => Task.FromResult(real.Server());

    protected override ValueTask ReleaseAsync() => ValueTask.CompletedTask;
}
