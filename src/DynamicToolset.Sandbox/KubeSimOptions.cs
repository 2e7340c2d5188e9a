using System.Net;
using DynamicToolset.Cluster;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox;

/// <summary>How a simulated API server behaves.</summary>
public sealed record KubeSimOptions
{
    /// <summary>The TCP port on 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>The bearer token that requests must carry; null for a random one.</summary>
    public string? Token { get; init; }

    /// <summary>Serve HTTPS with a certificate of its own. Without it the Kubernetes clients in Go, kubectl too, leave the token out and
    /// are refused.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>Time stamps, bookmarks and watch timeouts follow it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The seed of uids, generated names, cluster IPs and node ports.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Changes that can be watched and listed again; older resource versions are expired.</summary>
    public int HistoryLimit { get; init; } = 10_000;

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
