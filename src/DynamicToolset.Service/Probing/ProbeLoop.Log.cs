using DynamicToolset.HealthCheck;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

public sealed partial class ProbeLoop
{
    /// <summary>Tells when it begins to fail, again and again while it does, and when it ends.</summary>
    private void Log(WatchedEndpoint watched, HealthState before, HealthState after, bool isKept)
    {
        ProbeTarget target = watched.Target;
        string service = target.Service.ToString();
        string endpoint = target.Target.Endpoint.ToString();
        if (after.Status == HealthStatus.Healthy && before.Status == HealthStatus.Unhealthy)
            LogRecovered(target.ServiceType, service, endpoint);
        if (after is not { Status: HealthStatus.Unhealthy, Obstacle: null, Last: { IsSuccess: false } outcome })
            return;
        if (before.Status == HealthStatus.Unhealthy && Elapsed - watched.WarnedAt < _options.WarningInterval)
            return;
        watched.WarnedAt = Elapsed;
        LogSkipped(target.ServiceType, service, endpoint, outcome.Reason, outcome.StatusCode, isKept);
    }

    // Operators grep for this text. Kept is a toolset that stays as long as nothing else passes.
    [LoggerMessage(350, LogLevel.Warning, "Service health check failed, skipping")]
    private partial void LogSkipped(string serviceType, string service, string endpoint, string reason, int? statusCode, bool kept);

    [LoggerMessage(351, LogLevel.Information, "Service health check passed again")]
    private partial void LogRecovered(string serviceType, string service, string endpoint);
}
