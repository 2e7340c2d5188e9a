using DynamicToolset.Bench.Clusters;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Bench.Running;

/// <summary>Two services on one kube-apiserver that stand for election, and what another client sees of them.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly Backend[] _backends;
    private int _spoiled;

    private Replicas(RealCluster cluster, ConfigMapObserver observer, Backend[] backends, string program)
    {
        _backends = backends;
        Cluster = cluster;
        Observer = observer;
        All = [new Replica(program, cluster, backends, "one"), new Replica(program, cluster, backends, "two")];
    }

    public RealCluster Cluster { get; }

    public ConfigMapObserver Observer { get; }

    public IReadOnlyList<Replica> All { get; }

    /// <summary>Of the newest ConfigMap: another one for each term.</summary>
    public string Epoch => EpochOf(Observer.Newest);

    /// <summary>Returns when one leads, the other follows, and the ConfigMap is right.</summary>
    public static async Task<Replicas> StartAsync(string program, string assets, ClusterContent content, CancellationToken stop)
    {
        RealCluster cluster = await RealCluster.StartAsync(assets, content, stop);
        ConfigMapObserver observer = await ConfigMapObserver.StartAsync(cluster, stop);
        var replicas = new Replicas(cluster, observer, [.. Enumerable.Range(0, content.Backends).Select(i => new Backend(i))], program);
        try
        {
            await replicas.SettleAsync(stop);
            return replicas;
        }
        catch
        {
            await replicas.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until one leads, the other follows it, and the ConfigMap is right.</summary>
    /// <returns>The leader, and the other one.</returns>
    /// <exception cref="TimeoutException">It did not come to that within a minute.</exception>
    public async Task<(Replica Leader, Replica Other)> SettleAsync(CancellationToken stop)
    {
        await Observer.SeenAsync(present => _backends.All(b => b.IsIn(present.Data)), stop);
        long begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Deadline)
        {
            string[] standings = await Task.WhenAll(All.Select(r => r.StandingAsync(stop)));
            if (standings[0] == "ok: leader" && Follows(standings[1], All[0]))
                return (All[0], All[1]);
            if (standings[1] == "ok: leader" && Follows(standings[0], All[1]))
                return (All[1], All[0]);
            await Task.Delay(Pause, TimeProvider.System, stop);
        }

        throw new TimeoutException("There is not one leader whom the other follows.");
    }

    /// <summary>Spoils the key of one backend, of another one each time: who edits one key again and again is met with pauses.</summary>
    /// <returns>Whether the ConfigMap is a later one in which that key is right.</returns>
    /// <exception cref="HttpRequestException">The API server did not take it.</exception>
    public async Task<Func<ConfigMapRecord, bool>> SpoilAsync(CancellationToken stop)
    {
        Backend backend = _backends[_spoiled++ % _backends.Length];
        ulong spoiled = ulong.Parse(await MergePatch.SpoilAsync(Cluster.Admin, backend, stop));
        return present => ulong.Parse(present.ResourceVersion) > spoiled && backend.IsIn(present.Data);
    }

    public static string EpochOf(ConfigMapRecord present) =>
        present.Annotations.GetValueOrDefault(DesiredConfigMap.LeaderEpochAnnotation, "");

    public async ValueTask DisposeAsync()
    {
        foreach (Replica replica in All)
            await replica.DisposeAsync();
        await Observer.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private static bool Follows(string standing, Replica leader) =>
        standing.StartsWith($"ok: follower of {leader.Name}_", StringComparison.Ordinal);
}
