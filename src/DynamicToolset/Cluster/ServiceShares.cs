using System.Collections.Immutable;

namespace DynamicToolset.Cluster;

/// <summary>
/// Gathers the Services of a list, of each namespace the first in the order of names, as many as <see cref="ServiceBounds.Share"/> holds. What
/// comes out depends on the Services alone and not on the order in which they come; what does not fit is given up as it comes.
/// </summary>
public sealed class ServiceShares
{
    private readonly SortedDictionary<string, Share> _shares = new(StringComparer.Ordinal);

    public static ImmutableArray<ServiceRecord> Of(IEnumerable<ServiceRecord> services)
    {
        var shares = new ServiceShares();
        foreach (ServiceRecord service in services)
            shares.Add(service);
        return shares.ToImmutable();
    }

    /// <summary>Of two of one name the later one counts.</summary>
    public void Add(ServiceRecord service)
    {
        if (!_shares.TryGetValue(service.Key.Namespace, out Share? share))
            share = _shares[service.Key.Namespace] = new Share();
        share.Add(service);
    }

    /// <summary>In the order of namespace and name. Where some do not fit, the first of them stands at the end of its namespace, refused.</summary>
    public ImmutableArray<ServiceRecord> ToImmutable() => [.. _shares.Values.SelectMany(s => s.All)];

    private sealed class Share
    {
        private readonly SortedList<string, ServiceRecord> _kept = new(StringComparer.Ordinal);
        private long _cost;
        private ServiceRecord? _firstBeyond;

        public IEnumerable<ServiceRecord> All => _firstBeyond is null ? _kept.Values : _kept.Values.Append(_firstBeyond);

        public void Add(ServiceRecord service)
        {
            if (_firstBeyond?.Key < service.Key)
                return;
            if (_kept.TryGetValue(service.Key.Name, out ServiceRecord? before))
                _cost -= ServiceBounds.CostOf(before);
            _kept[service.Key.Name] = service;
            _cost += ServiceBounds.CostOf(service);
            while (_cost > ServiceBounds.Share.Most)
                GiveUpLast();
        }

        private void GiveUpLast()
        {
            ServiceRecord last = _kept.GetValueAtIndex(_kept.Count - 1);
            _kept.RemoveAt(_kept.Count - 1);
            _cost -= ServiceBounds.CostOf(last);
            _firstBeyond = last.Refuse(ServiceBounds.Share);
        }
    }
}
