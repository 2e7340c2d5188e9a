using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// Keeps a copy of one kind of object: lists once, then watches, and resumes the watch from the last version seen for as long as the API
/// server knows that version. No failure ever removes an object from the copy; only an event or a whole list does.
/// </summary>
public sealed class Informer<T>
    where T : class
{
    // Random, so that the watches of many clients do not end together.
    private const int ShortestWatchSeconds = 240;
    private const int LongestWatchSeconds = 300;

    /// <summary>Each page of a list has a time limit of its own; this is more than all of them together take in a large cluster.</summary>
    private static readonly TimeSpan LongestList = TimeSpan.FromMinutes(10);

    /// <summary>What opening a watch, and noticing that it fell silent, take beside the time for which it was asked.</summary>
    private static readonly TimeSpan WatchAllowance = TimeSpan.FromMinutes(2);

    // A watch that ends sooner has failed, however politely: reopening it at once would be a busy loop over the network.
    private static readonly TimeSpan ShortLived = TimeSpan.FromSeconds(10);

    private readonly InformerSource<T> _source;
    private readonly Action _changed;
    private readonly Action<InformerReport> _report;
    private readonly Action<TimeSpan> _beat;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private ImmutableDictionary<ObjectKey, T> _items = ImmutableDictionary<ObjectKey, T>.Empty;
    private string? _version;
    private long _listedAt;
    private long _lastContact;
    private volatile bool _hasSynced;

    /// <param name="changed">Called after <see cref="Items"/> was replaced, and once when the first list is in. Must be quick and must not throw.</param>
    /// <param name="report">Called for everything that happens to the list and the watch. Must be quick and must not throw.</param>
    /// <param name="random">For this informer alone.</param>
    /// <param name="beat">Called whenever the loop turns, with the longest time until the next call. Must be quick and must not throw.</param>
    public Informer(
        InformerSource<T> source,
        Action changed,
        Action<InformerReport> report,
        TimeProvider time,
        Random random,
        Action<TimeSpan>? beat = null)
    {
        _source = source;
        _changed = changed;
        _report = report;
        _time = time;
        _random = random;
        _beat = beat ?? (static _ => { });
        _backoff = new Backoff(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), time, random);
    }

    /// <summary>The copy: replaced whole at every change, so it is read without a lock and never changes under its reader.</summary>
    public ImmutableDictionary<ObjectKey, T> Items => Volatile.Read(ref _items);

    /// <summary>True from the first whole list on. Before, an empty copy means nothing.</summary>
    public bool HasSynced => _hasSynced;

    /// <summary>When the API server last said anything: a list, an accepted watch, an event or a bookmark. Null before the first.</summary>
    public DateTimeOffset? LastContact => Volatile.Read(ref _lastContact) is > 0 and long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Runs until stopped. Every <see cref="KubeApiException"/> is reported and outlived; any other exception is a bug and ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                TimeSpan wait = _version is null ? await ListAsync(stop) : await WatchAsync(_version, stop);
                if (wait <= TimeSpan.Zero)
                    continue;
                _beat(wait);
                await Task.Delay(wait, _time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private async Task<TimeSpan> ListAsync(CancellationToken stop)
    {
        _beat(LongestList);
        try
        {
            KubeList<T> list = await _source.List(stop);
            _report(new InformerReport.Listed(list.Items.Length));
            _listedAt = _time.GetTimestamp();
            _version = list.ResourceVersion;
            Replace(list);
            return TimeSpan.Zero;
        }
        catch (KubeApiException e)
        {
            TimeSpan wait = _backoff.Next(e.RetryAfter);
            _report(new InformerReport.ListFailed(e, wait));
            return wait;
        }
    }

    private async Task<TimeSpan> WatchAsync(string version, CancellationToken stop)
    {
        var timeout = TimeSpan.FromSeconds(_random.Next(ShortestWatchSeconds, LongestWatchSeconds + 1));
        long begun = _time.GetTimestamp();
        bool opened = false;
        _beat(timeout + WatchAllowance);
        try
        {
            await foreach (WatchEvent<T> next in _source.Watch(version, timeout, stop))
            {
                opened = true;
                _beat(timeout + WatchAllowance);
                Apply(next);
            }

            TimeSpan wait = _time.GetElapsedTime(begun) < ShortLived ? _backoff.Next() : TimeSpan.Zero;
            _report(new InformerReport.WatchEnded(wait));
            return wait;
        }
        catch (KubeApiException e) when (e.IsGone)
        {
            return Expire(e);
        }
        catch (KubeApiException e)
        {
            TimeSpan wait = _backoff.Next(e.RetryAfter);
            // What is not acceptable can only be the version: a restored store, or another API server behind the same address.
            if (e.IsInvalid)
                _version = null;
            _report(opened ? new InformerReport.WatchBroken(e, wait) : new InformerReport.WatchRefused(e, wait));
            return wait;
        }
    }

    // At once, since the copy is out of date; unless a list was read just now and its version is expired already.
    private TimeSpan Expire(KubeApiException error)
    {
        _version = null;
        TimeSpan wait = _time.GetElapsedTime(_listedAt) < ShortLived ? _backoff.Next(error.RetryAfter) : TimeSpan.Zero;
        _report(new InformerReport.VersionExpired(error, wait));
        return wait;
    }

    private void Apply(WatchEvent<T> next)
    {
        Touch();
        _version = next.ResourceVersion;
        switch (next.Kind)
        {
            case WatchEventKind.Opened or WatchEventKind.Bookmark:
                break;
            case WatchEventKind.Added or WatchEventKind.Modified:
                Set(next.Item!);
                break;
            case WatchEventKind.Deleted:
                Publish(Items.Remove(_source.Key(next.Item!)));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Set(T item)
    {
        ObjectKey key = _source.Key(item);
        bool same = Items.TryGetValue(key, out T? known) && _source.Version(known) == _source.Version(item);
        if (!same)
            Publish(Items.SetItem(key, item));
    }

    // Built anew: whatever is not in the list is gone, whether or not an event told so.
    private void Replace(KubeList<T> list)
    {
        Touch();
        ImmutableDictionary<ObjectKey, T> held = Items;
        ImmutableDictionary<ObjectKey, T>.Builder next = ImmutableDictionary.CreateBuilder<ObjectKey, T>();
        bool changed = !_hasSynced || list.Items.Length != held.Count;
        foreach (T item in list.Items)
        {
            ObjectKey key = _source.Key(item);
            bool same = held.TryGetValue(key, out T? known) && _source.Version(known) == _source.Version(item);
            changed |= !same;
            next[key] = same ? known! : item;
        }

        if (!changed)
            return;
        Volatile.Write(ref _items, next.ToImmutable());
        _hasSynced = true;
        _changed();
    }

    private void Publish(ImmutableDictionary<ObjectKey, T> next)
    {
        if (ReferenceEquals(next, Items))
            return;
        Volatile.Write(ref _items, next);
        _changed();
    }

    private void Touch() => Volatile.Write(ref _lastContact, _time.GetUtcNow().UtcTicks);
}
