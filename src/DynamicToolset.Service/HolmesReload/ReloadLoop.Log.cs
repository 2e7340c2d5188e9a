using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.HolmesReload;

public sealed partial class ReloadLoop
{
    [LoggerMessage(340, LogLevel.Information, "HolmesGPT told to reload its toolsets")]
    private partial void LogReloaded(string url, string address);

    [LoggerMessage(341, LogLevel.Warning, "HolmesGPT could not be told to reload its toolsets")]
    private partial void LogFailed(string url, string address, string error);
}
