using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Observability;

/// <summary>The four levels there are: finer ones count as debug, graver ones as error.</summary>
internal static class LogLevelName
{
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
