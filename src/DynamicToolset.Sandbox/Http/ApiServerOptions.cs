using System.Net;
using DynamicToolset.Cluster;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>How a simulated API server answers.</summary>
public record ApiServerOptions
{
    /// <summary>Time stamps, bookmarks and watch timeouts follow it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How a watch from an expired resource version is refused.</summary>
    public ExpiredWatchForm ExpiredWatchForm { get; init; } = ExpiredWatchForm.ErrorEvent;

    /// <summary>How often a watch that asked for bookmarks gets one.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a watch lasts that does not say so itself.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a watch may begin with the present objects and mark their end (<c>sendInitialEvents</c>, Kubernetes 1.32 and later);
    /// else it is refused with 422 as before 1.27.</summary>
    public bool StreamingLists { get; init; } = true;

    /// <summary>Where the backend behind a port of a Service listens, for requests through <c>services/proxy</c>; null where none does.
    /// Asked anew for each request, from several threads. Without it no Service has a backend.</summary>
    public Func<ObjectKey, int, IPEndPoint?>? FindBackend { get; init; }

    /// <summary>Sees every request first; true when it has answered, broken off or otherwise dealt with it.</summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; init; }
}

/// <summary>The two ways in which API servers say that a resource version is too old to watch from; clients must understand both.</summary>
public enum ExpiredWatchForm
{
    /// <summary>HTTP 200, then an <c>ERROR</c> event with a Status of code 410.</summary>
    ErrorEvent,

    /// <summary>HTTP 410.</summary>
    HttpStatus,
}
