using System.Collections.Immutable;
using System.Threading.Channels;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Keeps <see cref="Table"/> true: checks each target when it is due, beside everything else. A check is one attempt or several; what takes
/// one of the few slots is an attempt, and endpoints that hang leave slots to the others: see <see cref="Turn"/> and <see cref="FairQueue{T}"/>.
/// All bookkeeping belongs to the one task of <see cref="RunAsync"/>, which others reach by message.
/// </summary>
public sealed partial class ProbeLoop
{
    /// <summary>However little there is to do, the loop turns this often to show that it can.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>In this time everybody who waits for a first look gets one, as long as <see cref="ShortestLook"/> allows.</summary>
    private static readonly TimeSpan LooksTake = TimeSpan.FromSeconds(5);

    /// <summary>Shorter than this, a backend that is well might not get to answer.</summary>
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(100);

    private readonly ProbeLoopOptions _options;
    private readonly Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> _ask;
    private readonly Action _changed;
    private readonly Action<CompletedCheck> _completed;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly long _origin;

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<EndpointKey, Entry> _entries = [];
    private readonly PriorityQueue<Entry, TimeSpan> _waiting = new();
    private readonly SortedList<Turn, FairQueue<Entry>> _ready = new(Enum.GetValues<Turn>().ToDictionary(t => t, _ => new FairQueue<Entry>(e => e.Target.Service.Namespace)));
    private readonly HashSet<Entry> _running = [];
    private readonly HashSet<Entry> _awaitedFirst = [];
    private HealthTable _table = HealthTable.Empty;
    private bool _hasTargets;

    /// <summary>How many waited for a first look at most, since nobody did.</summary>
    private int _crowd;

    /// <param name="ask">
    /// One attempt; it ends in the request's time and promptly when cancelled, and tells a failure by its answer: an exception other than
    /// its own cancellation is a bug and ends the loop.
    /// </param>
    /// <param name="changed">
    /// Called after a check changed a status, or was its target's first. What <see cref="SetTargets"/> changes its caller knows
    /// already. Must return at once.
    /// </param>
    /// <param name="completed">Called after every check of a target that is still wanted. Must return at once.</param>
    public ProbeLoop(
        ProbeLoopOptions options,
        Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> ask,
        Action changed,
        Action<CompletedCheck> completed,
        TimeProvider time,
        Random random,
        ILogger<ProbeLoop> logger)
    {
        _options = options;
        _ask = ask;
        _changed = changed;
        _completed = completed;
        _time = time;
        _random = random;
        _logger = logger;
        Heartbeat = new Heartbeat("probe", time);
        _origin = time.GetTimestamp();
    }

    public Heartbeat Heartbeat { get; }

    /// <summary>Replaced whole, read without a lock; it always holds exactly the targets of the last <see cref="SetTargets"/>.</summary>
    public HealthTable Table => Volatile.Read(ref _table);

    /// <summary>
    /// Ends when each target of the first <see cref="SetTargets"/> has been checked once or is no longer wanted. A hanging backend
    /// takes its time: whoever waits sets a bound.
    /// </summary>
    public Task FirstRound => _firstRound.Task;

    /// <summary>Monotonic: a clock that is set back must not stop the checks.</summary>
    private TimeSpan Elapsed => _time.GetElapsedTime(_origin);

    /// <summary>
    /// What to check from now on. <see cref="Table"/> has the new targets when this returns; those that are new, have a new version or
    /// are asked in a new way are checked at once, and what is known of them stays until the answer; those that are gone are forgotten
    /// and their checks cancelled. One caller at a time.
    /// </summary>
    public void SetTargets(ImmutableArray<ProbeTarget> targets)
    {
        DateTimeOffset now = _time.GetUtcNow();
        ImmutableInterlocked.Update(
            ref _table,
            table => table.Retarget(targets.Select(t => (t.Endpoint, t.AssumeHealthy || !_options.Enabled)), now));
        _messages.Writer.TryWrite(new Message.Targets(targets));
    }

    /// <summary>Checks every target at once. One whose check is under way is checked again after it: that check began too early.</summary>
    public void CheckNow() => _messages.Writer.TryWrite(Message.AllDue.Instance);

    /// <summary>Ends when the loop has handled all that came before, and waits for the clock or an answer.</summary>
    public Task PingAsync()
    {
        Message.Ping ping = new(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _messages.Writer.TryWrite(ping);
        return ping.Answer.Task;
    }

    /// <summary>Returns after <paramref name="stop"/>, when every check has ended.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using ITimer timer = _time.CreateTimer(
            _ => _messages.Writer.TryWrite(Message.Tick.Instance), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            Arm(timer);
            await foreach (Message message in _messages.Reader.ReadAllAsync(stop))
            {
                await HandleAsync(message);
                StartAttempts();
                Arm(timer);
                if (message is Message.Ping ping)
                    ping.Answer.TrySetResult();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            await CancelRunningChecksAsync();
        }
    }

