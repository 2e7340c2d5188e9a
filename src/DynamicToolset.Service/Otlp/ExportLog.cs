using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace DynamicToolset.Service.Otlp;

/// <summary>Logs once that a collector does not accept the data, and once that it does again. Used by one thread.</summary>
internal sealed partial class ExportLog(string signal, ILogger logger)
{
    private bool _isFailing;

    public ExportResult Tell(ExportResult result)
    {
        bool isFailing = result == ExportResult.Failure;
        if (isFailing && !_isFailing)
            LogFailed(signal);
        if (!isFailing && _isFailing)
            LogRecovered(signal);
        _isFailing = isFailing;
        return result;
    }

    [LoggerMessage(361, LogLevel.Warning, "Telemetry could not be sent, see docs/tracing.md")]
    private partial void LogFailed(string signal);

    [LoggerMessage(362, LogLevel.Information, "Telemetry is sent again")]
    private partial void LogRecovered(string signal);
}
