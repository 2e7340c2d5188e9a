using DynamicToolset.Service.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace DynamicToolset.Service.Observability;

/// <summary>Sets logging up as LOG_LEVEL and LOG_FORMAT say.</summary>
public static class ServiceLogging
{
    /// <summary>
    /// Takes the place of all other log providers. Libraries are heard from warnings on, so that the lines of the service are
    /// not lost among theirs; with LOG_LEVEL=debug from informational ones on.
    /// </summary>
    /// <param name="clock">Stamps the lines.</param>
    public static ILoggingBuilder AddServiceLog(this ILoggingBuilder logging, Settings settings, LogStream stream, TimeProvider clock)
    {
        bool isDebug = settings.LogLevel <= LogLevel.Debug;
        LogLevel libraries = isDebug ? LogLevel.Information : (LogLevel)Math.Max((int)LogLevel.Warning, (int)settings.LogLevel);
        string formatter = settings.LogFormat == LogFormat.Json ? LogLineFormatter.Json : LogLineFormatter.Text;
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.LogLevel);
        logging.AddFilter("Microsoft", libraries);
        logging.AddFilter("System", libraries);
        // It tells each request with its query, and that may hold what nobody else is to read.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        // A request that failed is told of by us, with the id that its caller was given.
        logging.AddFilter("Microsoft.AspNetCore.Diagnostics", LogLevel.None);
        // That a port is taken is told once, by the command.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddConsole(console =>
        {
            console.FormatterName = formatter;
            console.LogToStandardErrorThreshold = stream == LogStream.StandardError ? LogLevel.Trace : LogLevel.None;
        });
        logging.Services.AddSingleton<ConsoleFormatter>(new LogLineFormatter(formatter, clock, withStacks: isDebug));
        return logging;
    }
}

/// <summary>Where log lines go.</summary>
public enum LogStream
{
    /// <summary>Where a container's log is taken from.</summary>
    StandardOutput,

    /// <summary>For commands whose result is on standard output.</summary>
    StandardError,
}
