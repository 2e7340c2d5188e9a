using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.LeaderElection;
using DynamicToolset.Service.Loops;
using DynamicToolset.Service.Metrics;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.LeaderElection;

/// <summary>
/// Stands for election by a Lease: watches it, takes it when it is free, renews it while this replica leads, and gives it back at the end.
/// <see cref="Election"/> decides; here it is carried out, one call at a time, and whatever goes wrong is tried again.
/// </summary>
public sealed partial class LeaderElector : ILeadership
{
    /// <summary>Log lines per minute about the leader: whoever may write the Lease may change its holder many times a second.</summary>
    private const int MostHolders = 5;

    /// <summary>How long the end waits for the Lease to be given back: without that the others take over all the same, later.</summary>
    private static readonly TimeSpan LongestRelease = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly IKubeApi _api;
    private readonly ObjectKey _lease;
    private readonly ElectionOptions _options;
    private readonly Action _changed;
    private readonly ServiceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly CoalescingTrigger _trigger;
    private readonly Informer<LeaseRecord> _watch;
    private readonly Backoff _backoff;
    private readonly LineBudget _holderLines;
    private readonly long _origin;
    private Standing _standing;
    private Leadership _told;
    private LeaseRecord? _watched;
    private bool _hasWatched;
    private Pause? _pause;
    private bool _isContested;
    private bool _isReleasing;
    private volatile bool _isDoubted;
    private volatile Leadership? _yielded;
    private volatile Trouble? _reading;
    private volatile Trouble? _writing;

    /// <param name="changed">Called when this replica begins or ceases to lead, or another does. Must be quick and must not throw.</param>
    /// <param name="report">Of the watch; see <see cref="Informer{T}"/>.</param>
    /// <param name="random">For this elector alone.</param>
    public LeaderElector(
        IKubeApi api,
        ObjectKey lease,
        ElectionOptions options,
        Action changed,
        Action<InformerReport> report,
        Reconnection reconnection,
        ServiceMetrics metrics,
        TimeProvider time,
        Random random,
        ILogger<LeaderElector> logger)
    {
        _api = api;
        _lease = lease;
        _options = options;
        _changed = changed;
        _metrics = metrics;
        _time = time;
        _random = random;
        _logger = logger;
        _origin = time.GetTimestamp();
        _standing = new Standing(new Election(options), new CancellationTokenSource());
        _told = Current;
        _trigger = new CoalescingTrigger(time);
        _holderLines = new LineBudget(MostHolders, time);
        _backoff = new Backoff(options.RetryPeriod / 2, options.RetryPeriod, random);
        Heartbeat = new Heartbeat("leader-election", time);
        WatchHeartbeat = new Heartbeat("watch-lease", time);
        _watch = new Informer<LeaseRecord>(
            InformerSources.Lease(api, lease), _trigger.Signal, report, time, new Random(random.Next()), WatchHeartbeat.Beat, reconnection: reconnection);
    }

    public Heartbeat Heartbeat { get; }

    public Heartbeat WatchHeartbeat { get; }

    /// <summary>The missing permission without which this replica cannot lead, with the manifest that grants it; null if none is missing.</summary>
    public string? MissingRight => _writing?.MissingRight ?? _reading?.MissingRight ?? _watch.MissingRight;

    /// <summary>See <see cref="Informer{T}.LastProgress"/>.</summary>
    public DateTimeOffset? LastProgress => _watch.LastProgress;

    /// <summary>The address of this replica, published with each write of the Lease; null if unknown. Set it before the election starts.</summary>
    public LeaderAddress? Address { get; set; }

    /// <summary>See <see cref="Election.OtherLeaderAt"/>.</summary>
    public OtherLeader? OtherLeader => Election.OtherLeaderAt(Now);

    /// <inheritdoc/>
    public Leadership Current => Election.LeadershipAt(Now);

    /// <summary>Since the last renewal: of a leader since it was sent, of a follower since it was seen. Null before any was.</summary>
    public TimeSpan? RenewAge => Election switch
    {
        { Term: { } term } => Now - term.RenewedAt,
        { Seen: { } seen } => Now - seen.ChangedAt,
        _ => null,
    };

    private Election Election => Volatile.Read(ref _standing).Election;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <inheritdoc/>
    public CallPermit? Permit(Leadership decidedBy)
    {
        (Election election, CancellationTokenSource ended) = Volatile.Read(ref _standing);
        TimeSpan now = Now;
        return decidedBy.Leads && election.LeadershipAt(now) == decidedBy ? new CallPermit(election.CallLimitAt(now), ended.Token) : null;
    }

