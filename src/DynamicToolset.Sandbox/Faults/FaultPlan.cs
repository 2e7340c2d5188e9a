namespace DynamicToolset.Sandbox.Faults;

/// <summary>The faults that are still to come. Rules count the requests that match them from when they were added. Safe for concurrent use.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    /// <summary>How many requests something went wrong with.</summary>
    public int Struck { get; private set; }

    public void Add(FaultRule rule)
    {
        lock (_gate)
            _entries.Add(new Entry(rule));
    }

    /// <summary>From now on nothing goes wrong.</summary>
    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
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

            Struck += fault is null ? 0 : 1;
            return fault;
        }
    }

    private sealed class Entry(FaultRule rule)
    {
        public FaultRule Rule { get; } = rule;

        public int Seen { get; set; }
    }
}

/// <summary>Which requests a fault befalls.</summary>
/// <param name="Verb">As in RBAC; null for any.</param>
/// <param name="Resource">The plural name; null for any.</param>
/// <param name="First">The first of the matching requests that it befalls, counted from 1.</param>
/// <param name="Times">How many matching requests in a row it befalls.</param>
public sealed record FaultRule(Fault Fault, string? Verb = null, string? Resource = null, int First = 1, int Times = 1)
{
    internal bool Matches(string verb, string resource) => (Verb is null || Verb == verb) && (Resource is null || Resource == resource);
}
