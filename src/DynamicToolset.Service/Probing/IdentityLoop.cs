using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Keeps <see cref="Table"/> true: visits each target when it comes to be wanted, when it is another one, and once in an interval, sooner where nobody was
/// met, what was told has yet to be told twice, or there is no data, to ask what it is and what HolmesGPT will ask it. It has its own few slots beside those
/// of the checks, so that neither waits for the other. All bookkeeping belongs to the one task of <see cref="RunAsync"/>.
/// </summary>
public sealed partial class IdentityLoop
{
    /// <summary>Six seconds: nobody waits longer for a toolset whose backend takes no connection for anything but its check.</summary>
    private const int TriesUntilSilent = 3;

    private readonly IdentityLoopOptions _options;
    private readonly Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> _ask;
    private readonly Action _changed;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly Dictionary<EndpointKey, AskedEndpoint> _endpoints = [];
    private readonly CheckSchedule<AskedEndpoint> _schedule;
    private readonly EndpointTurns<AskedEndpoint> _turns;
    private IdentityTable _table;

    /// <param name="ask">One request; it ends in its time and promptly when cancelled, and tells a failure by its answer.</param>
    /// <param name="changed">Called when an endpoint was asked for the first time, or tells otherwise. Must return at once.</param>
    public IdentityLoop(
        IdentityLoopOptions options,
        Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> ask,
        Action changed,
        TimeProvider time,
        Random random,
        ILogger<IdentityLoop> logger)
    {
        _options = options;
        _ask = ask;
        _changed = changed;
        _time = time;
        _random = random;
        _logger = logger;
        _lines = new LineBudget(MostTold, time);
        Heartbeat = new Heartbeat("identity", time);
        _table = options.Enabled ? IdentityTable.Empty : IdentityTable.Unneeded;
        _schedule = new CheckSchedule<AskedEndpoint>(options.Concurrency, options.Timeout, e => e.Target.Key.Service.Namespace, e => e.Turn);
        _turns = new EndpointTurns<AskedEndpoint>(_schedule, Heartbeat, time);
    }

    public Heartbeat Heartbeat { get; }

    /// <summary>Replaced whole, read without a lock.</summary>
    public IdentityTable Table => Volatile.Read(ref _table);

    private TimeSpan Elapsed => _turns.Elapsed;

    /// <summary>What to ask from now on. <see cref="Table"/> has the new targets when this returns. One caller at a time.</summary>
    public void SetTargets(ImmutableArray<IdentityTarget> targets)
    {
        ImmutableInterlocked.Update(ref _table, table => table.Retarget(targets));
        if (_options.Enabled)
            _turns.Send(() => Retarget(targets));
    }

    /// <inheritdoc cref="EndpointTurns{T}.PingAsync"/>
    public Task PingAsync() => _turns.PingAsync();

    /// <summary>Returns after <paramref name="stop"/>, when no request is running any more.</summary>
    public Task RunAsync(CancellationToken stop) => _turns.RunAsync(Begin, stop);

    private void Begin()
    {
        foreach ((AskedEndpoint endpoint, TimeSpan timeout) in _schedule.Take(Elapsed))
            endpoint.Begin(timeout, AskAsync);
        TellLeftOut();
    }

    private void Retarget(ImmutableArray<IdentityTarget> targets)
    {
        Dictionary<EndpointKey, AskedEndpoint> gone = new(_endpoints);
        foreach (IdentityTarget target in targets.Where(t => t.IsWanted))
        {
            gone.Remove(target.Key);
            if (!_endpoints.TryGetValue(target.Key, out AskedEndpoint? endpoint))
            {
                _endpoints[target.Key] = endpoint = new AskedEndpoint(target);
                _schedule.Enqueue(endpoint);
            }
            else if (endpoint.Becomes(target))
            {
                _schedule.Withdraw(endpoint);
                _schedule.Enqueue(endpoint);
            }
        }

        foreach (AskedEndpoint endpoint in gone.Values)
        {
            _endpoints.Remove(endpoint.Target.Key);
            _schedule.Withdraw(endpoint);
            endpoint.Forget();
        }
    }

    /// <summary>One after another, and all of it in the time of one.</summary>
    private async Task<Inquiry> AskAsync(AskedEndpoint endpoint, CancellationToken stop)
    {
        long begun = _time.GetTimestamp();
        var inquiry = new Inquiry(endpoint.Target) { IsPatient = endpoint.Silent < TriesUntilSilent - 1 };
        try
        {
            while (inquiry.Next(endpoint.Timeout - _time.GetElapsedTime(begun)) is { } request)
            {
                bool wasIntroduced = inquiry.IsIntroduced;
                inquiry = inquiry.With(await _ask(request, stop));
                Inquiry now = inquiry;
                // Nobody waits for these additional requests.
                if (!wasIntroduced && now is { IsIntroduced: true, IsUnanswered: false })
                    _turns.Send(() => Introduce(endpoint, now));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Of no use any more: the end says so.
        }
        finally
        {
            _turns.Send(() => EndAsync(endpoint));
        }

        return inquiry;
    }

    private async Task EndAsync(AskedEndpoint endpoint)
    {
        Inquiry inquiry = await endpoint.Inquiry;
        _schedule.Ended(endpoint);
        endpoint.End();
        if (endpoint.IsForgotten)
            return;
        endpoint.Hangs = inquiry.IsTimeout;
        bool wasCutShort = inquiry.IsTimeout && endpoint.Timeout < _options.Timeout;
        if (wasCutShort || !inquiry.Target.IsAskedLike(endpoint.Target))
        {
            _schedule.Enqueue(endpoint);
            return;
        }

        endpoint.Visited(inquiry);
        // A connection that is lost says as little of what it is as of its health. Who hangs has had its time.
        if (inquiry.IsTimeout || endpoint.Silent is 0 or >= TriesUntilSilent)
            Change(endpoint.Target, table => table.Visited(endpoint.Target.Key, inquiry.Found));
        int unsure = Table.IsDoubted(endpoint.Target.Key) ? 1 : endpoint.Silent;
        _schedule.Wait(endpoint, Elapsed + ProbeSchedule.RevisitAfter(unsure, endpoint.Empty, _options.Interval, _random.NextDouble()));
    }

    private void Introduce(AskedEndpoint endpoint, Inquiry inquiry)
    {
        if (!endpoint.IsForgotten && inquiry.Target.IsAskedLike(endpoint.Target))
            Change(endpoint.Target, table => table.Answered(endpoint.Target.Key, inquiry.Found.Identity));
    }

    private void Change(IdentityTarget target, Func<IdentityTable, IdentityTable> change)
    {
        IdentityTable before = Table, after = before;
        ImmutableInterlocked.Update(ref _table, table => after = change(before = table));
        if (before.Equals(after))
            return;
        Tell(target, before, after);
        _changed();
    }
}