    private async Task HandleAsync(Message message)
    {
        switch (message)
        {
            case Message.Targets set:
                Retarget(set.Wanted);
                break;
            case Message.AllDue:
                CheckAtOnce(_entries.Values);
                break;
            case Message.Ended ended:
                await EndAsync(ended.Entry);
                break;
        }
    }

    private void Retarget(ImmutableArray<ProbeTarget> wanted)
    {
        if (_options.Enabled)
            UpdateEntries(wanted);
        if (!_hasTargets)
            _awaitedFirst.UnionWith(_entries.Values);
        _hasTargets = true;
        EndFirstRoundIfComplete();
    }

    private void UpdateEntries(ImmutableArray<ProbeTarget> wanted)
    {
        Dictionary<EndpointKey, Entry> gone = new(_entries);
        List<Entry> changed = [];
        foreach (ProbeTarget target in wanted)
        {
            gone.Remove(target.Endpoint);
            bool isKnown = _entries.TryGetValue(target.Endpoint, out Entry? entry);
            entry ??= _entries[target.Endpoint] = new Entry(target);
            ProbeTarget before = entry.Target;
            entry.Target = target;
            if (isKnown && before.Version == target.Version && before.Target == target.Target)
                continue;
            entry.WantsLook = true;
            changed.Add(entry);
            // What it is about to answer was asked in the old way.
            if (before.Target != target.Target)
                entry.Cancellation?.Cancel();
        }

        foreach (Entry entry in gone.Values)
            Forget(entry);
        CheckAtOnce(changed);
    }

    private void Forget(Entry entry)
    {
        _entries.Remove(entry.Target.Endpoint);
        _awaitedFirst.Remove(entry);
        Withdraw(entry);
        entry.IsForgotten = true;
        entry.Cancellation?.Cancel();
    }

    private void CheckAtOnce(IEnumerable<Entry> entries)
    {
        foreach (Entry entry in entries)
        {
            entry.CheckAgain = entry.Cancellation is not null;
            if (entry.CheckAgain)
                continue;
            Withdraw(entry);
            BeginCheck(entry);
        }
    }

    private void Withdraw(Entry entry)
    {
        if (!_ready[entry.Turn].Remove(entry))
            _waiting.Remove(entry, out _, out _);
    }

    private void BeginCheck(Entry entry)
    {
        entry.Attempt = 0;
        entry.CheckAgain = false;
        Enqueue(entry);
    }

    private void Enqueue(Entry entry)
    {
        entry.Turn = entry.WantsLook ? Turn.FirstLook : entry.Hangs && !Table.IsHealthy(entry.Target.Endpoint) ? Turn.Hanging : Turn.Prompt;
        _ready[entry.Turn].Enqueue(entry);
    }

    private void Wait(Entry entry, TimeSpan delay) => _waiting.Enqueue(entry, Elapsed + delay);

    /// <summary>No kind of turn takes all slots, so that one of another kind never waits for an endpoint to time out.</summary>
    private void StartAttempts()
    {
        while (_waiting.TryPeek(out Entry? due, out TimeSpan at) && at <= Elapsed)
        {
            _waiting.Dequeue();
            Enqueue(due);
        }

        int looks = _ready[Turn.FirstLook].Count;
        _crowd = looks == 0 ? 0 : Math.Max(_crowd, looks);
        foreach ((Turn turn, FairQueue<Entry> ready) in _ready)
        {
            while (_running.Count < _options.Concurrency && _running.Count(e => e.Turn == turn) < MostOfAKind && ready.TryDequeue(out Entry? entry))
                Start(entry, turn == Turn.FirstLook ? LookTime : _options.Timeout);
        }
    }

    private int MostOfAKind => Math.Max(1, _options.Concurrency - (_options.Concurrency / 4));

    private TimeSpan LookTime
    {
        get
        {
            TimeSpan share = LooksTake * MostOfAKind / _crowd;
            return TimeSpan.FromTicks(Math.Min(Math.Max(share.Ticks, ShortestLook.Ticks), _options.Timeout.Ticks));
        }
    }

    private void Start(Entry entry, TimeSpan timeout)
    {
        entry.WantsLook = false;
        entry.Timeout = timeout;
        entry.Cancellation = new CancellationTokenSource();
        if (entry.Attempt++ == 0)
        {
            entry.Asked = entry.Target.Target;
            entry.StartedAt = _time.GetUtcNow();
            entry.Started = Elapsed;
        }

        _running.Add(entry);
        entry.Answer = AskAsync(entry, entry.Cancellation.Token);
    }

