using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;
using Snapshot = System.Collections.Immutable.ImmutableDictionary<
    DynamicToolset.Sandbox.Resources.KubeResource,
    System.Collections.Immutable.ImmutableSortedDictionary<DynamicToolset.Cluster.ObjectKey, DynamicToolset.Sandbox.Resources.StoredObject>>;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>
/// All objects, the recent past of them, and the watches. Every version is a snapshot that shares what did not change with the one
/// before, so that a list can be continued at the version where it began. Not safe for concurrent use: the caller holds a lock.
/// </summary>
internal sealed class ObjectHistory(int limit)
{
    private static readonly ImmutableSortedDictionary<ObjectKey, StoredObject> NoObjects = ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty;
    private readonly LinkedList<Change> _changes = new();
    private readonly List<StoreWatch> _watches = [];
    private Snapshot _current = Snapshot.Empty;
    private Snapshot _oldest = Snapshot.Empty;

    /// <summary>The version of the last change.</summary>
    public long Version { get; private set; }

    /// <summary>The oldest version that can still be read and watched from.</summary>
    public long OldestVersion { get; private set; }

    public ImmutableSortedDictionary<ObjectKey, StoredObject> Objects(KubeResource resource) => _current.GetValueOrDefault(resource, NoObjects);

    /// <exception cref="ExpiredVersionException">The version is older than the history.</exception>
    public ImmutableSortedDictionary<ObjectKey, StoredObject> ObjectsAt(KubeResource resource, long version)
    {
        CheckAge(version);
        LinkedListNode<Change>? node = _changes.Last;
        while (node is not null && node.Value.Event.Version > version)
            node = node.Previous;

        return (node?.Value.After ?? _oldest).GetValueOrDefault(resource, NoObjects);
    }

    public StoredObject? Find(KubeResource resource, ObjectKey key) => Objects(resource).GetValueOrDefault(key);

    /// <summary>The version that the next change gets.</summary>
    public long NextVersion() => Version + 1;

    public void Put(KubeResource resource, StoredObject value)
    {
        StoredObject? previous = Find(resource, value.Key);
        _current = _current.SetItem(resource, Objects(resource).SetItem(value.Key, value));
        Record(resource, new StoreEvent(previous is null ? StoreEventType.Added : StoreEventType.Modified, value.Version, value, previous));
    }

    /// <param name="last">The object under the version of its deletion.</param>
    public void Remove(KubeResource resource, StoredObject last)
    {
        StoredObject? previous = Find(resource, last.Key);
        _current = _current.SetItem(resource, Objects(resource).Remove(last.Key));
        Record(resource, new StoreEvent(StoreEventType.Deleted, last.Version, last, previous));
    }

    /// <summary>Forgets all versions before the current one, as etcd's compaction does.</summary>
    public void Expire()
    {
        while (_changes.First is not null)
            ForgetOldest();

        OldestVersion = Version;
    }

    /// <summary>Events after a version.</summary>
    /// <exception cref="ExpiredVersionException">The version is older than the history.</exception>
    public StoreWatch WatchFrom(KubeResource resource, long version, Action<StoreWatch> onDispose)
    {
        CheckAge(version);
        var watch = new StoreWatch(resource, version, onDispose);
        foreach (Change change in _changes.Where(change => change.Resource == resource))
            watch.Offer(change.Event);

        _watches.Add(watch);
        return watch;
    }

    /// <summary>All present objects as additions, then the events after now.</summary>
    /// <param name="markEnd">Say where the present objects end.</param>
    public StoreWatch WatchFromStart(KubeResource resource, bool markEnd, Action<StoreWatch> onDispose)
    {
        var watch = new StoreWatch(resource, Version, onDispose);
        foreach (StoredObject present in Objects(resource).Values)
            watch.OfferInitial(present);

        if (markEnd)
            watch.Offer(new StoreEvent(StoreEventType.InitialEventsEnd, Version));

        _watches.Add(watch);
        return watch;
    }

    public void Bookmark(StoreWatch watch) => watch.Offer(new StoreEvent(StoreEventType.Bookmark, Version));

    public void Forget(StoreWatch watch) => _watches.Remove(watch);

    public void EndWatches(bool abort)
    {
        foreach (StoreWatch watch in _watches)
            watch.End(abort);

        _watches.Clear();
    }

    private void Record(KubeResource resource, StoreEvent change)
    {
        Version = change.Version;
        _changes.AddLast(new Change(resource, change, _current));
        foreach (StoreWatch watch in _watches.Where(watch => watch.Resource == resource))
            watch.Offer(change);

        while (_changes.Count > limit)
            ForgetOldest();
    }

    private void ForgetOldest()
    {
        Change oldest = _changes.First!.Value;
        _oldest = oldest.After;
        OldestVersion = oldest.Event.Version;
        _changes.RemoveFirst();
    }

    private void CheckAge(long version)
    {
        if (version < OldestVersion)
            throw new ExpiredVersionException(version, OldestVersion);
    }

    private sealed record Change(KubeResource Resource, StoreEvent Event, Snapshot After);
}

/// <summary>The history no longer reaches back to the version.</summary>
internal sealed class ExpiredVersionException(long version, long oldest) : Exception($"too old resource version: {version} ({oldest})")
{
}
