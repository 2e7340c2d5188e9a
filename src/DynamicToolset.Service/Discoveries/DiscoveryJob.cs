namespace DynamicToolset.Service.Discoveries;

/// <summary>A discovery that somebody asked for, as it is at one moment.</summary>
/// <param name="Id">Of this job and no other, ever: the replica, a dot, a counter and a random part.</param>
/// <param name="CorrelationId">Of the request that began it.</param>
public sealed record DiscoveryJob(string Id, DateTimeOffset RequestedAt, string CorrelationId)
{
    /// <summary>Everything is listed anew and checked now, for one of those who asked wanted that.</summary>
    public bool Force { get; init; }

    public DiscoveryScope Scope { get; init; } = DiscoveryScope.All;

    /// <summary>Number of requests for it, including those that joined.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>While it runs, by how long the last ones took; then when it ended.</summary>
    public DateTimeOffset EstimatedCompletion { get; init; }

    /// <summary>Null while it is running.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Null unless it failed.</summary>
    public DiscoveryFailure? Failure { get; init; }

    /// <summary>Null unless it succeeded.</summary>
    public DiscoveryFindings? Findings { get; init; }

    /// <summary>running, succeeded or failed.</summary>
    public string State => Failure is not null ? "failed" : Findings is not null ? "succeeded" : "running";

    /// <summary>The replica that runs it; null where that is no id of a job.</summary>
    public static string? ReplicaOf(string id) => id.LastIndexOf('.') is > 0 and int end ? id[..end] : null;
}

/// <param name="Reason">timeout, listFailed, stale, leadershipLost or stopping.</param>
/// <param name="Detail">For people.</param>
public sealed record DiscoveryFailure(string Reason, string Detail)
{
    public static DiscoveryFailure ListFailed(string error) => new("listFailed", error);

    /// <param name="outage">Which watch is away.</param>
    public static DiscoveryFailure Stale(string outage) => new("stale", outage);

    public static DiscoveryFailure LeadershipLost { get; } = new("leadershipLost", "this replica no longer leads: try again");

    public static DiscoveryFailure Stopping { get; } = new("stopping", "this replica is stopping: try again");

    /// <param name="step">What had not ended.</param>
    public static DiscoveryFailure TimedOut(string step, TimeSpan after) =>
        new("timeout", FormattableString.Invariant($"{step} did not end within {after.TotalSeconds:0} seconds; /api/v1/status says what is wrong"));
}
