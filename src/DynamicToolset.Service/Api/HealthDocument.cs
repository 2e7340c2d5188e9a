namespace DynamicToolset.Service.Api;

/// <summary>The health of an endpoint.</summary>
/// <param name="Status">healthy, unhealthy or unknown.</param>
/// <param name="Reason">
/// One word of the last check, as in the metric of health checks: ok, credentials, status, timeout, refused, dns, tls, blocked, connection, response,
/// apiserver; assumed before the first check.
/// </param>
/// <param name="StatusCode">That the backend answered with.</param>
/// <param name="Request">The request.</param>
/// <param name="Since">Since when it has this status.</param>
/// <param name="ResponseTime">Time of the last check's last attempt, in milliseconds.</param>
/// <param name="Advice">What to do about it; null if nothing.</param>
/// <param name="Override">The line for overrides.yaml with the credentials that the backend wants.</param>
public sealed record HealthDocument(
    string Status,
    string Reason,
    int? StatusCode,
    string Request,
    DateTimeOffset? Since,
    DateTimeOffset? LastCheck,
    int? ResponseTime,
    string? Advice,
    string? Override)
{
    /// <summary>Another form of the URL that was tried when this one failed, with the result; null if none was.</summary>
    public string? Tried { get; init; }

    internal HealthDocument WithoutMoments() => this with { Since = null, LastCheck = null, ResponseTime = null };
}

/// <param name="Status">healthy, unhealthy, or unknown where the check said nothing of the backend.</param>
/// <param name="ResponseTime">In milliseconds.</param>
public sealed record CheckDocument(DateTimeOffset Timestamp, string Status, string Reason, int? StatusCode, int ResponseTime);
