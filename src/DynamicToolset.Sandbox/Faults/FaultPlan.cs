namespace DynamicToolset.Sandbox.Faults;

/// <summary>The faults that are still to come. Rules count the requests that match them from when they were added. Safe for concurrent use.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    public void Add(FaultRule rule)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(rule));
        }
    }

    /// <summary>From now on nothing goes wrong.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    /// <summary>The fault of the next request; null for none. Of several rules whose turn it is the one added first decides.</summary>
    internal Fault? Next(string verb, string resource)
    {
        lock (_gate)
        {
            Fault? fault = null;
            foreach (Entry entry in _entries.Where(entry => entry.Rule.Matches(verb, resource)))
            {
                entry.Seen++;
                bool isDue = entry.Seen >= entry.Rule.First && entry.Seen - entry.Rule.First < entry.Rule.Times;
                fault ??= isDue ? entry.Rule.Fault : null;
            }

            return fault;
        }
    }

    private sealed class Entry(FaultRule rule)
    {
        public FaultRule Rule { get; } = rule;

        public int Seen { get; set; }
    }
}
