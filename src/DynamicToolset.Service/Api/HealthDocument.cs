namespace DynamicToolset.Service.Api;

/// <summary>What is known of an endpoint.</summary>
/// <param name="Status">healthy, unhealthy or unknown.</param>
/// <param name="Reason">
/// One word of the last check, as in the metric of health checks: ok, credentials, status, timeout, refused, dns, tls, blocked, connection, response,
/// apiserver; assumed before the first.
/// </param>
/// <param name="StatusCode">That the backend answered with.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Since">Since when the status is what it is.</param>
/// <param name="ResponseTime">Of the last check's last attempt, in milliseconds.</param>
/// <param name="Advice">What to do about it; null where nothing is to be done.</param>
/// <param name="Override">The line for overrides.yaml that gives the credentials that it wants.</param>
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
    /// <summary>Another form of the URL that was tried when this one failed, and what came of it; null where none was.</summary>
    public string? Tried { get; init; }

    internal HealthDocument WithoutMoments() => this with { Since = null, LastCheck = null, ResponseTime = null };
}

/// <param name="Status">healthy, unhealthy, or unknown where the check said nothing of the backend.</param>
/// <param name="ResponseTime">In milliseconds.</param>
public sealed record CheckDocument(DateTimeOffset Timestamp, string Status, string Reason, int? StatusCode, int ResponseTime);
