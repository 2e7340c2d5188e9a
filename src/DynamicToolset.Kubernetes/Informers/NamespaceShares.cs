using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// Keeps the copy of an informer to what <see cref="ServiceShares"/> would make of a list of the same Services. Of what a share does not hold
/// nothing is known, so room that others leave is filled by a list: when the watch ends, which is every five minutes at the latest.
/// </summary>
internal sealed class NamespaceShares
{
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);

    /// <summary>Whether something may fit by now that did not.</summary>
    public bool HasRoomAgain { get; private set; }

    /// <summary>The same source, of whose Services no more is kept.</summary>
    public static InformerSource<ServiceRecord> Keep(InformerSource<ServiceRecord> source)
    {
        var shares = new NamespaceShares();
        return source with
        {
            List = ListAsync,
            // Of one version there may be the whole, and what is left of it where others of its namespace take the room.
            Version = service => service.Beyond is null ? source.Version(service) : $"{source.Version(service)}, refused",
            Admit = shares.Admit,
            WantsList = () => shares.HasRoomAgain,
        };

        async Task<KubeList<ServiceRecord>> ListAsync(CancellationToken stop)
        {
            KubeList<ServiceRecord> list = await source.List(stop);
            shares.Listed(list.Items);
            return list;
        }
    }

    public void Listed(ImmutableArray<ServiceRecord> services)
    {
        _shares.Clear();
        HasRoomAgain = false;
        foreach (ServiceRecord service in services)
            ShareOf(service).Add(service);
    }

    /// <param name="held">The copy before the event.</param>
    /// <returns>What becomes of the event: itself, itself and what it pushes out, or nothing but its version.</returns>
    public IEnumerable<WatchEvent<ServiceRecord>> Admit(ImmutableDictionary<ObjectKey, ServiceRecord> held, WatchEvent<ServiceRecord> next)
    {
        if (next.Item is not { } service)
            return [next];
        Share share = ShareOf(service);
        if (share.FirstBeyond is { } first && first <= service.Key)
        {
            HasRoomAgain |= first == service.Key;
            return [new WatchEvent<ServiceRecord>(WatchEventKind.Bookmark, null, next.ResourceVersion)];
        }

        int before = held.TryGetValue(service.Key, out ServiceRecord? known) ? ServiceBounds.CostOf(known) : 0;
        int after = next.Kind == WatchEventKind.Deleted ? 0 : ServiceBounds.CostOf(service);
        share.Cost += after - before;
        HasRoomAgain |= share.FirstBeyond is not null && after < before;
        return share.Cost <= ServiceBounds.Share.Most ? [next] : [next, .. PushOut(share, held.SetItem(service.Key, service), next)];
    }

    private static IEnumerable<WatchEvent<ServiceRecord>> PushOut(
        Share share, ImmutableDictionary<ObjectKey, ServiceRecord> held, WatchEvent<ServiceRecord> cause)
    {
        string ns = cause.Item!.Key.Namespace;
        foreach (ServiceRecord last in held.Values.Where(s => s.Key.Namespace == ns).OrderByDescending(s => s.Key).ToArray())
        {
            bool stoodForTheRest = last.Beyond == ServiceBounds.Share;
            share.Cost -= stoodForTheRest ? 0 : ServiceBounds.CostOf(last);
            if (!stoodForTheRest && share.Cost <= ServiceBounds.Share.Most)
            {
                share.FirstBeyond = last.Key;
                yield return new WatchEvent<ServiceRecord>(WatchEventKind.Modified, last.Refuse(ServiceBounds.Share), cause.ResourceVersion);
                yield break;
            }

            yield return new WatchEvent<ServiceRecord>(WatchEventKind.Deleted, last, cause.ResourceVersion);
        }
    }

    private Share ShareOf(ServiceRecord service)
    {
        if (!_shares.TryGetValue(service.Key.Namespace, out Share? share))
            share = _shares[service.Key.Namespace] = new Share();
        return share;
    }

    private sealed class Share
    {
        public long Cost { get; set; }

        /// <summary>It and those after it in the order of names are not held; null where all are.</summary>
        public ObjectKey? FirstBeyond { get; set; }

        public void Add(ServiceRecord service)
        {
            if (service.Beyond == ServiceBounds.Share)
                FirstBeyond = service.Key;
            else
                Cost += ServiceBounds.CostOf(service);
        }
    }
}
