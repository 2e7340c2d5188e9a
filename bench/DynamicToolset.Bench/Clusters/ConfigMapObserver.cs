using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Bench.Clusters;

/// <summary>Sees what happens to the ConfigMap as any other client does, by a watch, and notes when.</summary>
internal sealed class ConfigMapObserver : IAsyncDisposable
{
    public static readonly ObjectKey Key = new(ClusterContent.OwnNamespace, "kubernaut-toolset-config");
    public static readonly string Path = $"api/v1/namespaces/{Key.Namespace}/configmaps/{Key.Name}";

    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Until an API server that does not answer is asked again: short, because what is seen then is measured too.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly KubeApiClient _api;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;
    private readonly Lock _gate = new();
    private readonly List<Expectation> _expected = [];
    private ConfigMapRecord? _newest;
    private long _newestSeen;
    private int _changes;

    private ConfigMapObserver(KubeApiClient api, KubeList<ConfigMapRecord> list)
    {
        _api = api;
        _newest = list.Items.SingleOrDefault();
        _watching = WatchAsync(list.ResourceVersion);
    }

    public ConfigMapRecord Newest => Volatile.Read(ref _newest) ?? throw new InvalidOperationException("There is no ConfigMap.");

    /// <summary>When the newest was seen, as a timestamp of the system's clock.</summary>
    public long NewestSeen => Volatile.Read(ref _newestSeen);

    /// <summary>Seen since the start: each is a write of somebody that changed something.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Returns when the watch has begun.</summary>
    public static async Task<ConfigMapObserver> StartAsync(ICluster cluster, CancellationToken stop)
    {
        var api = new KubeApiClient(cluster.AdminConnection, TimeProvider.System, new KubeApiClientOptions { UserAgent = "bench" });
        var observer = new ConfigMapObserver(api, await api.ListConfigMapAsync(Key, stop));
        await await Task.WhenAny(observer._opened.Task, observer._watching);
        return observer;
    }

    /// <summary>
    /// When an event was seen that fits, as a timestamp of the system's clock. To be called before the change that leads to it is made.
    /// </summary>
    /// <exception cref="TimeoutException">A minute has passed.</exception>
    public Task<long> ExpectAsync(Func<ConfigMapRecord, bool> fits, CancellationToken stop, bool isNew = false)
    {
        lock (_gate)
            return ExpectAsync(new Expectation(fits, isNew), stop);
    }

    /// <summary>The same where what is there may fit already, because the change that leads to it has been made.</summary>
    /// <exception cref="TimeoutException">A minute has passed.</exception>
    public Task<long> SeenAsync(Func<ConfigMapRecord, bool> fits, CancellationToken stop)
    {
        lock (_gate)
        {
            return _newest is { } newest && fits(newest)
                ? Task.FromResult(_newestSeen)
                : ExpectAsync(new Expectation(fits, IsNew: false), stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _api.Dispose();
        _stop.Dispose();
    }

    private async Task<long> ExpectAsync(Expectation expected, CancellationToken stop)
    {
        _expected.Add(expected);
        await await Task.WhenAny(expected.Seen.Task.WaitAsync(Deadline, TimeProvider.System, stop), _watching);
        return await expected.Seen.Task;
    }

    /// <summary>Ends with the observer, or with what is no fault of the API server.</summary>
    private async Task WatchAsync(string version)
    {
        while (true)
        {
            try
            {
                await foreach (WatchEvent<ConfigMapRecord> change in _api.WatchConfigMapAsync(Key, version, WatchTimeout, _stop.Token))
                    See(change);
            }
            catch (KubeApiException)
            {
                // API servers are restarted in some benches.
            }

            version = await ReadAnewAsync();
        }
    }

    private async Task<string> ReadAnewAsync()
    {
        while (true)
        {
            try
            {
                KubeList<ConfigMapRecord> list = await _api.ListConfigMapAsync(Key, _stop.Token);
                foreach (ConfigMapRecord missed in list.Items.Where(i => i.ResourceVersion != _newest?.ResourceVersion))
                    See(new WatchEvent<ConfigMapRecord>(WatchEventKind.Modified, missed, missed.ResourceVersion));
                return list.ResourceVersion;
            }
            catch (KubeApiException)
            {
                await Task.Delay(Pause, TimeProvider.System, _stop.Token);
            }
        }
    }

    private void See(WatchEvent<ConfigMapRecord> change)
    {
        long now = TimeProvider.System.GetTimestamp();
        if (change.Kind == WatchEventKind.Opened)
            _opened.TrySetResult();
        if (change.Kind is not (WatchEventKind.Added or WatchEventKind.Modified))
            return;
        lock (_gate)
        {
            _changes++;
            (_newest, _newestSeen) = (change.Item, now);
            foreach (Expectation met in _expected.Where(e => e.IsMetBy(change)))
                met.Seen.TrySetResult(now);
            _expected.RemoveAll(e => e.Seen.Task.IsCompleted);
        }
    }

    private sealed record Expectation(Func<ConfigMapRecord, bool> Fits, bool IsNew)
    {
        public TaskCompletionSource<long> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsMetBy(WatchEvent<ConfigMapRecord> change) => (!IsNew || change.Kind == WatchEventKind.Added) && Fits(change.Item!);
    }
}
