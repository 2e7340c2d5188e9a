using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Bench.Clusters;

/// <summary>Sees what happens to the ConfigMap as any other client does, by a watch, and notes when.</summary>
internal sealed class ConfigMapObserver : IAsyncDisposable
{
    public static readonly ObjectKey Key = new(ClusterContent.OwnNamespace, "kubernaut-toolset-config");

    /// <summary>Longer than any bench lasts.</summary>
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly KubeApiClient _api;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;
    private Expectation? _expected;
    private ConfigMapRecord? _newest;
    private int _changes;

    private ConfigMapObserver(KubeApiClient api, KubeList<ConfigMapRecord> list)
    {
        _api = api;
        _newest = list.Items.SingleOrDefault();
        _watching = WatchAsync(list.ResourceVersion);
    }

    public ConfigMapRecord Newest => Volatile.Read(ref _newest) ?? throw new InvalidOperationException("There is no ConfigMap.");

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
    /// When an event was seen that fits. To be called before the change that leads to it is made, one at a time; the result is a
    /// timestamp of the system's clock.
    /// </summary>
    /// <exception cref="TimeoutException">A minute has passed.</exception>
    public async Task<long> ExpectAsync(Func<ConfigMapRecord, bool> fits, CancellationToken stop, bool isNew = false)
    {
        var expected = new Expectation(fits, isNew);
        Volatile.Write(ref _expected, expected);
        await await Task.WhenAny(expected.Seen.Task.WaitAsync(Deadline, TimeProvider.System, stop), _watching);
        return await expected.Seen.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _api.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync(string version)
    {
        await foreach (WatchEvent<ConfigMapRecord> change in _api.WatchConfigMapAsync(Key, version, WatchTimeout, _stop.Token))
        {
            long now = TimeProvider.System.GetTimestamp();
            if (change.Kind == WatchEventKind.Opened)
                _opened.SetResult();
            if (change.Kind is not (WatchEventKind.Added or WatchEventKind.Modified))
                continue;
            Interlocked.Increment(ref _changes);
            Volatile.Write(ref _newest, change.Item);
            if (Volatile.Read(ref _expected) is { } expected && expected.IsMetBy(change))
                expected.Seen.TrySetResult(now);
        }

        throw new InvalidOperationException("The watch of the ConfigMap has ended.");
    }

    private sealed record Expectation(Func<ConfigMapRecord, bool> Fits, bool IsNew)
    {
        public TaskCompletionSource<long> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsMetBy(WatchEvent<ConfigMapRecord> change) => (!IsNew || change.Kind == WatchEventKind.Added) && Fits(change.Item!);
    }
}
