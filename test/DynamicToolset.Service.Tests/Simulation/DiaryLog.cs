using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>What a process logs stands in the diary of the world.</summary>
internal sealed class DiaryLog(Action<string> note, string process) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        IEnumerable<string> fields = (state as IReadOnlyList<KeyValuePair<string, object?>> ?? []).Where(f => f.Key != "{OriginalFormat}").Select(f => $"{f.Key}={Shown(f.Value)}");
        note($"  {process}: {formatter(state, exception)} {string.Join(' ', fields)}");
    }

    public void Dispose()
    {
    }

    private static string Shown(object? value) => value is string[] many ? string.Join(',', many) : $"{value}";
}
