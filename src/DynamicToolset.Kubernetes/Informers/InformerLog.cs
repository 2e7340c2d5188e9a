using DynamicToolset.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>Writes the reports of an informer as log lines. The texts are constant: operators search for them.</summary>
public static partial class InformerLog
{
    public static Action<InformerReport> Services(ILogger logger) => report =>
    {
        if (Failure(report) is var (error, retryIn))
            FailedToListServices(logger, error.Message, retryIn.TotalSeconds);
        else
            Ordinary(logger, "services", report);
    };

    public static Action<InformerReport> ConfigMap(ILogger logger) => report =>
    {
        if (Failure(report) is var (error, retryIn))
            FailedToReadConfigMap(logger, error.Message, retryIn.TotalSeconds);
        else
            Ordinary(logger, "configmaps", report);
    };

    private static (KubeApiException Error, TimeSpan RetryIn)? Failure(InformerReport report) => report switch
    {
        InformerReport.ListFailed { MayPass: false } failed => (failed.Error, failed.RetryIn),
        InformerReport.WatchRefused { MayPass: false } refused => (refused.Error, refused.RetryIn),
        _ => null,
    };

    private static void Ordinary(ILogger logger, string resource, InformerReport report)
    {
        switch (report)
        {
            case InformerReport.Listed listed:
                Listed(logger, resource, listed.Count);
                break;
            case InformerReport.ListFailed failed:
                NotAllowedYet(logger, resource, failed.Error.Message, failed.RetryIn.TotalSeconds);
                break;
            case InformerReport.WatchRefused refused:
                NotAllowedYet(logger, resource, refused.Error.Message, refused.RetryIn.TotalSeconds);
                break;
            case InformerReport.WatchBroken broken:
                WatchBroken(logger, resource, broken.Error.Message, broken.RetryIn.TotalSeconds);
                break;
            case InformerReport.VersionExpired:
                VersionExpired(logger, resource);
                break;
            case InformerReport.WatchEnded ended:
                WatchEnded(logger, resource, ended.RetryIn.TotalSeconds);
                break;
        }
    }

    [LoggerMessage(101, LogLevel.Error, "Failed to list services")]
    private static partial void FailedToListServices(ILogger logger, string error, double retryInSeconds);

    [LoggerMessage(102, LogLevel.Error, "Failed to read ConfigMap")]
    private static partial void FailedToReadConfigMap(ILogger logger, string error, double retryInSeconds);

    [LoggerMessage(103, LogLevel.Debug, "Listed")]
    private static partial void Listed(ILogger logger, string resource, int count);

    [LoggerMessage(104, LogLevel.Warning, "Watch broken")]
    private static partial void WatchBroken(ILogger logger, string resource, string error, double retryInSeconds);

    [LoggerMessage(105, LogLevel.Information, "Watch expired, listing again")]
    private static partial void VersionExpired(ILogger logger, string resource);

    [LoggerMessage(106, LogLevel.Debug, "Watch ended")]
    private static partial void WatchEnded(ILogger logger, string resource, double retryInSeconds);

    [LoggerMessage(107, LogLevel.Information, "Not allowed yet")]
    private static partial void NotAllowedYet(ILogger logger, string resource, string error, double retryInSeconds);
}
