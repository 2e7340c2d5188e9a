namespace DynamicToolset.Service.Access;

/// <summary>What the API server said, as long as it is believed. Not safe for several at once.</summary>
internal sealed class ReviewCache<T>(TimeProvider time)
{
    public const int Most = 1000;

    /// <summary>Counted from the question, as what is believed: so early that slow answers and a failed try or two change nothing for who calls.</summary>
    private static readonly TimeSpan RenewedAfter = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(5);

    private readonly long _origin = time.GetTimestamp();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>False also where it is not believed any more.</summary>
    public bool TryGet(string key, out T? said)
    {
        bool isFresh = _entries.TryGetValue(key, out Entry? entry) && entry.Until > Now;
        said = isFresh ? entry!.Said : default;
        return isFresh;
    }

    /// <summary>Whether it is time to ask again, though it is believed still.</summary>
    public bool IsDue(string key) => _entries.TryGetValue(key, out Entry? entry) && entry.RenewAt <= Now;

    /// <summary>It is being asked again. Where that fails the next try is five seconds later: an API server in trouble is not asked at each request.</summary>
    public void PutOff(string key) => _entries[key] = _entries[key] with { RenewAt = Now + BetweenTries };

    /// <summary>Whether it was known once, however long ago, and there was no need of its room since.</summary>
    public bool Knew(string key) => _entries.ContainsKey(key);

    /// <param name="owner">Whose entry it is. Where there is no room the one with most of them loses the one that ends first: nobody is pushed out by
    /// another's tokens, however many these make.</param>
    /// <param name="age">How long ago the question was sent: what has changed since is not in the answer.</param>
    public void Put(string key, string owner, T said, TimeSpan life, TimeSpan age)
    {
        _entries.Remove(key);
        if (life <= age)
            return;
        if (_entries.Count >= Most)
            Evict();
        _entries[key] = new Entry(owner, said, Now + life - age, Now + RenewedAfter - age);
    }

    public void Remove(string key) => _entries.Remove(key);

    private void Evict()
    {
        IGrouping<string, KeyValuePair<string, Entry>> greatest = _entries.GroupBy(e => e.Value.Owner, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Min(e => e.Value.Until)).First();
        _entries.Remove(greatest.MinBy(e => e.Value.Until).Key);
    }

    private sealed record Entry(string Owner, T Said, TimeSpan Until, TimeSpan RenewAt);
}
