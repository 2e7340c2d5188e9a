using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>Where an informer gets its objects from. Both calls throw <see cref="KubeApiException"/> and nothing else but cancellation.</summary>
/// <param name="List">The whole present state, never a part of it.</param>
/// <param name="Watch">The changes after a version, for at most the given time; <see cref="WatchEventKind.Opened"/> first.</param>
/// <param name="Version">The object's resource version: an object whose version has not moved has not changed.</param>
public sealed record InformerSource<T>(
    Func<CancellationToken, Task<KubeList<T>>> List,
    Func<string, TimeSpan, CancellationToken, IAsyncEnumerable<WatchEvent<T>>> Watch,
    Func<T, ObjectKey> Key,
    Func<T, string> Version)
    where T : class
{
    /// <summary>What becomes of an event in the copy as it is held; null where each is taken as it comes.</summary>
    public Func<ImmutableDictionary<ObjectKey, T>, WatchEvent<T>, IEnumerable<WatchEvent<T>>>? Admit { get; init; }

    /// <summary>Asked when a watch ends: whether only a list can tell what the copy lacks.</summary>
    public Func<bool> WantsList { get; init; } = static () => false;
}
