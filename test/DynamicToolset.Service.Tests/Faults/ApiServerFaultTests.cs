using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;
using static DynamicToolset.Service.Tests.Faults.FaultyCluster;

namespace DynamicToolset.Service.Tests.Faults;

/// <summary>What happens to the API server.</summary>
public sealed class ApiServerFaultTests
{
    private const string Unanswered = "dynamictoolset_kube_requests_total{verb=\"watch\",resource=\"services\",code=\"0\"}";

    [Fact]
    public async Task An_API_server_that_is_killed_and_comes_back_costs_one_repair_and_nothing_else()
    {
        await using RealServer server = await OwnServerAsync();
        await using DeployedService service = await InstallAsync(server);
        await new FaultSeries("kube-apiserver killed and started again", service, FaultSeries.RepairAndFence).StrikeAsync(async trial =>
        {
            await server.RestartAsync();
            await trial.SpoilAsync(Prometheus);
            trial.IsOver();
        });
    }

    [Fact]
    public async Task A_certificate_authority_that_is_replaced_is_trusted_as_soon_as_its_file_is_there()
    {
        await using RealServer server = await OwnServerAsync();
        await using DeployedService service = await InstallAsync(server);
        await new FaultSeries("certificate authority replaced", service, FaultSeries.RepairAndFence).StrikeAsync(async trial =>
        {
            await server.RestartWithNewAuthorityAsync();
            service.TrustAnew();
            await trial.SpoilAsync(Prometheus);
            double before = await service.ReadMetricAsync(Unanswered);
            await Patience.EventuallyAsync(
                async () => await service.ReadMetricAsync(Unanswered) > before, () => "the service has met a certificate that it does not trust");
            await service.SwapAccountAsync();
            trial.IsOver();
        });
    }
}
