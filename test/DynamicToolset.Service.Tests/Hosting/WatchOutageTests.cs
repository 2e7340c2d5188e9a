using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class WatchOutageTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_watch_that_is_away_is_told_of_after_a_moment_and_until_it_is_open_again()
    {
        var outage = new WatchOutage(_time);
        KubeApiException error = null!;
        outage.Take(new InformerReport.WatchBroken(error, TimeSpan.Zero));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(outage.Detail);
        outage.Take(new InformerReport.ListFailed(error, TimeSpan.Zero));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.StartsWith("no update for 35 seconds, so the data may be old", outage.Detail, StringComparison.Ordinal);
        outage.Take(new InformerReport.WatchOpened());
        Assert.Null(outage.Detail);
    }

    [Fact]
    public async Task With_the_API_server_away_nobody_is_told_that_all_is_well()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningService service = await RunningService.StartAsync(cluster, time: _time);
        await TestCluster.EventuallyAsync(() => service.States.Current is not null, "the cluster was read");
        await cluster.LoseApiServerAsync();
        await RunningService.EventuallyAsync(
            async () => HasPassed() && (await service.ReadAsync("/readyz"))["checks"]!["services-synced"]!.GetValue<string>().StartsWith("warning: no update for ", StringComparison.Ordinal),
            "the outage is told");
        Assert.Contains(
            (await service.ReadAsync("/api/v1/status"))["checks"]!.AsArray(), c => c!["state"]!.GetValue<string>() == "warning" && c["name"]!.GetValue<string>() == "services-synced");
    }

    private bool HasPassed()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return true;
    }
}
