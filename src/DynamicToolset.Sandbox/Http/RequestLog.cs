using System.Collections.Immutable;

namespace DynamicToolset.Sandbox.Http;

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
                return [.. _entries];
        }
    }

    /// <summary>How many of the kept requests were of a verb and resource.</summary>
    public int Count(string verb, string resource) => Entries.Count(entry => entry.Verb == verb && entry.Resource == resource);

    /// <summary>Forgets all requests, so that the next assertion sees only what follows.</summary>
    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    internal void Add(LoggedRequest request)
    {
        lock (_gate)
        {
            _entries.Enqueue(request);
            if (_entries.Count > Limit)
                _entries.Dequeue();
        }
    }
}

/// <summary>A request that the simulated API server has answered, or has begun to answer in the case of a watch.</summary>
/// <param name="Verb">As in RBAC: get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in lower case.</param>
/// <param name="Resource">The plural name; empty for paths that are none.</param>
/// <param name="Path">With the query.</param>
/// <param name="ContentType">Of the body; empty without one.</param>
/// <param name="BodySize">In bytes.</param>
/// <param name="Status">The HTTP status.</param>
public sealed record LoggedRequest(
    string Verb, string Resource, string Method, string Path, string ContentType, string UserAgent, long BodySize, int Status);
