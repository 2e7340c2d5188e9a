using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

public sealed class RealDeployedServiceTests(RealDeployedServiceTests.Fixture fixture)
    : DeployedServiceContract(fixture), IClassFixture<RealDeployedServiceTests.Fixture>
{
    public sealed class Fixture : DeployedServiceFixture
    {
        private readonly RealServerFixture _real = new();

        public override void Check() => _real.Check();

        protected override Task<IApiServer> ServerAsync() => _real.ServerAsync();

        protected override ValueTask ReleaseAsync() => _real.DisposeAsync();
    }
}
