using Microsoft.Extensions.Logging;

namespace DynamicToolset.Kubernetes.Informers;

/// <remarks>The texts are constant: operators search for them.</remarks>
public sealed partial class InformerLog
{
    [LoggerMessage(101, LogLevel.Error, "Failed to list services")]
    private partial void LogServicesFailed(string error, double retryInSeconds);

    [LoggerMessage(102, LogLevel.Error, "Failed to read ConfigMap")]
    private partial void LogConfigMapFailed(string error, double retryInSeconds);

    [LoggerMessage(110, LogLevel.Error, "Failed to read Lease")]
    private partial void LogLeaseFailed(string error, double retryInSeconds);

    [LoggerMessage(103, LogLevel.Debug, "Listed")]
    private partial void LogListed(string resource, int count);

    [LoggerMessage(104, LogLevel.Warning, "Watch broken")]
    private partial void LogBroken(string resource, string error, double retryInSeconds);

    [LoggerMessage(105, LogLevel.Information, "Watch expired, listing again")]
    private partial void LogExpired(string resource);

    [LoggerMessage(106, LogLevel.Debug, "Watch ended")]
    private partial void LogEnded(string resource, double retryInSeconds);

    [LoggerMessage(107, LogLevel.Information, "Permission not granted yet")]
    private partial void LogNotAllowedYet(string resource, string error, double retryInSeconds);

    [LoggerMessage(109, LogLevel.Warning, "Watch makes no progress, listing again")]
    private partial void LogFruitless(string resource, string reason);

    [LoggerMessage(108, LogLevel.Information, "Listing works again")]
    private partial void LogListsAgain(string resource);
}
