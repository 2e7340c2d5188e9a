using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Detectors;

public sealed partial class RuleLoop
{
    [LoggerMessage(330, LogLevel.Information, "Detector rules read")]
    private partial void LogRead(string[] added, string[] replaced);

    [LoggerMessage(331, LogLevel.Information, "Detector rules reloaded")]
    private partial void LogReloaded(string[] added, string[] replaced, string[] removed);

    [LoggerMessage(332, LogLevel.Warning, "Detector rules cannot be used, keeping the last good ones")]
    private partial void LogProblems(int count, string[] problems);

    [LoggerMessage(333, LogLevel.Information, "Detector rules are valid again")]
    private partial void LogGood();

    [LoggerMessage(334, LogLevel.Warning, "HEALTH_CHECK_TOKEN_FILES names rules that do not exist")]
    private partial void LogUnknownRules(string[] rules);
}
