using System.Runtime.CompilerServices;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>Watches the one ConfigMap, and is told what our own requests were answered. Safe for the watch and a round at once.</summary>
public sealed class ConfigMapSource
{
    private readonly InformerSource<ConfigMapRecord> _source;
    private readonly Informer<ConfigMapRecord> _informer;
    private readonly Lock _gate = new();
    private ConfigMapView _current = ConfigMapView.Empty;
    private int _answers;

    /// <param name="changed">Called when the watch brings news, and once when the first list is in. Must be quick and must not throw.</param>
    public ConfigMapSource(
        InformerSource<ConfigMapRecord> source,
        Action changed,
        Action<InformerReport> report,
        TimeProvider time,
        Random random,
        Action<TimeSpan>? beat = null,
        Reconnection? reconnection = null)
    {
        _source = source;
        _informer = new Informer<ConfigMapRecord>(
            _source with { List = ListAsync, Watch = WatchAsync }, changed, report, time, random, beat, reconnection: reconnection);
    }

    /// <summary>Immutable: to be taken once by whoever decides by it. Where it equals an earlier one there is no news.</summary>
    public ConfigMapView Current => Volatile.Read(ref _current);

    public bool HasSynced => _informer.HasSynced;

    /// <inheritdoc cref="Informer{T}.LastProgress"/>
    public DateTimeOffset? LastProgress => _informer.LastProgress;

    /// <inheritdoc cref="Informer{T}.MissingRight"/>
    public string? MissingRight => _informer.MissingRight;

    /// <inheritdoc cref="Informer{T}.ListAnewAsync"/>
    public Task ListAnewAsync() => _informer.ListAnewAsync();

    public Task RunAsync(CancellationToken stop) => _informer.RunAsync(stop);

    /// <summary>Tells of the answer to a read or write of our own; null where there is no ConfigMap.</summary>
    public void Answered(ConfigMapRecord? present)
    {
        lock (_gate)
        {
            _answers++;
            _current = _current.Answered(present);
        }
    }

    // A list that an answer of our own overtook may be older or newer than that answer: it is asked for once more.
    private async Task<KubeList<ConfigMapRecord>> ListAsync(CancellationToken stop)
    {
        while (true)
        {
            int answers = Volatile.Read(ref _answers);
            KubeList<ConfigMapRecord> list = await _source.List(stop);
            lock (_gate)
            {
                if (answers == _answers)
                {
                    _current = _current.Listed(list.Items.SingleOrDefault());
                    return list;
                }
            }
        }
    }

    // Taken in before the informer sees it, which passes over what it knows, and forgets what a deletion carries.
    private async IAsyncEnumerable<WatchEvent<ConfigMapRecord>> WatchAsync(
        string version, TimeSpan timeout, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (WatchEvent<ConfigMapRecord> next in _source.Watch(version, timeout, stop))
        {
            lock (_gate)
            {
                _current = next.Kind switch
                {
                    WatchEventKind.Added or WatchEventKind.Modified => _current.Changed(next.Item!),
                    WatchEventKind.Deleted => _current.Deleted(next.Item!),
                    _ => _current,
                };
            }

            yield return next;
        }
    }
}
