using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

public sealed partial class ProbeLoop
{
    /// <summary>Lines a minute. A namespace may have hundreds of Services that fail, and an outage more.</summary>
    private const int MostTold = 100;

    private readonly LineBudget _failedLines;
    private readonly LineBudget _recoveredLines;
    private readonly LineBudget _movedLines;

    /// <summary>Tells when it begins to fail, again and again while it does, and when it ends.</summary>
    private void Log(WatchedEndpoint watched, HealthState before, HealthState after, bool isKept)
    {
        ProbeTarget target = watched.Target;
        string service = target.Service.ToString();
        string endpoint = watched.WayIn(after).Endpoint.ToString();
        if (after.Form != before.Form && _movedLines.TryTake())
            LogMoved(target.ServiceType, service, endpoint, watched.Asked.Endpoint.ToString());
        if (after.Status == HealthStatus.Healthy && before.Status == HealthStatus.Unhealthy && _recoveredLines.TryTake())
            LogRecovered(target.ServiceType, service, endpoint);
        if (after is not { Status: HealthStatus.Unhealthy, Obstacle: null, Last: { IsSuccess: false } outcome })
            return;
        if (before.Status == HealthStatus.Unhealthy && Elapsed - watched.WarnedAt < _options.WarningInterval)
            return;
        watched.WarnedAt = Elapsed;
        if (_failedLines.TryTake())
            LogSkipped(target.ServiceType, service, endpoint, outcome.Reason, outcome.StatusCode, isKept);
    }

    private void TellLeftOut()
    {
        if (_failedLines.TakeLeftOut() is > 0 and int failed)
            LogMoreSkipped(failed);
        if (_recoveredLines.TakeLeftOut() is > 0 and int recovered)
            LogMoreRecovered(recovered);
        if (_movedLines.TakeLeftOut() is > 0 and int moved)
            LogMoreMoved(moved);
    }

    // Operators grep for this text. Kept is a toolset that stays as long as nothing else passes.
    [LoggerMessage(350, LogLevel.Warning, "Service health check failed, skipping")]
    private partial void LogSkipped(string serviceType, string service, string endpoint, string reason, int? statusCode, bool kept);

    [LoggerMessage(351, LogLevel.Information, "Service health check passed again")]
    private partial void LogRecovered(string serviceType, string service, string endpoint);

    [LoggerMessage(352, LogLevel.Warning, "More Services failed their health checks, not all are logged")]
    private partial void LogMoreSkipped(int count);

    [LoggerMessage(353, LogLevel.Information, "More Services passed their health checks again, not all are logged")]
    private partial void LogMoreRecovered(int count);

    [LoggerMessage(358, LogLevel.Information, "Service answers at another URL")]
    private partial void LogMoved(string serviceType, string service, string endpoint, string failed);

    [LoggerMessage(359, LogLevel.Information, "More Services answer at other URLs, not all are logged")]
    private partial void LogMoreMoved(int count);
}
