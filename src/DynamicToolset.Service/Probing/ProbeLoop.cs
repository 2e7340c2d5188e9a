using System.Collections.Immutable;
using System.Threading.Channels;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Keeps <see cref="Health"/> true: checks each target when it is due, beside everything else. A check is one attempt or several; what takes
/// one of the few slots is an attempt, and endpoints that hang leave slots to the others: see <see cref="CheckSchedule{T}"/>.
/// All bookkeeping belongs to the one task of <see cref="RunAsync"/>, which others reach by message.
/// </summary>
public sealed partial class ProbeLoop
{
    /// <summary>However little there is to do, the loop turns this often to show that it can.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

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
    private readonly Dictionary<EndpointKey, WatchedEndpoint> _endpoints = [];
    private readonly CheckSchedule<WatchedEndpoint> _schedule;
    private readonly RecheckBudget _rechecks;
    private JudgedHealth _health;

    private bool _hasTargets;

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
        _failedLines = new LineBudget(MostTold, time);
        _recoveredLines = new LineBudget(MostTold, time);
        _health = options.Panic ? JudgedHealth.Empty : JudgedHealth.EmptyWithoutPanic;
        _rechecks = new RecheckBudget(options.Interval);
        _schedule = new CheckSchedule<WatchedEndpoint>(options.Concurrency, options.Timeout, e => e.Target.Service.Namespace, TurnOf);
    }

    public Heartbeat Heartbeat { get; }

    /// <summary>Replaced whole, read without a lock; it always holds exactly the targets of the last <see cref="SetTargets"/>.</summary>
    public JudgedHealth Health => Volatile.Read(ref _health);

    /// <summary>What the checks say.</summary>
    public HealthTable Table => Health.Checks;

    /// <summary>
    /// Ends when each target of the first <see cref="SetTargets"/> has been checked once or is no longer wanted. A hanging backend
    /// takes its time: whoever waits sets a bound.
    /// </summary>
    public Task FirstRound => _firstRound.Task;

    /// <summary>Monotonic: a clock that is set back must not stop the checks.</summary>
    private TimeSpan Elapsed => _time.GetElapsedTime(_origin);

    /// <summary>
    /// What to check from now on. <see cref="Health"/> has the new targets when this returns; those that are new, have a new version or
    /// are asked in a new way are checked at once, and what is known of them stays until the answer; those that are gone are forgotten
    /// and their checks cancelled. One caller at a time.
    /// </summary>
    public void SetTargets(ImmutableArray<ProbeTarget> targets)
    {
        ImmutableInterlocked.Update(
            ref _health,
            health => health.Retarget([.. targets.Select(t => (t.Endpoint, _options.Enabled ? t.InPlace : true))], _time.GetUtcNow()));
        _messages.Writer.TryWrite(new Message.Targets(targets));
    }

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
            _ => _messages.Writer.TryWrite(new Message.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            Arm(timer);
            while (true)
            {
                Message message = await _messages.Reader.ReadAsync(stop);
                await HandleAsync(message);
                StartAttempts();
                TellLeftOut();
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
            case Message.AllDue all:
                Await(all.Checked);
                CheckAtOnce(_endpoints.Values);
                break;
            case Message.Ended ended:
                await EndAsync(ended.Endpoint);
                break;
        }
    }

    private void Retarget(ImmutableArray<ProbeTarget> wanted)
    {
        if (_options.Enabled)
            UpdateEndpoints(wanted);
        if (!_hasTargets)
            Await(_firstRound);
        _hasTargets = true;
        EndAwaited();
    }

    private void UpdateEndpoints(ImmutableArray<ProbeTarget> wanted)
    {
        Dictionary<EndpointKey, WatchedEndpoint> gone = new(_endpoints);
        List<WatchedEndpoint> changed = [];
        foreach (ProbeTarget target in wanted)
        {
            gone.Remove(target.Endpoint);
            bool isKnown = _endpoints.TryGetValue(target.Endpoint, out WatchedEndpoint? endpoint);
            endpoint ??= _endpoints[target.Endpoint] = new WatchedEndpoint(target);
            if (endpoint.Becomes(target) || !isKnown)
                changed.Add(endpoint);
        }

        foreach (WatchedEndpoint endpoint in gone.Values)
            Forget(endpoint);
        CheckAtOnce(changed);
    }

    private void Forget(WatchedEndpoint endpoint)
    {
        _endpoints.Remove(endpoint.Key);
        _awaited.ForEach(a => a.Forget(endpoint));
        _schedule.Withdraw(endpoint);
        endpoint.Forget();
    }

    private void BeginCheck(WatchedEndpoint endpoint)
    {
        endpoint.Attempt = 0;
        endpoint.CheckAgain = false;
        _schedule.Enqueue(endpoint);
    }

    private Turn TurnOf(WatchedEndpoint endpoint) =>
        endpoint.WantsLook ? Turn.FirstLook : endpoint.Hangs && !Table.IsHealthy(endpoint.Key) ? Turn.Hanging : Turn.Prompt;

    private void StartAttempts()
    {
        foreach ((WatchedEndpoint endpoint, TimeSpan timeout) in _schedule.Take(Elapsed))
            endpoint.StartAttempt(timeout, Elapsed, NextMoment(), _time.GetUtcNow(), AskAsync);
    }

    private async Task<ProbeAnswer?> AskAsync(WatchedEndpoint endpoint, CancellationToken stop)
    {
        try
        {
            return await _ask(endpoint.Asked.Request(endpoint.Timeout), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _messages.Writer.TryWrite(new Message.Ended(endpoint));
        }
    }

    private async Task EndAsync(WatchedEndpoint endpoint)
    {
        ProbeAnswer? answer = await endpoint.Answer;
        _schedule.Ended(endpoint);
        endpoint.EndAttempt();
        // The table may know already what the message queue has yet to say: that the target is no longer wanted.
        if (endpoint.IsForgotten || Table.Find(endpoint.Key) is not { } state)
            return;
        if (answer is null || endpoint.IsAskedInOldWay)
        {
            BeginCheck(endpoint);
            return;
        }

        ProbeOutcome outcome = ProbeOutcome.Of(answer, endpoint.Asked.Accepts);
        endpoint.Hangs = outcome.IsTimeout;
        bool wasCutShort = outcome.IsTimeout && endpoint.Timeout < _options.Timeout;
        if (!wasCutShort && HealthPolicy.EndsCheck(state, outcome, endpoint.Attempt, _options.Attempts))
            EndCheck(endpoint, state, outcome);
        else if (wasCutShort || endpoint.CheckAgain)
            BeginCheck(endpoint);
        else
            _schedule.Wait(endpoint, Elapsed + _options.RetryInterval);
    }

    private void EndCheck(WatchedEndpoint endpoint, HealthState before, ProbeOutcome outcome)
    {
        DateTimeOffset ended = _time.GetUtcNow();
        HealthState after = HealthPolicy.Next(before, outcome, _options.Thresholds, ended);
        after = after with { History = before.History.With(new CheckRecord(ended, outcome, Elapsed - endpoint.AttemptStarted)) };
        if (after.Obstacle is null)
            after = after with { Ran = new CheckSpan(endpoint.Began, NextMoment()) };
        (JudgedHealth was, JudgedHealth now) = Judge(endpoint.Key, after);
        // Before others hear of the check: whoever looks then should see that it was the last one of the first round.
        _awaited.ForEach(a => a.Checked(endpoint));
        EndAwaited();
        Log(endpoint, before, after, now.Kept.Contains(endpoint.Key));
        bool isNews = !now.Equals(was);
        _completed(new CompletedCheck(endpoint.Target, outcome, endpoint.StartedAt, Elapsed - endpoint.Started, endpoint.Attempt, isNews));
        endpoint.Attempt = 0;
        if (isNews)
            _changed();
        AskAround(endpoint, was, now);
        if (endpoint.CheckAgain)
            BeginCheck(endpoint);
        else
            _schedule.Wait(endpoint, Elapsed + ProbeSchedule.DelayAfter(after, _options.Interval, _random.NextDouble()));
    }

    /// <summary>Who waits for a slot needs no timer: the attempt that frees one wakes the loop.</summary>
    private void Arm(ITimer timer)
    {
        Heartbeat.Beat(LongestWait);
        TimeSpan wait = _schedule.NextDue is { } due && due - Elapsed < LongestWait ? due - Elapsed : LongestWait;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task CancelRunningChecksAsync()
    {
        foreach (WatchedEndpoint endpoint in _schedule.Running)
            endpoint.Cancel();
        await Task.WhenAll(_schedule.Running.Select(endpoint => endpoint.Answer));
        foreach (WatchedEndpoint endpoint in _schedule.Running)
            endpoint.Dispose();
    }

    private abstract record Message
    {
        public sealed record Targets(ImmutableArray<ProbeTarget> Wanted) : Message;
        public sealed record AllDue(TaskCompletionSource Checked) : Message;
        public sealed record Tick : Message;
        public sealed record Ping(TaskCompletionSource Answer) : Message;
        public sealed record Ended(WatchedEndpoint Endpoint) : Message;
    }
}
