using DynamicToolset.Bench.Clusters;

namespace DynamicToolset.Bench.Running;

/// <summary>One service with a cluster of its own, and what a client sees of them.</summary>
internal sealed class Subject : IAsyncDisposable
{
    private readonly Queue<Backend> _toCome;

    private Subject(ICluster cluster, ConfigMapObserver observer, ServiceProcess service, Backend[] toCome)
    {
        _toCome = new Queue<Backend>(toCome);
        Cluster = cluster;
        Observer = observer;
        Service = service;
    }

    public ICluster Cluster { get; }

    public ClusterContent Content => Cluster.Content;

    public ConfigMapObserver Observer { get; }

    public ServiceProcess Service { get; }

    /// <summary>Starts the service, and returns when its ConfigMap is right. The cluster is disposed of with it.</summary>
    /// <param name="toCome">How many backends will appear: the service must know their names from the start.</param>
    public static async Task<Subject> StartAsync(string program, ICluster cluster, int toCome, CancellationToken stop, Container? container = null)
    {
        int backends = cluster.Content.Backends;
        Backend[] all = [.. Enumerable.Range(0, backends + toCome).Select(i => new Backend(i))];
        ConfigMapObserver observer = await ConfigMapObserver.StartAsync(cluster, stop);
        Task<long> isRight = observer.ExpectAsync(present => all[..backends].All(b => b.IsIn(present.Data)), stop);
        var subject = new Subject(cluster, observer, ServiceProcess.Start(program, cluster, all, container: container), all[backends..]);
        try
        {
            await subject.Service.BringsAsync(isRight);
            return subject;
        }
        catch
        {
            // A process that does not converge is not left behind.
            await subject.DisposeAsync();
            throw;
        }
    }

    /// <summary>Backends that are not there.</summary>
    public Backend[] TakeToCome(int count) => [.. Enumerable.Range(0, count).Select(_ => _toCome.Dequeue())];

    /// <summary>They are not there any more, and may come again.</summary>
    public void Return(IEnumerable<Backend> backends)
    {
        foreach (Backend backend in backends)
            _toCome.Enqueue(backend);
    }

    public async Task<Load> LoadAsync(TimeSpan window, CancellationToken stop)
    {
        int asked = Cluster.Requests.Count;
        double before = Service.Read().CpuSeconds;
        await Task.Delay(window, TimeProvider.System, stop);
        return new Load((Service.Read().CpuSeconds - before) / window.TotalSeconds, [.. Cluster.Requests.Skip(asked)]);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Observer.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
