using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Otlp;

public sealed partial class OtlpExport
{
    [LoggerMessage(360, LogLevel.Information, "Telemetry is sent by OTLP")]
    private static partial void LogBegun(ILogger logger, string endpoint, string protocol);
}
