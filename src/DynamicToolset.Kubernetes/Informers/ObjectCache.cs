using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// The copy that an informer keeps: replaced whole at every change, so it is read without a lock and never changes under its reader. One writer.
/// Each change tells whether it was news.
/// </summary>
/// <param name="isNews">Whether an object that is now another than the known one is news; the newest is kept either way.</param>
internal sealed class ObjectCache<T>(InformerSource<T> source, Func<T, T, bool> isNews)
    where T : class
{
    private ImmutableDictionary<ObjectKey, T> _items = ImmutableDictionary<ObjectKey, T>.Empty;
    private volatile bool _hasSynced;

    public ImmutableDictionary<ObjectKey, T> Items => Volatile.Read(ref _items);

    /// <summary>True from the first whole list on.</summary>
    public bool HasSynced => _hasSynced;

    /// <summary>Built anew: whatever is not in the list is gone, whether or not an event told so.</summary>
    public bool Replace(ImmutableArray<T> list)
    {
        ImmutableDictionary<ObjectKey, T> held = Items;
        ImmutableDictionary<ObjectKey, T>.Builder next = ImmutableDictionary.CreateBuilder<ObjectKey, T>();
        bool isNew = !_hasSynced || list.Length != held.Count;
        bool isChange = isNew;
        foreach (T item in list)
        {
            ObjectKey key = source.Key(item);
            T? known = held.GetValueOrDefault(key);
            bool isSame = IsSame(known, item);
            isChange |= !isSame;
            isNew |= !isSame && IsNews(known, item);
            next[key] = isSame ? known! : item;
        }

        if (isChange)
            Volatile.Write(ref _items, next.ToImmutable());
        _hasSynced = true;
        return isNew;
    }

    public bool Set(T item)
    {
        ObjectKey key = source.Key(item);
        T? known = Items.GetValueOrDefault(key);
        if (IsSame(known, item))
            return false;
        Volatile.Write(ref _items, Items.SetItem(key, item));
        return IsNews(known, item);
    }

    public bool Remove(T item)
    {
        ImmutableDictionary<ObjectKey, T> before = Items;
        Volatile.Write(ref _items, before.Remove(source.Key(item)));
        return !ReferenceEquals(before, Items);
    }

    private bool IsSame(T? known, T item) => known is not null && source.Version(known) == source.Version(item);

    private bool IsNews(T? known, T item) => known is null || isNews(known, item);
}
