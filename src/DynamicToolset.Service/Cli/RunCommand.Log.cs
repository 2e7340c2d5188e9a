using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

internal static partial class RunCommand
{
    [LoggerMessage(310, LogLevel.Information, "Starting")]
    private static partial void LogStarting(ILogger logger, string version, string commit, string server);

    [LoggerMessage(312, LogLevel.Warning, "Setting has no effect yet")]
    private static partial void LogWithoutEffect(ILogger logger, string setting);
}
