using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

public sealed class SimulatedDeployedServiceTests(SimulatedDeployedServiceTests.Fixture fixture)
    : DeployedServiceContract(fixture), IClassFixture<SimulatedDeployedServiceTests.Fixture>
{
    public sealed class Fixture : DeployedServiceFixture
    {
        private SimulatedServer? _server;

        protected override async Task<IApiServer> ServerAsync() => _server ??= await SimulatedServer.StartAsync();

        protected override ValueTask ReleaseAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
