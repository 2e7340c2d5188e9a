using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

public sealed class RealDeployedServiceTests(RealDeployedServiceTests.Fixture fixture)
    : DeployedServiceContract(fixture), IClassFixture<RealDeployedServiceTests.Fixture>
{
    public sealed class Fixture : DeployedServiceFixture
    {
        private RealServerFixture? _real;

        protected override async Task<IApiServer> ServerAsync()
        {
            if (_real is null)
            {
                _real = new RealServerFixture();
                await _real.InitializeAsync();
            }

            return _real.Server();
        }

        protected override ValueTask ReleaseAsync() => _real?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
