using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Detectors;

public sealed partial class RuleLoop
{
    [LoggerMessage(330, LogLevel.Information, "Detector rules read")]
    private static partial void LogRead(ILogger logger, string[] added, string[] replaced);

    [LoggerMessage(331, LogLevel.Information, "Detector rules reloaded")]
    private static partial void LogReloaded(ILogger logger, string[] added, string[] replaced, string[] removed);

    [LoggerMessage(332, LogLevel.Warning, "Detector rules cannot be used, keeping the last good ones")]
    private static partial void LogProblems(ILogger logger, int count, string[] problems);

    [LoggerMessage(333, LogLevel.Information, "Detector rules are good again")]
    private static partial void LogGood(ILogger logger);
}
