using System.Collections.Immutable;
using System.Threading.Channels;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Keeps <see cref="Table"/> true: asks each target what it is when it comes to be wanted, when it is another one, and once in an interval. It has its own few
/// slots beside those of the checks, so that neither waits for the other. All bookkeeping belongs to the one task of <see cref="RunAsync"/>.
/// </summary>
public sealed partial class IdentityLoop
{
    /// <summary>However little there is to do, the loop turns this often to show that it can.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private const double Jitter = 0.1;

    private readonly IdentityLoopOptions _options;
    private readonly Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> _ask;
    private readonly Action _changed;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly long _origin;
    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<EndpointKey, AskedEndpoint> _endpoints = [];
    private readonly CheckSchedule<AskedEndpoint> _schedule;
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
        _origin = time.GetTimestamp();
        _lines = new LineBudget(MostTold, time);
        Heartbeat = new Heartbeat("identity", time);
        _table = options.Enabled ? IdentityTable.Empty : IdentityTable.Unneeded;
        _schedule = new CheckSchedule<AskedEndpoint>(options.Concurrency, options.Timeout, e => e.Target.Key.Service.Namespace, e => e.Turn);
    }

    public Heartbeat Heartbeat { get; }

    /// <summary>Replaced whole, read without a lock.</summary>
    public IdentityTable Table => Volatile.Read(ref _table);

    private TimeSpan Elapsed => _time.GetElapsedTime(_origin);

    /// <summary>What to ask from now on. <see cref="Table"/> has the new targets when this returns. One caller at a time.</summary>
    public void SetTargets(ImmutableArray<IdentityTarget> targets)
    {
        ImmutableInterlocked.Update(ref _table, table => table.Retarget(targets));
        _messages.Writer.TryWrite(new Message.Targets(targets));
    }

    /// <summary>Ends when the loop has handled all that came before, and waits for the clock or an answer.</summary>
    public Task PingAsync()
    {
        Message.Ping ping = new(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _messages.Writer.TryWrite(ping);
        return ping.Answer.Task;
    }

    /// <summary>Returns after <paramref name="stop"/>, when nobody is being asked any more.</summary>
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
                switch (message)
                {
                    case Message.Targets set when _options.Enabled:
                        Retarget(set.Wanted);
                        break;
                    case Message.Ended ended:
                        await EndAsync(ended.Endpoint);
                        break;
                }

                foreach ((AskedEndpoint endpoint, TimeSpan timeout) in _schedule.Take(Elapsed))
                    endpoint.Begin(timeout, AskAsync);
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
            await CancelAllAsync();
        }
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
        var inquiry = new Inquiry(endpoint.Target);
        try
        {
            while (inquiry.Next(endpoint.Timeout - _time.GetElapsedTime(begun)) is { } request)
                inquiry = inquiry.With(await _ask(request, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Of no use any more: the end says so.
        }
        finally
        {
            _messages.Writer.TryWrite(new Message.Ended(endpoint));
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

        Answer(endpoint, inquiry);
        _schedule.Wait(endpoint, Elapsed + (_options.Interval * (1 - Jitter + (2 * Jitter * _random.NextDouble()))));
    }

    private void Answer(AskedEndpoint endpoint, Inquiry inquiry)
    {
        IdentityTable before = Table, after = before;
        ImmutableInterlocked.Update(ref _table, table => after = (before = table).Answered(endpoint.Target.Key, inquiry.Identity));
        if (before.Equals(after))
            return;
        Tell(endpoint.Target, before.Find(endpoint.Target.Key), after.Find(endpoint.Target.Key));
        _changed();
    }

    private void Arm(ITimer timer)
    {
        Heartbeat.Beat(LongestWait);
        TimeSpan wait = _schedule.NextDue is { } due && due - Elapsed < LongestWait ? due - Elapsed : LongestWait;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task CancelAllAsync()
    {
        foreach (AskedEndpoint endpoint in _schedule.Running)
            endpoint.Forget();
        await Task.WhenAll(_schedule.Running.Select(endpoint => endpoint.Inquiry));
        foreach (AskedEndpoint endpoint in _schedule.Running)
            endpoint.Dispose();
    }

    private abstract record Message
    {
        public sealed record Targets(ImmutableArray<IdentityTarget> Wanted) : Message;
        public sealed record Tick : Message;
        public sealed record Ping(TaskCompletionSource Answer) : Message;
        public sealed record Ended(AskedEndpoint Endpoint) : Message;
    }
}
