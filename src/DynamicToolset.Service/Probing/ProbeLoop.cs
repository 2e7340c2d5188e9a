using System.Collections.Immutable;
using System.Threading.Channels;
using DynamicToolset.HealthCheck;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Keeps <see cref="Table"/> true: checks each target when it is due, no more than so many at a time, and beside everything else,
/// so that a slow backend delays nobody. All bookkeeping belongs to the one task of <see cref="RunAsync"/>, which others reach by message.
/// </summary>
public sealed partial class ProbeLoop
{
    /// <summary>However little there is to do, the loop turns this often to show that it can.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ProbeLoopOptions _options;
    private readonly Func<HealthCheckTarget, CancellationToken, Task<ProbeOutcome>> _check;
    private readonly Action _changed;
    private readonly Action<CompletedCheck> _completed;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly Action<TimeSpan> _beat;
    private readonly long _origin;

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<EndpointKey, Entry> _entries = [];
    private readonly PriorityQueue<Entry, (bool WasChecked, TimeSpan Due)> _due = new();
    private readonly HashSet<Entry> _running = [];
    private readonly HashSet<Entry> _awaitedFirst = [];
    private HealthTable _table = HealthTable.Empty;
    private bool _hasTargets;

    /// <param name="check">
    /// One check with all its attempts; it ends in bounded time and promptly when cancelled, and tells a failure by its outcome:
    /// an exception other than its own cancellation is a bug and ends the loop.
    /// </param>
    /// <param name="changed">
    /// Called after a check changed a status, or was its target's first. What <see cref="SetTargets"/> changes its caller knows
    /// already. Must return at once.
    /// </param>
    /// <param name="completed">Called after every check of a target that is still wanted. Must return at once.</param>
    /// <param name="beat">Called whenever the loop turns, with the longest time until the next call. Must return at once.</param>
    public ProbeLoop(
        ProbeLoopOptions options,
        Func<HealthCheckTarget, CancellationToken, Task<ProbeOutcome>> check,
        Action changed,
        Action<CompletedCheck> completed,
        TimeProvider time,
        Random random,
        ILogger<ProbeLoop> logger,
        Action<TimeSpan>? beat = null)
    {
        _options = options;
        _check = check;
        _changed = changed;
        _completed = completed;
        _time = time;
        _random = random;
        _logger = logger;
        _beat = beat ?? (static _ => { });
        _origin = time.GetTimestamp();
    }

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

    /// <summary>Ends when the loop has handled all that came before.</summary>
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
                StartDueChecks();
                Arm(timer);
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
                MakeDue(_entries.Values);
                break;
            case Message.Ping ping:
                ping.Answer.TrySetResult();
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
        List<Entry> due = [];
        foreach (ProbeTarget target in wanted)
        {
            gone.Remove(target.Endpoint);
            bool isKnown = _entries.TryGetValue(target.Endpoint, out Entry? entry);
            entry ??= _entries[target.Endpoint] = new Entry(target);
            ProbeTarget before = entry.Target;
            entry.Target = target;
            if (isKnown && before.Version == target.Version && before.Target == target.Target)
                continue;
            due.Add(entry);
            // What it is about to answer was asked in the old way.
            if (before.Target != target.Target)
                entry.Cancellation?.Cancel();
        }

