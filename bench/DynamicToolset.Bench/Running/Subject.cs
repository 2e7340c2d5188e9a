using DynamicToolset.Bench.Clusters;

namespace DynamicToolset.Bench.Running;

/// <summary>One service with a cluster of its own, and what a client sees of them.</summary>
internal sealed class Subject : IAsyncDisposable
{
    private readonly ICluster _cluster;
    private readonly Queue<Backend> _present;
    private readonly Queue<Backend> _toCome;

    private Subject(ICluster cluster, ConfigMapObserver observer, ServiceProcess service, Backend[] present, Backend[] toCome)
    {
        _cluster = cluster;
        _present = new Queue<Backend>(present);
        _toCome = new Queue<Backend>(toCome);
        Observer = observer;
        Service = service;
    }

    public HttpClient Admin => _cluster.Admin;

    public ConfigMapObserver Observer { get; }

    public ServiceProcess Service { get; }

    /// <summary>Starts the service, and returns when its ConfigMap is right. The cluster is disposed of with it.</summary>
    /// <param name="toCome">How many backends will appear: the service must know their names from the start.</param>
    public static async Task<Subject> StartAsync(string program, ICluster cluster, int backends, int toCome, CancellationToken stop, Container? container = null)
    {
        Backend[] all = [.. Enumerable.Range(0, backends + toCome).Select(i => new Backend(i))];
        ConfigMapObserver observer = await ConfigMapObserver.StartAsync(cluster, stop);
        Task<long> isRight = observer.ExpectAsync(present => all[..backends].All(b => b.IsIn(present.Data)), stop);
        var subject = new Subject(cluster, observer, ServiceProcess.Start(program, cluster, all, container: container), all[..backends], all[backends..]);
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

    /// <summary>How many backends can still be taken by <see cref="TakePresent"/>.</summary>
    public int Present => _present.Count;

    /// <summary>Backends that were never there.</summary>
    public Backend[] TakeToCome(int count) => [.. Enumerable.Range(0, count).Select(_ => _toCome.Dequeue())];

    /// <summary>A backend that is there, each only once.</summary>
    public Backend TakePresent() => _present.Dequeue();

    /// <summary>It has appeared, and stays.</summary>
    public void Add(Backend backend) => _present.Enqueue(backend);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Observer.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}
