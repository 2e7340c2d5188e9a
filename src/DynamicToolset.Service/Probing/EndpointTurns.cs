using System.Threading.Channels;
using DynamicToolset.Service.Loops;

namespace DynamicToolset.Service.Probing;

/// <summary>The one task to which the bookkeeping of a loop over endpoints belongs: others reach it by message, and it turns when an endpoint is due.</summary>
internal sealed class EndpointTurns<T>(CheckSchedule<T> schedule, Heartbeat heartbeat, TimeProvider time)
    where T : EndpointInHand
{
    /// <summary>However little there is to do, the loop turns this often to show that it can.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly long _origin = time.GetTimestamp();
    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Monotonic: a clock that is set back must not stop the loop.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_origin);

    /// <summary>Has the loop do this in its turn, after all that came before.</summary>
    public void Send(Action action) => Send(() =>
    {
        action();
        return Task.CompletedTask;
    });

    public void Send(Func<Task> action) => _messages.Writer.TryWrite(new Message(action, null));

    /// <summary>Ends when the loop has handled all that came before, and waits for the clock or an answer.</summary>
    public Task PingAsync()
    {
        Message ping = new(null, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _messages.Writer.TryWrite(ping);
        return ping.Turned!.Task;
    }

    /// <summary>Returns after <paramref name="stop"/>, when nobody is being asked any more.</summary>
    /// <param name="begin">Starts the checks that are due. Called in each turn, after what was sent.</param>
    public async Task RunAsync(Action begin, CancellationToken stop)
    {
        await using ITimer timer = time.CreateTimer(_ => _messages.Writer.TryWrite(default), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            Arm(timer);
            while (true)
            {
                Message message = await _messages.Reader.ReadAsync(stop);
                if (message.Action is { } action)
                    await action();
                begin();
                Arm(timer);
                message.Turned?.TrySetResult();
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

    /// <summary>Who waits for a slot needs no timer: the end that frees one wakes the loop.</summary>
    private void Arm(ITimer timer)
    {
        heartbeat.Beat(LongestWait);
        TimeSpan wait = schedule.NextDue is { } due && due - Elapsed < LongestWait ? due - Elapsed : LongestWait;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task CancelAllAsync()
    {
        foreach (T endpoint in schedule.Running)
            endpoint.Cancel();
        await Task.WhenAll(schedule.Running.Select(endpoint => endpoint.Asking));
        foreach (T endpoint in schedule.Running)
            endpoint.Dispose();
    }

    /// <summary>Without either the clock says that it is time.</summary>
    private readonly record struct Message(Func<Task>? Action, TaskCompletionSource? Turned);
}