    /// <inheritdoc/>
    public void Doubt()
    {
        _isDoubted = true;
        _trigger.Signal();
    }

    /// <inheritdoc/>
    public void Yield(Leadership decidedBy)
    {
        _yielded = decidedBy;
        _trigger.Signal();
    }

    /// <summary>Watches the Lease until stopped. Without that this replica learns later what others do.</summary>
    public Task WatchAsync(CancellationToken stop) => _watch.RunAsync(stop);

    /// <summary>Stands for election until stopped, and then gives the Lease back.</summary>
    /// <param name="stop">To be signalled when no work that leadership allowed is under way any more: from then on another replica may lead.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Heartbeat.Beat(ElectionOptions.LongestCall);
                TimeSpan wait = await TurnAsync(stop);
                Heartbeat.Beat(wait);
                await _trigger.WaitAsync(wait, stop);
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Heartbeat.Beat(LongestRelease);
            await ReleaseAsync();
        }
    }

    /// <returns>How long nothing is to be done unless there is news.</returns>
    private async Task<TimeSpan> TurnAsync(CancellationToken stop)
    {
        TellLeftOut();
        TakeNews();
        Become(Election.At(Now));
        if (_pause?.Remaining > TimeSpan.Zero)
            return UntilEndOr(_pause.Remaining);
        ElectionDecision decision = Election.Decide(Now);
        if (decision is ElectionDecision.Wait wait)
            return UntilEndOr(wait.Until - Now);
        await CarryOutAsync(decision, Hold, stop);
        return TimeSpan.Zero;
    }

    private void TakeNews()
    {
        if (_isDoubted)
        {
            _isDoubted = false;
            Become(Election.Doubted());
        }

        if (_yielded is { } yielded && yielded == Current)
            Become(Election.Yielded(Now));

        if (!_watch.HasSynced)
            return;
        LeaseRecord? now = _watch.Items.GetValueOrDefault(_lease);
        if (_hasWatched && now == _watched)
            return;
        (_watched, _hasWatched) = (now, true);
        Become(Election.Told(now, Now));
    }

    /// <summary>Whatever waits: the end of a term is noticed in time, and withheld log lines are counted in the end.</summary>
    private TimeSpan UntilEndOr(TimeSpan wait)
    {
        TimeSpan end = Election.Term is { } term ? term.EndsAt - Now : LongestWait;
        TimeSpan[] waits = [wait, end, _holderLines.LeftOutDueIn ?? LongestWait];
        return waits.Min();
    }

    /// <summary>First the state changes, then work in the name of an ended term is stopped, and then it is logged.</summary>
    private void Become(Election next)
    {
        Standing before = _standing;
        bool isSameTerm = next.Term?.Fence == before.Election.Term?.Fence;
        Volatile.Write(ref _standing, new Standing(next, isSameTerm ? before.Ended : new CancellationTokenSource()));
        if (!isSameTerm)
            before.Ended.Cancel();
        Leadership leadership = next.LeadershipAt(Now);
        if (leadership == _told)
            return;
        Tell(leadership);
        _changed();
    }

    private void Tell(Leadership leadership)
    {
        Leadership before = _told;
        _told = leadership;
        if (before.Leads)
        {
            _metrics.LeadershipChanged();
            if (!_isReleasing)
                LogLost(Instance);
        }

        if (leadership.Leads)
        {
            _metrics.LeadershipChanged();
            LogLeads(Instance, _lease.Name);
        }
        else if (leadership is Leadership.Follower { Holder.Length: > 0 })
        {
            // All replicas have the same rights, and that one has them.
            ForgetMissingRight();
            if (_holderLines.TryTake())
                TellHolder();
        }
    }

    private void TellHolder()
    {
        if (_told is Leadership.Follower { Holder.Length: > 0 } follower)
            LogFollows(Instance, follower.HolderShown);
    }

    /// <summary>The last line logged is the present state, however often it has changed.</summary>
    private void TellLeftOut()
    {
        if (_holderLines.TakeLeftOut() is not (> 0 and int count))
            return;
        LogHolders(count);
        TellHolder();
    }

    /// <summary>For people, who know pods and hosts.</summary>
    private string Instance => _options.Instance;

    /// <summary>Another one for each term, so that the first write of a term changes something.</summary>
    private string NextFence() => _random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);

    /// <param name="Ended">Of the term, or of the time without one.</param>
    private sealed record Standing(Election Election, CancellationTokenSource Ended);
}