    private async Task<ProbeAnswer?> AskAsync(Entry entry, CancellationToken stop)
    {
        try
        {
            return await _ask(entry.Asked.Request(entry.Timeout), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _messages.Writer.TryWrite(new Message.Ended(entry));
        }
    }

    private async Task EndAsync(Entry entry)
    {
        ProbeAnswer? answer = await entry.Answer;
        _running.Remove(entry);
        entry.Cancellation?.Dispose();
        entry.Cancellation = null;
        // The table may know already what the message queue has yet to say: that the target is no longer wanted.
        if (entry.IsForgotten || Table.Find(entry.Target.Endpoint) is not { } state)
            return;
        if (answer is null || entry.Asked != entry.Target.Target)
        {
            BeginCheck(entry);
            return;
        }

        ProbeOutcome outcome = ProbeOutcome.Of(answer, entry.Asked.Accepts);
        entry.Hangs = outcome.IsTimeout;
        bool wasCutShort = entry.Hangs && entry.Timeout < _options.Timeout;
        if (!wasCutShort && HealthPolicy.EndsCheck(state, outcome, entry.Attempt, _options.Attempts))
            EndCheck(entry, state, outcome);
        else if (wasCutShort || entry.CheckAgain)
            BeginCheck(entry);
        else
            Wait(entry, _options.RetryInterval);
    }

    private void EndCheck(Entry entry, HealthState before, ProbeOutcome outcome)
    {
        EndpointKey endpoint = entry.Target.Endpoint;
        HealthState after = HealthPolicy.Next(before, outcome, _options.Thresholds, _time.GetUtcNow());
        ImmutableInterlocked.Update(ref _table, table => table.Find(endpoint) is null ? table : table.With(endpoint, after));
        // Before others hear of the check: whoever looks then should see that it was the last one of the first round.
        _awaitedFirst.Remove(entry);
        EndFirstRoundIfComplete();
        entry.Attempt = 0;
        Announce(entry, before, after, outcome);
        if (entry.CheckAgain)
            BeginCheck(entry);
        else
            Wait(entry, ProbeSchedule.DelayAfter(after, _options.Interval, _random.NextDouble()));
    }

    private void Announce(Entry entry, HealthState before, HealthState after, ProbeOutcome outcome)
    {
        Log(entry, before, after);
        _completed(new CompletedCheck(entry.Target, outcome, entry.StartedAt, Elapsed - entry.Started));
        if (before.Last is null || before.Status != after.Status)
            _changed();
    }

    private void Log(Entry entry, HealthState before, HealthState after)
    {
        ProbeTarget target = entry.Target;
        string service = target.Service.ToString();
        string endpoint = target.Target.Endpoint.ToString();
        if (after.Status == HealthStatus.Healthy && before.Status == HealthStatus.Unhealthy)
            LogRecovered(_logger, target.ServiceType, service, endpoint);
        if (after is not { Status: HealthStatus.Unhealthy, Last: { IsSuccess: false } outcome })
            return;
        if (before.Status == HealthStatus.Unhealthy && Elapsed - entry.WarnedAt < _options.WarningInterval)
            return;
        entry.WarnedAt = Elapsed;
        LogSkipped(_logger, target.ServiceType, service, endpoint, outcome.Reason, outcome.StatusCode);
    }

    private void EndFirstRoundIfComplete()
    {
        if (_hasTargets && _awaitedFirst.Count == 0)
            _firstRound.TrySetResult();
    }

    /// <summary>What is ready waits for a slot: the attempt that frees one wakes the loop.</summary>
    private void Arm(ITimer timer)
    {
        Heartbeat.Beat(LongestWait);
        TimeSpan wait = _waiting.TryPeek(out _, out TimeSpan due) && due - Elapsed < LongestWait ? due - Elapsed : LongestWait;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task CancelRunningChecksAsync()
    {
        foreach (Entry entry in _running)
            entry.Cancellation?.Cancel();
        await Task.WhenAll(_running.Select(entry => entry.Answer));
        foreach (Entry entry in _running)
            entry.Cancellation?.Dispose();
    }

    /// <summary>One target's bookkeeping. It waits for its time, or for a slot, or an attempt is under way.</summary>
    private sealed class Entry(ProbeTarget target)
    {
        public ProbeTarget Target { get; set; } = target;

        public TimeSpan WarnedAt { get; set; }

        /// <summary>True from the time that it became new, or changed, until it is asked.</summary>
        public bool WantsLook { get; set; }

        public Turn Turn { get; set; }

        /// <summary>How the check that is under way asks.</summary>
        public HealthCheckTarget Asked { get; set; } = target.Target;

        public TimeSpan Started { get; set; }

        public DateTimeOffset StartedAt { get; set; }

        /// <summary>Of the check that is under way, from 1.</summary>
        public int Attempt { get; set; }

        public TimeSpan Timeout { get; set; }

        public bool Hangs { get; set; }

        public bool CheckAgain { get; set; }

        public bool IsForgotten { get; set; }

        /// <summary>Null while no attempt is under way.</summary>
        public CancellationTokenSource? Cancellation { get; set; }

        public Task<ProbeAnswer?> Answer { get; set; } = Task.FromResult<ProbeAnswer?>(null);
    }

    private abstract record Message
    {
        public sealed record Targets(ImmutableArray<ProbeTarget> Wanted) : Message;

        public sealed record AllDue : Message
        {
            public static readonly AllDue Instance = new();
        }

        public sealed record Tick : Message
        {
            public static readonly Tick Instance = new();
        }

        public sealed record Ping(TaskCompletionSource Answer) : Message;

        public sealed record Ended(Entry Entry) : Message;
    }
}
