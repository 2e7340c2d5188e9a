using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Journal;

public sealed partial class RoundJournal
{
    [LoggerMessage(390, LogLevel.Information, "Rounds are recorded")]
    private partial void LogBegun(string folder);

    [LoggerMessage(391, LogLevel.Warning, "Journal cannot be written")]
    private partial void LogFailed(string error);

    [LoggerMessage(392, LogLevel.Information, "Journal is written again")]
    private partial void LogAgain(int missed);

    [LoggerMessage(393, LogLevel.Warning, "Rounds are missing from the journal, the disk is too slow")]
    private partial void LogMissed(int missed);
}
