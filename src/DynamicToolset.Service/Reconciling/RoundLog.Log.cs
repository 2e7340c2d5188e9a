using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Reconciling;

internal sealed partial class RoundLog
{
    [LoggerMessage(210, LogLevel.Information, "Service discovery complete")]
    private partial void LogComplete(
        int discoveredCount,
        int prometheusCount,
        int grafanaCount,
        int jaegerCount,
        int elasticsearchCount,
        int customCount,
        string[] otherTypes,
        string version);

    [LoggerMessage(211, LogLevel.Warning, "Malformed annotation, skipping")]
    private partial void LogRejected(string service, string problem);

    [LoggerMessage(229, LogLevel.Warning, "Service is too large, skipping")]
    private partial void LogTooLarge(string service, string problem);

    [LoggerMessage(230, LogLevel.Warning, "Namespace has too many Services, skipping the last")]
    private partial void LogCrowd(string service, string problem);

    [LoggerMessage(212, LogLevel.Warning, "Malformed overrides")]
    private partial void LogOverrides(string problem);

    [LoggerMessage(213, LogLevel.Information, "Overrides are valid again")]
    private partial void LogOverridesGood();

    [LoggerMessage(214, LogLevel.Information, "Override is ignored for now")]
    private partial void LogDormant(string toolset, string reason);

    [LoggerMessage(239, LogLevel.Warning, "Overrides have a probable mistake")]
    private partial void LogSlip(string detail);

    [LoggerMessage(215, LogLevel.Information, "Key is not managed by the service, keeping it")]
    private partial void LogForeign(string key);

    [LoggerMessage(216, LogLevel.Error, "ConfigMap cannot be written")]
    private partial void LogRefused(string reason, string detail);

    [LoggerMessage(217, LogLevel.Error, "ConfigMap not found")]
    private partial void LogNotFound(string name);

    [LoggerMessage(222, LogLevel.Warning, "Another writer keeps changing the ConfigMap")]
    private partial void LogContested(string[] keys, string manager, string detail);

    [LoggerMessage(223, LogLevel.Warning, "No room for all toolsets, leaving some out")]
    private partial void LogNoRoom(int count, string[] toolsets);

    [LoggerMessage(224, LogLevel.Information, "All toolsets fit again")]
    private partial void LogAllFit();

    [LoggerMessage(235, LogLevel.Warning, "More problems of the same kind")]
    private partial void LogMore(string problem, int count);

    [LoggerMessage(236, LogLevel.Warning, "References to secrets are left out")]
    private partial void LogWithheld(int count, string[] toolsets, string detail);

    // Of the override there is nothing but a reference to the environment in it.
    [LoggerMessage(237, LogLevel.Warning, "Backend wants credentials")]
    private partial void LogWantsCredentials(string service, string toolset, string detail);

    [LoggerMessage(241, LogLevel.Warning, "Backend wants a tenant")]
    private partial void LogWantsTenant(string service, string toolset, string detail);

    // It may be new and have collected nothing yet.
    [LoggerMessage(240, LogLevel.Information, "Backend has no data")]
    private partial void LogNoData(string service, string toolset, string detail);

    [LoggerMessage(238, LogLevel.Warning, "Certificates are not verified")]
    private partial void LogUnverified(int count, string[] toolsets, string detail);

    [LoggerMessage(231, LogLevel.Warning, "No health check passes, keeping the toolsets")]
    private partial void LogPanic(int count, string[] services, string detail);

    [LoggerMessage(232, LogLevel.Information, "The toolsets follow the health checks again")]
    private partial void LogPanicOver();

    [LoggerMessage(233, LogLevel.Warning, "Health checks cannot reach the backends, keeping the last results")]
    private partial void LogObstructed(string advice);

    [LoggerMessage(234, LogLevel.Information, "Health checks reach the backends again")]
    private partial void LogUnobstructed();

    [LoggerMessage(225, LogLevel.Warning, "Left out of the file for HolmesGPT")]
    private partial void LogLeftOutForHolmes(string toolset, string path, string reason);

    [LoggerMessage(226, LogLevel.Error, "HolmesGPT would reject the new file, keeping the last good one")]
    private partial void LogUnfit(string key, string problem);

    [LoggerMessage(227, LogLevel.Warning, "Owner reference of the ConfigMap is wrong or unknown")]
    private partial void LogNotOwned(string reason, string detail);

    [LoggerMessage(228, LogLevel.Information, "Owner reference of the ConfigMap is right again")]
    private partial void LogOwned();
}
