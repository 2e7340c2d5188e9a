using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Overriding;

public sealed partial class OverrideLoop
{
    [LoggerMessage(335, LogLevel.Information, "Override files read")]
    private partial void LogRead(string[] files);

    [LoggerMessage(336, LogLevel.Information, "Override files reloaded")]
    private partial void LogReloaded(string[] files);
}