        foreach (Entry entry in gone.Values)
            Forget(entry);
        MakeDue(due);
    }

    private void Forget(Entry entry)
    {
        _entries.Remove(entry.Target.Endpoint);
        _awaitedFirst.Remove(entry);
        entry.IsForgotten = true;
        entry.Cancellation?.Cancel();
    }

    /// <summary>A heap cannot change a priority, so it is filled anew; this happens per change of the targets, not per check.</summary>
    private void MakeDue(IEnumerable<Entry> entries)
    {
        TimeSpan now = Elapsed;
        foreach (Entry entry in entries)
        {
            entry.Due = now;
            entry.CheckAgain = entry.Cancellation is not null;
        }

        _due.Clear();
        _due.EnqueueRange(_entries.Values.Where(e => e.Cancellation is null).Select(e => (e, e.Priority)));
    }

    private void StartDueChecks()
    {
        TimeSpan now = Elapsed;
        while (_running.Count < _options.Concurrency && _due.TryPeek(out Entry? entry, out _) && entry.Due <= now)
        {
            _due.Dequeue();
            Start(entry);
        }
    }

    private void Start(Entry entry)
    {
        entry.Cancellation = new CancellationTokenSource();
        entry.Asked = entry.Target.Target;
        entry.StartedAt = _time.GetUtcNow();
        entry.Started = Elapsed;
        _running.Add(entry);
        entry.Check = CheckAsync(entry, entry.Cancellation.Token);
    }

    private async Task<ProbeOutcome?> CheckAsync(Entry entry, CancellationToken stop)
    {
        try
        {
            return await _check(entry.Asked, stop);
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
        ProbeOutcome? outcome = await entry.Check;
        _running.Remove(entry);
        entry.Cancellation?.Dispose();
        entry.Cancellation = null;
        EndpointKey endpoint = entry.Target.Endpoint;
        // The table may know already what the message queue has yet to say: that the target is no longer wanted.
        if (entry.IsForgotten || Table.Find(endpoint) is not { } before)
            return;
        if (outcome is null || entry.Asked != entry.Target.Target)
        {
            Schedule(entry, before);
            return;
        }

        HealthState after = HealthPolicy.Next(before, outcome, _options.Thresholds, _time.GetUtcNow());
        ImmutableInterlocked.Update(ref _table, table => table.Find(endpoint) is null ? table : table.With(endpoint, after));
        // Before others hear of the check: whoever looks then should see that it was the last one of the first round.
        _awaitedFirst.Remove(entry);
        EndFirstRoundIfComplete();
        Announce(entry, before, after, outcome);
        Schedule(entry, after);
    }

    private void Announce(Entry entry, HealthState before, HealthState after, ProbeOutcome outcome)
    {
        Log(entry, before, after);
        _completed(new CompletedCheck(entry.Target, outcome, entry.StartedAt, Elapsed - entry.Started));
        if (before.Last is null || before.Status != after.Status)
            _changed();
    }

    private void Schedule(Entry entry, HealthState state)
    {
        TimeSpan now = Elapsed;
        TimeSpan delay = ProbeSchedule.DelayAfter(state, _options.Interval, _random.NextDouble());
        entry.Due = entry.CheckAgain ? now : now + delay;
        entry.CheckAgain = false;
        entry.WasChecked = true;
        _due.Enqueue(entry, entry.Priority);
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

    private void Arm(ITimer timer)
    {
        _beat(LongestWait);
        timer.Change(UntilNextCheck(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>With all slots taken nothing can start, and the check that ends next wakes the loop.</summary>
    private TimeSpan UntilNextCheck()
    {
        if (_running.Count >= _options.Concurrency || !_due.TryPeek(out Entry? next, out _))
            return LongestWait;
        TimeSpan wait = next.Due - Elapsed;
        return wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
    }

    private async Task CancelRunningChecksAsync()
    {
        foreach (Entry entry in _running)
            entry.Cancellation?.Cancel();
        await Task.WhenAll(_running.Select(entry => entry.Check));
        foreach (Entry entry in _running)
            entry.Cancellation?.Dispose();
    }

    /// <summary>One target's bookkeeping. It stands in the heap exactly while no check of it is under way.</summary>
    private sealed class Entry(ProbeTarget target)
    {
        public ProbeTarget Target { get; set; } = target;

        /// <summary>How the check that is under way asks.</summary>
        public HealthCheckTarget Asked { get; set; } = target.Target;

        public TimeSpan Due { get; set; }

        public TimeSpan WarnedAt { get; set; }

        public TimeSpan Started { get; set; }

        public DateTimeOffset StartedAt { get; set; }

        public bool WasChecked { get; set; }

        /// <summary>First checks go first: a new backend does not queue behind a crowd that hangs. They are always due.</summary>
        public (bool WasChecked, TimeSpan Due) Priority => (WasChecked, Due);

        public bool CheckAgain { get; set; }

        public bool IsForgotten { get; set; }

        /// <summary>Null while no check is under way.</summary>
        public CancellationTokenSource? Cancellation { get; set; }

        public Task<ProbeOutcome?> Check { get; set; } = Task.FromResult<ProbeOutcome?>(null);
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
