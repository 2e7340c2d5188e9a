using System.Diagnostics;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;
using static DynamicToolset.Service.Tests.Faults.FaultyCluster;

namespace DynamicToolset.Service.Tests.Faults;

/// <summary>What happens to etcd, in which the API server stores.</summary>
public sealed class StoreFaultTests
{
    [Fact]
    public async Task A_store_that_stands_still_for_longer_than_a_term_costs_one_repair_and_nothing_else()
    {
        await using RealServer server = await OwnServerAsync();
        await using DeployedService service = await InstallAsync(server);
        await new FaultSeries("etcd stands still", service, FaultSeries.RepairAndFence).StrikeAsync(async trial =>
        {
            long begun = Stopwatch.GetTimestamp();
            await server.StopStoreAsync();
            await trial.LineAsync("Lost leader election");
            await LastAsync(FaultSeries.Outage - Stopwatch.GetElapsedTime(begun));
            await server.ContinueStoreAsync();
            await trial.SpoilAsync(Prometheus);
            trial.IsOver();
        });
    }

    private static Task LastAsync(TimeSpan rest) =>
        rest > TimeSpan.Zero ? Task.Delay(rest, TestContext.Current.CancellationToken) : Task.CompletedTask;
}
