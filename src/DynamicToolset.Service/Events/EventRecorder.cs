using System.Globalization;
using System.Text;
using System.Threading.Channels;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Messages;
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

    /// <summary>In bytes of UTF-8: so much the API server allows of newer Events.</summary>
    private const int LongestMessage = 1024;

    /// <summary>With a dot and 16 digits behind it a name stays within the 253 characters that it may have.</summary>
    private const int LongestNameStart = 236;

    /// <summary>A right that is granted while a deployment goes on is waited for; one that is not granted must not fill the queue.</summary>
    private const int MostRefusals = 3;

    /// <summary>Events are rare, and so nothing tells that a right has long been granted.</summary>
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(5);

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true });

    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random);
    private readonly Dictionary<(EventSubject, string Reason, string Message), KubeEvent> _sent = [];
    private readonly Dictionary<(EventSubject, bool IsNormal), EventBudget> _budgets = [];

    /// <summary>The errors that were logged, each with the namespace it was logged for.</summary>
    private readonly Dictionary<(int Code, string Verb), string> _told = [];

    private long _recorded;
    private volatile Refused? _refused;

    /// <summary>
    /// The right that was missing last, and the manifest that grants it; null where the same has been granted since, or it is five minutes ago.
    /// Without the namespace, which is a tenant's: the log has it.
    /// </summary>
    public string? MissingRight => _refused is { } last && time.GetElapsedTime(last.At) < RefusedFor
        ? $"{last.Verb} events in a namespace that the log names; {KubeApiException.RbacManifest} grants it"
        : null;

    /// <summary>Returns at once. To be called by one at a time.</summary>
    /// <param name="reason">One word in CamelCase.</param>
    /// <param name="isNormal">Nothing is wrong. Such Events have a share of their own, and take nothing away from warnings.</param>
    /// <returns>False where it is not going to be sent: too many wait, or the object has had its share for now.</returns>
    public bool TryRecord(EventSubject subject, string reason, string message, bool isNormal = false)
    {
        if (_queue.Reader.Count >= LongestQueue || !BudgetOf(subject, isNormal).TryTake())
            return false;
        DateTimeOffset now = time.GetUtcNow();
        string start = subject.Key.Name[..Math.Min(subject.Key.Name.Length, LongestNameStart)].TrimEnd('-', '.');
        string name = string.Create(CultureInfo.InvariantCulture, $"{start}.{now.UtcTicks + Interlocked.Increment(ref _recorded):x16}");
        var content = new KubeEvent(name, subject, reason, Within(LongestMessage, message), Count: 1, now, now) { IsNormal = isNormal };
        return _queue.Writer.TryWrite(new Waiting(content, Refusals: 0));
    }

    /// <summary>It may quote what others wrote, and <c>kubectl describe</c> shows it on a terminal.</summary>
    private static string Within(int bytes, string message)
    {
        string line = QuotedText.OnOneLine(message, bytes);
        if (Encoding.UTF8.GetByteCount(line) <= bytes)
            return line;
        int kept = 0;
        int left = bytes - Encoding.UTF8.GetByteCount("…");
        foreach (Rune rune in line.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
                break;
            kept += rune.Utf16SequenceLength;
        }

        return line[..kept] + "…";
    }

    /// <summary>Runs until stopped. Every <see cref="KubeApiException"/> is outlived; any other exception is a bug and ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Waiting next = await _queue.Reader.ReadAsync(stop);
                await SendWhileItMayAsync(next, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private async Task SendWhileItMayAsync(Waiting next, CancellationToken stop)
    {
        while (maySend?.Invoke() != false)
        {
            if (await TrySendAsync(next.Event, stop) is not { } failure)
                return;
            TimeSpan wait = _backoff.After(failure);
            if (!failure.IsForbidden)
            {
                await Task.Delay(wait, time, stop);
                continue;
            }

            // A right may be missing in one namespace only, and one that is being deleted takes no Event: those of others go first.
            if (next.Refusals + 1 < MostRefusals)
                _queue.Writer.TryWrite(next with { Refusals = next.Refusals + 1 });
            await Task.Delay(wait, time, stop);
            return;
        }
    }

    /// <returns>Why it is to be tried again; null where it was sent, or never can be.</returns>
    private async Task<KubeApiException?> TrySendAsync(KubeEvent next, CancellationToken stop)
    {
        try
        {
            await SendAsync(next, stop);
            _backoff.Reset();
            return null;
        }
        catch (KubeApiException e)
        {
            Tell(e, next.Subject.Key.Namespace);
            return e.IsRetryable || e.Code is 401 or 403 ? e : null;
        }
    }

    /// <summary>
    /// Each way of failing once: whatever keeps one Event out keeps the next one out too, and the log has told the matter itself. A right that
    /// is missing is told whatever else has failed before.
    /// </summary>
    private void Tell(KubeApiException failure, string ns)
    {
        if (failure.MissingRight is not null)
            _refused = new Refused(failure.Verb, ns, time.GetTimestamp());
        if (_told.TryAdd((failure.Code, failure.Verb), ns))
            LogFailed(failure.Message);
    }

    /// <summary>That other namespaces take Events says nothing of the one that does not, nor that one is made of whether it may be changed.</summary>
    private void Taken(string verb, string ns)
    {
        foreach (((int code, string failed), string where) in _told)
        {
            if (code != 403 || (failed == verb && where == ns))
                _told.Remove((code, failed));
        }

        if (_refused is { } last && last.Verb == verb && last.Namespace == ns)
            _refused = null;
    }

    private EventBudget BudgetOf(EventSubject subject, bool isNormal)
    {
        if (_budgets.TryGetValue((subject, isNormal), out EventBudget? budget))
            return budget;
        if (_budgets.Count >= LongestMemory)
            _budgets.Clear();
        return _budgets[(subject, isNormal)] = new EventBudget(time);
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
        Taken("create", next.Subject.Key.Namespace);
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
            Taken("patch", again.Subject.Key.Namespace);
            return true;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    /// <param name="At">A timestamp of the clock.</param>
    private sealed record Refused(string Verb, string Namespace, long At);

    /// <param name="Refusals">How often the API server said that it is forbidden.</param>
    private readonly record struct Waiting(KubeEvent Event, int Refusals);
}
