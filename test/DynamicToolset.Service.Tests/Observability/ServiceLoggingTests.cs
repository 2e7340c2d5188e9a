using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Observability;

public sealed class ServiceLoggingTests
{
    [Theory]
    [InlineData("debug", "DynamicToolset.X", LogLevel.Debug)]
    [InlineData("debug", "Microsoft.X", LogLevel.Information)]
    [InlineData("debug", "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)]
    [InlineData("info", "DynamicToolset.X", LogLevel.Information)]
    [InlineData("info", "Microsoft.X", LogLevel.Warning)]
    [InlineData("info", "System.Net.Http", LogLevel.Warning)]
    [InlineData("error", "DynamicToolset.X", LogLevel.Error)]
    [InlineData("error", "Microsoft.X", LogLevel.Error)]
    public async Task Libraries_are_heard_only_from_warnings_on(string logLevel, string category, LogLevel least)
    {
        await using ServiceProvider services = Services(logLevel, "json", LogStream.StandardOutput);
        ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        Assert.True(log.IsEnabled(least));
        Assert.False(log.IsEnabled(least - 1));
    }

    [Theory]
    [InlineData("json", LogStream.StandardOutput, LogLevel.None)]
    [InlineData("text", LogStream.StandardOutput, LogLevel.None)]
    [InlineData("json", LogStream.StandardError, LogLevel.Trace)]
    public async Task Lines_go_to_one_stream_through_the_formatter_that_was_asked_for(string format, LogStream stream, LogLevel toStandardError)
    {
        await using ServiceProvider services = Services("info", format, stream);
        ConsoleLoggerOptions console = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;
        ConsoleFormatter formatter = services.GetServices<ConsoleFormatter>().Single(candidate => candidate.Name == console.FormatterName);

        Assert.Equal(toStandardError, console.LogToStandardErrorThreshold);
        Assert.IsType<LogLineFormatter>(formatter);
        Assert.Equal($"dynamic-toolset-{format}", formatter.Name);
        Assert.Single(services.GetServices<ILoggerProvider>());
    }

    private static ServiceProvider Services(string logLevel, string format, LogStream stream)
    {
        var flags = new Dictionary<string, string> { ["LOG_LEVEL"] = logLevel, ["LOG_FORMAT"] = format };
        Settings settings = SettingsReading.Of(SettingsProfile.Service, flags, _ => null).Settings!;
        return new ServiceCollection()
            .AddLogging(logging => logging.AddServiceLog(settings, stream, new FakeTimeProvider()))
            .BuildServiceProvider();
    }
}
