using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Reconciling;

public sealed partial class ConfigMapWriter
{
    [LoggerMessage(201, LogLevel.Warning, "Failed to read ConfigMap")]
    private partial void LogReadFailed(string error);

    [LoggerMessage(202, LogLevel.Error, "Failed to write ConfigMap")]
    private partial void LogWriteFailed(string name, string error, double retryInSeconds);

    [LoggerMessage(203, LogLevel.Warning, "Gave up a write, not enough time left as leader")]
    private partial void LogGaveUp(string name, double retryInSeconds);

    [LoggerMessage(204, LogLevel.Information, "ConfigMap fenced")]
    private partial void LogFenced(string name, string epoch);

    [LoggerMessage(218, LogLevel.Information, "Drift detected")]
    private partial void LogDrift(string[] keys, string action, string? manager);

    [LoggerMessage(219, LogLevel.Information, "ConfigMap created")]
    private partial void LogCreated(string name, string[] keys);

    [LoggerMessage(220, LogLevel.Information, "ConfigMap recreated")]
    private partial void LogRecreated(string name, string[] keys);

    [LoggerMessage(221, LogLevel.Information, "ConfigMap updated")]
    private partial void LogUpdated(string name, string[] keys, string[] removed);
}
