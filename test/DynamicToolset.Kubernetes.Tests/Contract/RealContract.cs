namespace DynamicToolset.Kubernetes.Tests.Contract;

[Collection(RealServerTests.Name)]
public sealed class RealContract(RealServerFixture real) : KubeApiContract
{
    protected override Task<IContractServer> ServerAsync() => Task.FromResult(real.Server());

    protected override ValueTask ReleaseAsync() => ValueTask.CompletedTask;
}
