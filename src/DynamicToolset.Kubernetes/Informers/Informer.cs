using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// Keeps a copy of one kind of object: lists once, then watches, and resumes the watch from the last version seen for as long as the API
/// server knows that version. No failure ever removes an object from the copy; only an event or a whole list does.
/// </summary>
public sealed partial class Informer<T>
    where T : class
{
    // Random, so that the watches of many clients do not end together.
    private const int ShortestWatchSeconds = 240;
    private const int LongestWatchSeconds = 300;

    /// <summary>So many watches in a row that bring nothing, and the version that they begin at is given up.</summary>
    private const int MostFruitless = 4;

    /// <summary>Each page of a list has a time limit of its own; this is more than all of them together take in a large cluster.</summary>
    private static readonly TimeSpan LongestList = TimeSpan.FromMinutes(10);

    /// <summary>What opening a watch, and noticing that it fell silent, take beside the time for which it was asked.</summary>
    private static readonly TimeSpan WatchAllowance = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan ShortestWait = FirstWait / 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWaitForRights = TimeSpan.FromSeconds(1);

    private readonly InformerSource<T> _source;
    private readonly Action _changed;
    private readonly Action<InformerReport> _report;
    private readonly Action<TimeSpan> _beat;
    private readonly Reconnection _reconnection;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private readonly ObjectCache<T> _cache;
    private readonly AccessState _access;
    private string? _version;
    private long _listedAt;
    private long _lastProgress;
    private int _fruitless;
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
        _reconnection = reconnection ?? new Reconnection();
        _backoff = new Backoff(FirstWait, LongestWait, random);
        _cache = new ObjectCache<T>(source, isNews ?? (static (_, _) => true));
        _access = new AccessState(time);
    }

    /// <summary>The copy: replaced whole at every change, so it is read without a lock and never changes under its reader.</summary>
    public ImmutableDictionary<ObjectKey, T> Items => _cache.Items;

    /// <summary>True from the first whole list on. Before, an empty copy means nothing.</summary>
    public bool HasSynced => _cache.HasSynced;

    /// <summary>
    /// When the copy was last known to be the present state: a list, an event or a bookmark. A watch that is accepted and brings nothing is none of
    /// these. Null before the first.
    /// </summary>
    public DateTimeOffset? LastProgress => Volatile.Read(ref _lastProgress) is > 0 and long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The right without which it cannot go on, and the manifest that grants it; null where none is missing.</summary>
    public string? MissingRight => _access.MissingRight;

    /// <summary>Runs until stopped. Every <see cref="KubeApiException"/> is reported and outlived; any other exception is a bug and ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Task reconnected = _reconnection.Next;
                _isConnectionLost = false;
                (TaskCompletionSource? asked, CancellationToken interruption) = NextTurn();
                bool lists = _version is null || asked is not null;
                TimeSpan wait = lists ? await ListAsync(asked, stop) : await WatchAsync(_version!, interruption, stop);
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

    /// <param name="asked">Who is told of it.</param>
    private async Task<TimeSpan> ListAsync(TaskCompletionSource? asked, CancellationToken stop)
    {
        _beat(LongestList);
        try
        {
            KubeList<T> list = await _source.List(stop);
            Touch();
            Granted("list");
            _report(new InformerReport.Listed(list.Items.Length));
            _listedAt = _time.GetTimestamp();
            _version = list.ResourceVersion;
            _fruitless = 0;
            if (_cache.Replace(list.Items))
                _changed();
            asked?.SetResult();
            return TimeSpan.Zero;
        }
        catch (KubeApiException e)
        {
            (TimeSpan wait, bool mayPass) = WaitAfter(e);
            _report(new InformerReport.ListFailed(e, wait, mayPass));
            asked?.SetException(e);
            return wait;
        }
    }

    private async Task<TimeSpan> WatchAsync(string version, CancellationToken interruption, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interruption, stop);
        var timeout = TimeSpan.FromSeconds(_random.Next(ShortestWatchSeconds, LongestWatchSeconds + 1));
        long? openedAt = null;
        bool hadProgress = false;
        KubeApiException? error = null;
        _beat(timeout + WatchAllowance);
        try
        {
            await foreach (WatchEvent<T> next in _source.Watch(version, timeout, either.Token))
            {
                if (openedAt is null)
                {
                    openedAt = _time.GetTimestamp();
                    Granted("watch");
                    _report(new InformerReport.WatchOpened());
                }

                hadProgress |= next.ResourceVersion != version;
                _beat(timeout + WatchAllowance);
                foreach (WatchEvent<T> admitted in _source.Admit?.Invoke(Items, next) ?? [next])
                    Apply(admitted);
            }
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (KubeApiException e)
        {
            error = e;
        }

        return Ended(new WatchEnd(openedAt is { } at ? _time.GetElapsedTime(at) : null, hadProgress, error));
    }

    /// <returns>How long to wait before the next list or watch.</returns>
    private TimeSpan Ended(WatchEnd end)
    {
        if (end.IsSuccess)
        {
            _backoff.Reset();
            _fruitless = 0;
        }

        if (end.NeedsList || _source.WantsList())
            _version = null;
        return end.Error switch
        {
            null => EndedInOrder(end),
            _ when end.IsExpired => Expired(end.Error),
            _ => Broken(end, end.Error),
        };
    }

    private TimeSpan EndedInOrder(WatchEnd end)
    {
        TimeSpan wait = end.IsShortLived ? _backoff.Next() : TimeSpan.Zero;
        _report(new InformerReport.WatchEnded(wait));
        GiveUpIfFruitless(end);
        return wait;
    }

    // At once, since the copy is out of date; unless a list was read just now and its version is expired already.
    private TimeSpan Expired(KubeApiException error)
    {
        TimeSpan wait = WatchEnd.IsShort(_time.GetElapsedTime(_listedAt)) ? _backoff.Next(error.RetryAfter) : TimeSpan.Zero;
        _report(new InformerReport.VersionExpired(error, wait));
        return wait;
    }

    private TimeSpan Broken(WatchEnd end, KubeApiException error)
    {
        (TimeSpan wait, bool mayPass) = WaitAfter(error);
        _report(end.OpenFor is null ? new InformerReport.WatchRefused(error, wait, mayPass) : new InformerReport.WatchBroken(error, wait));
        if (!mayPass)
            GiveUpIfFruitless(end);
        return wait;
    }

    private void GiveUpIfFruitless(WatchEnd end)
    {
        if (!end.IsFruitless || ++_fruitless < MostFruitless)
            return;
        _version = null;
        _report(new InformerReport.WatchFruitless(end.Error));
    }

    /// <returns>How long to wait, and whether the failure is one that passes by itself when an API server has just started.</returns>
    private (TimeSpan Wait, bool MayPass) WaitAfter(KubeApiException error)
    {
        _isConnectionLost = error.IsConnectionFailure;
        bool mayPass = _access.Failed(error);
        return (mayPass ? _backoff.Next(error.RetryAfter, LongestWaitForRights) : _backoff.After(error), mayPass);
    }

    private void Granted(string verb)
    {
        if (_access.Granted(verb))
            _reconnection.Announce();
    }

    private void Apply(WatchEvent<T> next)
    {
        if (next.Kind != WatchEventKind.Opened)
            Touch();
        _version = next.ResourceVersion;
        bool isNews = next.Kind switch
        {
            WatchEventKind.Opened or WatchEventKind.Bookmark => false,
            WatchEventKind.Added or WatchEventKind.Modified => _cache.Set(next.Item!),
            WatchEventKind.Deleted => _cache.Remove(next.Item!),
            _ => throw new UnreachableException(),
        };
        if (isNews)
            _changed();
    }

    private void Touch() => Volatile.Write(ref _lastProgress, _time.GetUtcNow().UtcTicks);
}
