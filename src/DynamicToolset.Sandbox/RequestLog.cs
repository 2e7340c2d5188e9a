using System.Collections.Immutable;

namespace DynamicToolset.Sandbox;

/// <summary>The latest requests of a simulated API server, so that its load can be looked at. Safe for concurrent use.</summary>
public sealed class RequestLog
{
    private const int Limit = 10_000;
    private readonly Lock _gate = new();
    private readonly Queue<LoggedRequest> _entries = new();

    /// <summary>The latest 10,000 requests, oldest first.</summary>
    public ImmutableArray<LoggedRequest> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>How many of the kept requests were of a verb and resource.</summary>
    public int Count(string verb, string resource) => Entries.Count(entry => entry.Verb == verb && entry.Resource == resource);

    /// <summary>Forgets all requests, so that the next assertion sees only what follows.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    internal void Add(LoggedRequest request)
    {
        lock (_gate)
        {
            _entries.Enqueue(request);
            if (_entries.Count > Limit)
            {
                _entries.Dequeue();
            }
        }
    }
}
