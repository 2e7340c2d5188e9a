using System.Collections.Concurrent;
using DynamicToolset.Service.Observability;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>Keeps the log's lines as the service writes them.</summary>
/// <param name="format">As <see cref="LogLineFormatter"/> calls it.</param>
/// <param name="clock">Stamps them; null for the real one.</param>
internal sealed class LogLines(string format = LogLineFormatter.Json, TimeProvider? clock = null) : ILoggerProvider, ILogger
{
    private readonly LogLineFormatter _formatter = new(format, clock ?? TimeProvider.System, withStacks: false);
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Without the break at their ends.</summary>
    public IReadOnlyCollection<string> All => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        using var line = new StringWriter();
        _formatter.Write(new LogEntry<TState>(logLevel, "DynamicToolset", eventId, state, exception, formatter), null, line);
        _lines.Enqueue(line.ToString()[..^1]);
    }

    public void Dispose()
    {
    }
}
