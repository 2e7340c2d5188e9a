using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Discoveries;

public sealed partial class DiscoveryLoop
{
    [LoggerMessage(501, LogLevel.Information, "Discovery requested")]
    private partial void LogBegun(string jobId, bool force, string correlationId);

    [LoggerMessage(502, LogLevel.Information, "Discovery ended")]
    private partial void LogEnded(string jobId, string state, string? reason, int requests, bool written, double seconds, string correlationId);
}
