using System.Collections.Immutable;
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
    private readonly ProbeLoopOptions _options;
    private readonly Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> _ask;
    private readonly Action _changed;
    private readonly Action<CompletedCheck> _completed;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;

    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<EndpointKey, WatchedEndpoint> _endpoints = [];
    private readonly CheckSchedule<WatchedEndpoint> _schedule;
    private readonly EndpointTurns<WatchedEndpoint> _turns;
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
        _failedLines = new LineBudget(MostTold, time);
        _recoveredLines = new LineBudget(MostTold, time);
        _movedLines = new LineBudget(MostTold, time);
        _health = options.Panic ? JudgedHealth.Empty : JudgedHealth.EmptyWithoutPanic;
        _rechecks = new RecheckBudget(options.Interval);
        _schedule = new CheckSchedule<WatchedEndpoint>(options.Concurrency, options.Timeout, e => e.Target.Service.Namespace, TurnOf);
        _turns = new EndpointTurns<WatchedEndpoint>(_schedule, Heartbeat, time);
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

    private TimeSpan Elapsed => _turns.Elapsed;

    /// <summary>
    /// What to check from now on. <see cref="Health"/> has the new targets when this returns; those that are new, have a new version or
    /// are asked in a new way are checked at once, and what is known of them stays until the answer; those that are gone are forgotten
    /// and their checks cancelled. One caller at a time.
    /// </summary>
    public void SetTargets(ImmutableArray<ProbeTarget> targets)
    {
        ImmutableInterlocked.Update(
            ref _health,
            health => health.Retarget([.. targets.Select(t => (t.Endpoint, _options.Enabled ? t.InPlace : true))], _time.GetUtcNow()).Reform(targets));
        _turns.Send(() => Retarget(targets));
    }

    /// <inheritdoc cref="EndpointTurns{T}.PingAsync"/>
    public Task PingAsync() => _turns.PingAsync();

    /// <summary>Returns after <paramref name="stop"/>, when no check is running any more.</summary>
    public Task RunAsync(CancellationToken stop) => _turns.RunAsync(Begin, stop);

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

    private void Begin()
    {
        foreach ((WatchedEndpoint endpoint, TimeSpan timeout) in _schedule.Take(Elapsed))
            endpoint.StartAttempt(StateOf(endpoint), timeout, Elapsed, NextMoment(), _time.GetUtcNow(), AskAsync);
        TellLeftOut();
    }

    /// <summary>The table may know already what the message queue has yet to say: that the target is no longer wanted.</summary>
    private HealthState StateOf(WatchedEndpoint endpoint) => Table.Find(endpoint.Key) ?? HealthState.New(_time.GetUtcNow());

    /// <summary>Once, or once more in another way, and all of it in the time of one.</summary>
    private async Task<CheckAttempt?> AskAsync(WatchedEndpoint endpoint, CheckAttempt attempt, CancellationToken stop)
    {
        TimeSpan begun = Elapsed;
        try
        {
            while (attempt.Next(endpoint.Timeout - (Elapsed - begun)) is { } request)
                attempt = attempt.With(await _ask(request, stop));
            return attempt;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _turns.Send(() => EndAsync(endpoint));
        }
    }

    private async Task EndAsync(WatchedEndpoint endpoint)
    {
        CheckAttempt? attempt = await endpoint.Answer;
        _schedule.Ended(endpoint);
        endpoint.End();
        if (endpoint.IsForgotten || Table.Find(endpoint.Key) is not { } state)
            return;
        // Unless it was asked in an old way.
        if (attempt?.Outcome is not { } outcome || attempt.Ways != endpoint.Target.Ways || endpoint.Asked != endpoint.WayIn(state))
        {
            BeginCheck(endpoint);
            return;
        }

        endpoint.Tried ??= attempt.Tried;
        OtherWay? next = HealthPolicy.Moves(state, attempt, _options.Thresholds) ? attempt.Tried : null;
        outcome = next?.Outcome ?? outcome;
        // One that answers at once and hangs in its other form takes as long as one that hangs.
        endpoint.Hangs = outcome.IsTimeout || attempt.Tried is { Outcome.IsTimeout: true };
        bool wasCutShort = endpoint.Hangs && endpoint.Timeout < _options.Timeout;
        if (!wasCutShort && HealthPolicy.EndsCheck(state, outcome, endpoint.Attempt, _options.Attempts))
            EndCheck(endpoint, state, outcome, next);
        else if (wasCutShort || endpoint.CheckAgain)
            BeginCheck(endpoint);
        else
            _schedule.Wait(endpoint, Elapsed + _options.RetryInterval);
    }

    /// <param name="next">The form of URL to use from now on; null if it stays.</param>
    private void EndCheck(WatchedEndpoint endpoint, HealthState before, ProbeOutcome outcome, OtherWay? next)
    {
        DateTimeOffset ended = _time.GetUtcNow();
        HealthState after = HealthPolicy.Next(before, outcome, _options.Thresholds, ended) with
        {
            History = before.History.With(new CheckRecord(ended, outcome, Elapsed - endpoint.AttemptStarted)),
            Form = next is null ? before.Form : next.Way.Endpoint.Form,
            Tried = outcome.IsSuccess ? null : endpoint.Tried ?? before.Tried,
        };
        if (after.Obstacle is null)
            after = after with { Ran = new CheckSpan(endpoint.Began, NextMoment()) };
        (JudgedHealth was, JudgedHealth now) = Judge(endpoint.Key, after);
        // Before others learn of the check: then they see that it was the last one of the first round.
        _awaited.ForEach(a => a.Checked(endpoint));
        EndAwaited();
        Log(endpoint, before, after, now.Kept.Contains(endpoint.Key));
        bool isNews = !now.Equals(was);
        _completed(new CompletedCheck(endpoint.Target, outcome, endpoint.StartedAt, Elapsed - endpoint.Started, endpoint.Attempt, isNews)
        {
            Asked = endpoint.WayIn(after),
        });
        endpoint.Attempt = 0;
        if (isNews)
            _changed();
        AskAround(endpoint, was, now);
        if (endpoint.CheckAgain)
            BeginCheck(endpoint);
        else
            _schedule.Wait(endpoint, Elapsed + ProbeSchedule.DelayAfter(after, _options.Interval, _random.NextDouble()));
    }
}
