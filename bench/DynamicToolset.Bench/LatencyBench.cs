using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>How fast changes are answered in a cluster in which nothing else happens.</summary>
internal static class LatencyBench
{
    /// <summary>The two sizes side by side, in turns.</summary>
    public static async Task<(Latencies Usual, Latencies Large)> OnSimulatedServerAsync(string program, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        const int ToCome = LatencySeries.BackendsToCome;
        await using SimulatedSubject usual = await SimulatedSubject.StartAsync(program, ClusterContent.Usual, ToCome, stop);
        await using SimulatedSubject large = await SimulatedSubject.StartAsync(program, ClusterContent.Large, ToCome, stop);
        Latencies[] latencies = await Task.WhenAll(
            Latencies.OfAllAsync("", new LatencySeries(usual.Subject, turn, stop)),
            Latencies.OfSingleChangesAsync($"{large.Content.Name}: ", new LatencySeries(large.Subject, turn, stop)));
        return (latencies[0], latencies[1]);
    }

    public static async Task<Latencies> OnRealServerAsync(string program, string assets, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        ClusterContent content = ClusterContent.Usual;
        RealCluster cluster = await RealCluster.StartAsync(assets, content, stop);
        await using Subject subject = await Subject.StartAsync(program, cluster, content.Backends, LatencySeries.BackendsToCome, stop);
        return await Latencies.OfAllAsync("kube-apiserver: ", new LatencySeries(subject, turn, stop));
    }
}
