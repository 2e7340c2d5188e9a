using DynamicToolset.Bench.Clusters;

namespace DynamicToolset.Bench.Running;

/// <summary>On what services are measured.</summary>
/// <param name="Program">The published executable.</param>
/// <param name="Assets">A folder with etcd and kube-apiserver; null for the simulated API server.</param>
internal sealed record Stage(string Program, string? Assets)
{
    public async Task<ICluster> StartClusterAsync(ClusterContent content, CancellationToken stop) => Assets is null
        ? await SimulatedCluster.StartAsync(content, stop)
        : await RealCluster.StartAsync(Assets, content, stop);

    /// <inheritdoc cref="Subject.StartAsync"/>
    public async Task<Subject> StartAsync(ClusterContent content, int toCome, CancellationToken stop) =>
        await Subject.StartAsync(Program, await StartClusterAsync(content, stop), toCome, stop);
}
