using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Http;

internal sealed partial class FailedRequests
{
    [LoggerMessage(380, LogLevel.Error, "Request failed")]
    private partial void LogFailed(string correlationId, string error);
}
