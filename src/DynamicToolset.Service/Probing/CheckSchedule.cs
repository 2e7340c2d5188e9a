namespace DynamicToolset.Service.Probing;

/// <summary>
/// Whose turn it is, and when: who is due waits for one of the few slots, the others for their time. It has no clock and asks nobody. No kind of
/// turn takes all slots, so that one of another kind never waits for an endpoint to time out.
/// </summary>
/// <param name="slots">Attempts in flight; at least 1.</param>
/// <param name="timeout">The time of an attempt, unless a crowd waits for a first look.</param>
/// <param name="turnOf">Asked anew each time that somebody is due.</param>
internal sealed class CheckSchedule<T>(int slots, TimeSpan timeout, Func<T, string> namespaceOf, Func<T, Turn> turnOf)
    where T : class
{
    /// <summary>In this time everybody who waits for a first look gets one, as long as <see cref="ShortestLook"/> allows.</summary>
    private static readonly TimeSpan LooksTake = TimeSpan.FromSeconds(5);

    /// <summary>Shorter than this, a backend that is well might not get to answer.</summary>
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(100);

    private readonly PriorityQueue<T, TimeSpan> _waiting = new();
    private readonly SortedList<Turn, FairQueue<T>> _ready = new(Enum.GetValues<Turn>().ToDictionary(t => t, _ => new FairQueue<T>(namespaceOf)));
    private readonly Dictionary<T, Turn> _running = [];

    /// <summary>How many waited for a first look at most, since nobody did.</summary>
    private int _crowd;

    /// <summary>When the first of those who wait for their time is due; null where nobody does. Who waits for a slot is not among them.</summary>
    public TimeSpan? NextDue => _waiting.TryPeek(out _, out TimeSpan at) ? at : null;

    /// <summary>Who was taken and has not ended.</summary>
    public IReadOnlyCollection<T> Running => _running.Keys;

    private int MostOfAKind => Math.Max(1, slots - (slots / 4));

    /// <summary>Due now. Must not wait already.</summary>
    public void Enqueue(T item) => _ready[turnOf(item)].Enqueue(item);

    /// <summary>Due later. Must not wait already.</summary>
    public void Wait(T item, TimeSpan until) => _waiting.Enqueue(item, until);

    /// <summary>Those who wait for their time are due now; who waits for a slot keeps its place.</summary>
    public void Hasten(Func<T, bool> which)
    {
        ILookup<bool, (T Item, TimeSpan At)> waiting = _waiting.UnorderedItems.ToLookup(w => which(w.Element));
        _waiting.Clear();
        _waiting.EnqueueRange(waiting[false]);
        foreach ((T item, _) in waiting[true].OrderBy(w => w.At))
            Enqueue(item);
    }

    /// <summary>Waits for nothing any more.</summary>
    public void Withdraw(T item)
    {
        if (!_ready.Values.Any(queue => queue.Remove(item)))
            _waiting.Remove(item, out _, out _);
    }

    /// <summary>Gives the slot back.</summary>
    public void Ended(T item) => _running.Remove(item);

    /// <summary>Takes slots for the endpoints that may be checked now.</summary>
    /// <returns>Those, the most urgent first, and the time that each attempt has.</returns>
    public IReadOnlyList<(T Item, TimeSpan Timeout)> Take(TimeSpan now)
    {
        while (_waiting.TryPeek(out T? due, out TimeSpan at) && at <= now)
        {
            _waiting.Dequeue();
            Enqueue(due);
        }

        int looks = _ready[Turn.FirstLook].Count;
        _crowd = looks == 0 ? 0 : Math.Max(_crowd, looks);
        List<(T, TimeSpan)> taken = [];
        foreach ((Turn turn, FairQueue<T> ready) in _ready)
        {
            while (_running.Count < slots && _running.Values.Count(t => t == turn) < MostOfAKind && ready.TryDequeue(out T? item))
            {
                _running.Add(item, turn);
                taken.Add((item, turn == Turn.FirstLook ? LookTime() : timeout));
            }
        }

        return taken;
    }

    private TimeSpan LookTime()
    {
        TimeSpan share = LooksTake * MostOfAKind / _crowd;
        return TimeSpan.FromTicks(Math.Min(Math.Max(share.Ticks, ShortestLook.Ticks), timeout.Ticks));
    }
}
