using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

public sealed partial class ServiceHost
{
    /// <summary>With port 0 nobody would know the port otherwise.</summary>
    [LoggerMessage(300, LogLevel.Information, "Listening")]
    private partial void LogListening(string[] urls);

    [LoggerMessage(301, LogLevel.Information, "Stopping")]
    private partial void LogStopping();

    [LoggerMessage(302, LogLevel.Information, "Stopped")]
    private partial void LogStopped();

    [LoggerMessage(303, LogLevel.Warning, "Stop took too long and was cut short")]
    private partial void LogStopTimedOut(double afterSeconds);
}
