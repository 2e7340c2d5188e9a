using System.Globalization;
using System.Threading.Channels;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Events;

/// <summary>
/// Sends Events beside everything else: whoever records one never waits, and an API server that takes none changes nothing but what
/// people see. The same Event again counts up the one that is there.
/// </summary>
/// <param name="random">For this recorder alone.</param>
/// <param name="maySend">Asked before each is sent: what waited for too long may be another replica's to tell by now.</param>
public sealed partial class EventRecorder(IKubeApi api, TimeProvider time, Random random, ILogger<EventRecorder> logger, Func<bool>? maySend = null)
{
    private const int LongestQueue = 256;
    private const int LongestMemory = 1024;

    /// <summary>The API server allows 1024 characters of newer Events.</summary>
    private const int LongestMessage = 1024;

    /// <summary>With a dot and 16 digits behind it a name stays within the 253 characters that it may have.</summary>
    private const int LongestNameStart = 236;

    private readonly Channel<KubeEvent> _queue = Channel.CreateBounded<KubeEvent>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true });

    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random);
    private readonly Dictionary<(EventSubject, string Reason, string Message), KubeEvent> _sent = [];
    private readonly Dictionary<EventSubject, EventBudget> _budgets = [];
    private long _recorded;
    private bool _isFailing;

    /// <summary>Returns at once. To be called by one at a time.</summary>
    /// <param name="reason">One word in CamelCase.</param>
    /// <returns>False where it is not going to be sent: too many wait, or the object has had its share for now.</returns>
    public bool TryRecord(EventSubject subject, string reason, string message)
    {
        if (_queue.Reader.Count >= LongestQueue || !BudgetOf(subject).TryTake())
            return false;
        DateTimeOffset now = time.GetUtcNow();
        string start = subject.Key.Name[..Math.Min(subject.Key.Name.Length, LongestNameStart)].TrimEnd('-', '.');
        string name = string.Create(CultureInfo.InvariantCulture, $"{start}.{now.UtcTicks + Interlocked.Increment(ref _recorded):x16}");
        return _queue.Writer.TryWrite(new KubeEvent(name, subject, reason, message[..Math.Min(message.Length, LongestMessage)], Count: 1, now, now));
    }

    /// <summary>Runs until stopped. Every <see cref="KubeApiException"/> is outlived; any other exception is a bug and ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                KubeEvent next = await _queue.Reader.ReadAsync(stop);
                while (maySend?.Invoke() != false && await TrySendAsync(next, stop) is { } wait)
                    await Task.Delay(wait, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    /// <returns>When to try it again; null where it was sent, or never can be.</returns>
    private async Task<TimeSpan?> TrySendAsync(KubeEvent next, CancellationToken stop)
    {
        try
        {
            await SendAsync(next, stop);
            _isFailing = false;
            _backoff.Reset();
            return null;
        }
        catch (KubeApiException e)
        {
            // Told once: whatever keeps one Event out keeps the next one out too, and the log has told the matter itself.
            if (!_isFailing)
                LogFailed(e.Message);
            _isFailing = true;
            return e.IsRetryable || e.Code is 401 or 403 ? _backoff.After(e) : null;
        }
    }

    private EventBudget BudgetOf(EventSubject subject)
    {
        if (_budgets.TryGetValue(subject, out EventBudget? budget))
            return budget;
        if (_budgets.Count >= LongestMemory)
            _budgets.Clear();
        return _budgets[subject] = new EventBudget(time);
    }

    private async Task SendAsync(KubeEvent next, CancellationToken stop)
    {
        (EventSubject, string, string) identity = (next.Subject, next.Reason, next.Message);
        if (_sent.TryGetValue(identity, out KubeEvent? before))
        {
            KubeEvent again = before with { Count = before.Count + 1, Last = next.Last };
            if (await TryRepeatAsync(again, stop))
            {
                _sent[identity] = again;
                return;
            }
        }

        await api.CreateEventAsync(next, stop);
        // A crowd of objects must not fill the memory; at worst some Events are created anew instead of counted up.
        if (_sent.Count >= LongestMemory)
            _sent.Clear();
        _sent[identity] = next;
    }

    private async Task<bool> TryRepeatAsync(KubeEvent again, CancellationToken stop)
    {
        try
        {
            await api.RepeatEventAsync(again, stop);
            return true;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }
}
