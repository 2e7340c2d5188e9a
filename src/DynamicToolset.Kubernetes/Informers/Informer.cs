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

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan ShortestWait = FirstWait / 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // An API server answers 403 to everybody until it has read its RBAC rules, a second or two after it accepts connections.
    private static readonly TimeSpan RightsAllowance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWaitForRights = TimeSpan.FromSeconds(1);

    private readonly InformerSource<T> _source;
    private readonly Action _changed;
    private readonly Action<InformerReport> _report;
    private readonly Action<TimeSpan> _beat;
    private readonly Func<T, T, bool> _isNews;
    private readonly Reconnection _reconnection;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private ImmutableDictionary<ObjectKey, T> _items = ImmutableDictionary<ObjectKey, T>.Empty;
    private string? _version;
    private long _listedAt;
    private long _lastContact;
    private volatile bool _hasSynced;
    private volatile string? _missingRight;

    // Whether the API server has granted anything since it was last out of reach, and since when it has refused instead.
    private bool _isGranted;
    private long? _forbiddenSince;
    private bool _isConnectionLost;

    /// <param name="changed">Called after <see cref="Items"/> was replaced by news, and once when the first list is in. Must be quick and must not throw.</param>
    /// <param name="report">Called for everything that happens to the list and the watch. Must be quick and must not throw.</param>
    /// <param name="random">For this informer alone.</param>
    /// <param name="beat">Called whenever the loop turns, with the longest time until the next call. Must be quick and must not throw.</param>
    /// <param name="isNews">
    /// Whether an object that is now another than the known one is worth a call of <paramref name="changed"/>. <see cref="Items"/> has the
    /// newest either way. Must be quick and must not throw; without it every change is news.
    /// </param>
    /// <param name="reconnection">Shared by all who wait for the same API server.</param>
    public Informer(
        InformerSource<T> source,
        Action changed,
        Action<InformerReport> report,
        TimeProvider time,
        Random random,
        Action<TimeSpan>? beat = null,
        Func<T, T, bool>? isNews = null,
        Reconnection? reconnection = null)
    {
        _source = source;
        _changed = changed;
        _report = report;
        _time = time;
        _random = random;
        _beat = beat ?? (static _ => { });
        _isNews = isNews ?? (static (_, _) => true);
        _reconnection = reconnection ?? new Reconnection();
        _backoff = new Backoff(FirstWait, LongestWait, random);
    }

    /// <summary>The copy: replaced whole at every change, so it is read without a lock and never changes under its reader.</summary>
    public ImmutableDictionary<ObjectKey, T> Items => Volatile.Read(ref _items);

    /// <summary>True from the first whole list on. Before, an empty copy means nothing.</summary>
    public bool HasSynced => _hasSynced;

    /// <summary>When the API server last said anything: a list, an accepted watch, an event or a bookmark. Null before the first.</summary>
    public DateTimeOffset? LastContact => Volatile.Read(ref _lastContact) is > 0 and long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The right without which it cannot go on, and the manifest that grants it; null where none is missing.</summary>
    public string? MissingRight => _missingRight;

    /// <summary>Runs until stopped. Every <see cref="KubeApiException"/> is reported and outlived; any other exception is a bug and ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Task reconnected = _reconnection.Next;
                _isConnectionLost = false;
                TimeSpan wait = _version is null ? await ListAsync(stop) : await WatchAsync(_version, stop);
                if (wait <= TimeSpan.Zero)
                    continue;
                _beat(wait);
                await WaitAsync(wait, reconnected, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private async Task WaitAsync(TimeSpan wait, Task reconnected, CancellationToken stop)
    {
        if (!_isConnectionLost)
        {
            await Task.Delay(wait, _time, stop);
            return;
        }

        long begun = _time.GetTimestamp();
        try
        {
            await reconnected.WaitAsync(wait, _time, stop);
            await Task.Yield();
        }
        catch (TimeoutException)
        {
            return;
        }

        // However often others come and go: none of them makes this one try without any pause.
        TimeSpan rest = ShortestWait - _time.GetElapsedTime(begun);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, _time, stop);
    }

    private async Task<TimeSpan> ListAsync(CancellationToken stop)
    {
        _beat(LongestList);
        try
        {
            KubeList<T> list = await _source.List(stop);
            Granted();
            _report(new InformerReport.Listed(list.Items.Length));
            _listedAt = _time.GetTimestamp();
            _version = list.ResourceVersion;
            Replace(list);
            return TimeSpan.Zero;
        }
        catch (KubeApiException e)
        {
            (TimeSpan wait, bool mayPass) = Judge(e);
            _report(new InformerReport.ListFailed(e, wait, mayPass));
            return wait;
        }
    }

    private async Task<TimeSpan> WatchAsync(string version, CancellationToken stop)
    {
        var timeout = TimeSpan.FromSeconds(_random.Next(ShortestWatchSeconds, LongestWatchSeconds + 1));
        long? openedAt = null;
        bool isProgress = false;
        _beat(timeout + WatchAllowance);
        try
        {
            await foreach (WatchEvent<T> next in _source.Watch(version, timeout, stop))
            {
                if (openedAt is null)
                    Granted();
                openedAt ??= _time.GetTimestamp();
                isProgress |= next.ResourceVersion != version;
                _beat(timeout + WatchAllowance);
                foreach (WatchEvent<T> admitted in _source.Admit?.Invoke(Items, next) ?? [next])
                    Apply(admitted);
            }

            Ended(openedAt, isProgress);
            if (_source.WantsList())
                _version = null;
            TimeSpan wait = IsShortLived(openedAt) ? _backoff.Next() : TimeSpan.Zero;
            _report(new InformerReport.WatchEnded(wait));
            return wait;
        }
        catch (KubeApiException e) when (e.IsGone)
        {
            return Expire(e);
        }
        catch (KubeApiException e)
        {
            Ended(openedAt, isProgress);
            (TimeSpan wait, bool mayPass) = Judge(e);
            // What is not acceptable can only be the version: a restored store, or another API server behind the same address.
            if (e.IsInvalid)
                _version = null;
            _report(openedAt is null ? new InformerReport.WatchRefused(e, wait, mayPass) : new InformerReport.WatchBroken(e, wait));
            return wait;
        }
    }

    private bool IsShortLived(long? since) => since is null || _time.GetElapsedTime(since.Value) < ShortLived;

    // To be accepted is no success yet: an API server, or a proxy, may close every watch at once.
    private void Ended(long? openedAt, bool isProgress)
    {
        if (isProgress || !IsShortLived(openedAt))
            _backoff.Reset();
    }

    // At once, since the copy is out of date; unless a list was read just now and its version is expired already.
    private TimeSpan Expire(KubeApiException error)
    {
        _version = null;
        TimeSpan wait = IsShortLived(_listedAt) ? _backoff.Next(error.RetryAfter) : TimeSpan.Zero;
        _report(new InformerReport.VersionExpired(error, wait));
        return wait;
    }

    private void Granted()
    {
        _forbiddenSince = null;
        _missingRight = null;
        bool isBack = !_isGranted;
        _isGranted = true;
        if (isBack)
            _reconnection.Announce();
    }

    /// <returns>How long to wait, and whether the failure is one that passes by itself when an API server has just started.</returns>
    private (TimeSpan Wait, bool MayPass) Judge(KubeApiException error)
    {
        _isConnectionLost = error.IsConnectionFailure;
        if (error.IsForbidden)
            return Forbidden(error);
        _forbiddenSince = null;
        _isGranted &= error.Fault is KubeFault.None && error.Code < 500;
        return (_backoff.After(error), MayPass: false);
    }

    private (TimeSpan Wait, bool MayPass) Forbidden(KubeApiException error)
    {
        _forbiddenSince ??= _time.GetTimestamp();
        bool mayPass = !_isGranted && _time.GetElapsedTime(_forbiddenSince.Value) < RightsAllowance;
        _missingRight = mayPass ? _missingRight : error.MissingRight;
        return (_backoff.Next(error.RetryAfter, mayPass ? LongestWaitForRights : null), mayPass);
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
                Remove(_source.Key(next.Item!));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Set(T item)
    {
        ObjectKey key = _source.Key(item);
        bool isKnown = Items.TryGetValue(key, out T? known);
        if (isKnown && IsSame(known!, item))
            return;
        Volatile.Write(ref _items, Items.SetItem(key, item));
        if (!isKnown || _isNews(known!, item))
            _changed();
    }

    private bool IsSame(T one, T other) => _source.Version(one) == _source.Version(other);

    // Built anew: whatever is not in the list is gone, whether or not an event told so.
    private void Replace(KubeList<T> list)
    {
        Touch();
        ImmutableDictionary<ObjectKey, T> held = Items;
        ImmutableDictionary<ObjectKey, T>.Builder next = ImmutableDictionary.CreateBuilder<ObjectKey, T>();
        bool isNews = !_hasSynced || list.Items.Length != held.Count;
        bool isChange = isNews;
        foreach (T item in list.Items)
        {
            ObjectKey key = _source.Key(item);
            bool isKnown = held.TryGetValue(key, out T? known);
            bool isSame = isKnown && IsSame(known!, item);
            isChange |= !isSame;
            isNews |= !isKnown || (!isSame && _isNews(known!, item));
            next[key] = isSame ? known! : item;
        }

        if (!isChange)
            return;
        Volatile.Write(ref _items, next.ToImmutable());
        _hasSynced = true;
        if (isNews)
            _changed();
    }

    private void Remove(ObjectKey key)
    {
        ImmutableDictionary<ObjectKey, T> next = Items.Remove(key);
        if (ReferenceEquals(next, Items))
            return;
        Volatile.Write(ref _items, next);
        _changed();
    }

    private void Touch() => Volatile.Write(ref _lastContact, _time.GetUtcNow().UtcTicks);
}
