using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>The Services of all watched namespaces: one informer for the whole cluster, or one for each namespace.</summary>
public sealed class ServiceSources(ImmutableArray<Informer<ServiceRecord>> informers)
{
    public bool HasSynced => informers.All(i => i.HasSynced);

    /// <summary>That of the namespace which was silent for longest; null where one was never heard of.</summary>
    public DateTimeOffset? LastProgress => informers.Any(i => i.LastProgress is null) ? null : informers.Min(i => i.LastProgress);

    /// <summary>The first that is missing, of any namespace; null where none is.</summary>
    public string? MissingRight => informers.Select(i => i.MissingRight).FirstOrDefault(right => right is not null);

    /// <summary>Equal to an earlier one as long as no Service changed.</summary>
    public ImmutableArray<ImmutableDictionary<ObjectKey, ServiceRecord>> Snapshot() => [.. informers.Select(i => i.Items)];

    /// <summary>Of all namespaces; see <see cref="Informer{T}.ListAnewAsync"/>.</summary>
    public Task ListAnewAsync() => Task.WhenAll(informers.Select(i => i.ListAnewAsync()));

    public IEnumerable<Func<CancellationToken, Task>> Loops => informers.Select(i => (Func<CancellationToken, Task>)i.RunAsync);
}
