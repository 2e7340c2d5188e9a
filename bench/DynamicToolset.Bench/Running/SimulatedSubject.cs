using DynamicToolset.Bench.Clusters;

namespace DynamicToolset.Bench.Running;

/// <summary>A service on the simulated API server, which tells what it was asked.</summary>
internal sealed record SimulatedSubject(SimulatedCluster Cluster, Subject Subject) : IAsyncDisposable
{
    public ClusterContent Content => Cluster.Content;

    /// <param name="toCome">How many backends will appear.</param>
    public static async Task<SimulatedSubject> StartAsync(string program, ClusterContent content, int toCome, CancellationToken stop)
    {
        SimulatedCluster cluster = await SimulatedCluster.StartAsync(content, stop);
        return new SimulatedSubject(cluster, await Subject.StartAsync(program, cluster, content.Backends, toCome, stop));
    }

    public ProcessFigures Read() => Subject.Service.Read();

    public async Task<Load> LoadAsync(TimeSpan window, CancellationToken stop)
    {
        Cluster.Requests.Clear();
        double before = Read().CpuSeconds;
        await Task.Delay(window, TimeProvider.System, stop);
        return new Load((Read().CpuSeconds - before) / window.TotalSeconds, Cluster.Requests.Entries);
    }

    public ValueTask DisposeAsync() => Subject.DisposeAsync();
}
