using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

internal static partial class RunCommand
{
    [LoggerMessage(310, LogLevel.Information, "Starting")]
    private static partial void LogStarting(ILogger logger, string version, string commit, string server);
}
