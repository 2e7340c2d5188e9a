using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

internal sealed partial class Rehearsal
{
    [LoggerMessage(313, LogLevel.Information, "Would write the ConfigMap")]
    private partial void LogWouldWrite(string[] set, string[] removed);
}
