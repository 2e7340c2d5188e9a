using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Service.Hosting;

/// <summary>Watches the one ConfigMap.</summary>
public sealed class ConfigMapSource
{
    private readonly ObjectKey _key;
    private readonly Informer<ConfigMapRecord> _informer;
    private long _generation;

    public ConfigMapSource(
        IKubeApi api,
        ObjectKey key,
        Action changed,
        Action<InformerReport> report,
        TimeProvider time,
        Random random,
        Action<TimeSpan>? beat = null)
    {
        _key = key;
        _informer = new Informer<ConfigMapRecord>(InformerSources.ConfigMap(api, key), Changed, report, time, random, beat);

        void Changed()
        {
            Interlocked.Increment(ref _generation);
            changed();
        }
    }

    public bool HasSynced => _informer.HasSynced;

    /// <inheritdoc cref="Informer{T}.LastContact"/>
    public DateTimeOffset? LastContact => _informer.LastContact;

    public Task RunAsync(CancellationToken stop) => _informer.RunAsync(stop);

    /// <summary>The view with what the watch has brought since.</summary>
    public ConfigMapView Update(ConfigMapView view)
    {
        // Read before the object: if both move in between, the next look takes the same object for news, which does no harm.
        long generation = Interlocked.Read(ref _generation);
        return view.Watched(generation, _informer.Items.GetValueOrDefault(_key));
    }
}
