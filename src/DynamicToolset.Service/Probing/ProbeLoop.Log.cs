using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

public sealed partial class ProbeLoop
{
    // Operators grep for this text.
    [LoggerMessage(LogLevel.Warning, "Service health check failed, skipping")]
    private static partial void LogSkipped(ILogger logger, string serviceType, string service, string endpoint, string reason, int? statusCode);

    [LoggerMessage(LogLevel.Information, "Service health check passed again")]
    private static partial void LogRecovered(ILogger logger, string serviceType, string service, string endpoint);
}
