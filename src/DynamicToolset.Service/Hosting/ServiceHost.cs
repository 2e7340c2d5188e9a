using System.Runtime.ExceptionServices;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The order of a life. Start: HTTP answers, then watches, checks and writes begin. Stop: not ready; no new round, and the write in flight
/// ends; another replica may lead; HTTP goes on answering while the endpoints learn of it; watches and checks end; HTTP drains.
/// </summary>
/// <param name="metrics">Shown on a port of its own.</param>
public sealed partial class ServiceHost(Settings settings, Controller controller, MetricScraper metrics, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ServiceHost>();

    /// <summary>Returns after an orderly stop. An exception is a loop's, and a defect.</summary>
    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await using WebApplication http = BuildHttp();
        await http.StartAsync(stop);
        LogListening([.. http.Urls]);
        controller.Start();
        Task stopped = WhenStoppedAsync(stop);
        await Task.WhenAny(stopped, controller.Failure);
        using var limit = new CancellationTokenSource(settings.ShutdownTimeout, time);
        await StopAsync(http, limit.Token);
        if (limit.IsCancellationRequested)
            LogStopTimedOut(settings.ShutdownTimeout.TotalSeconds);
        if (controller.Defect is { } defect)
            ExceptionDispatchInfo.Throw(defect);
    }

    /// <summary>Each part is left behind when the limit is over, the last one in a hurry: connections that are still open are cut.</summary>
    private async Task StopAsync(WebApplication http, CancellationToken limit)
    {
        LogStopping();
        bool isDefect = controller.Failure.IsFaulted;
        await Quietly(controller.StopReconcilingAsync().WaitAsync(limit));
        if (!isDefect)
            await Quietly(Task.Delay(settings.ShutdownDelay, time, limit));
        await Quietly(controller.StopWatchingAsync().WaitAsync(limit));
        await Quietly(http.StopAsync(limit));
        LogStopped();
    }

    /// <summary>A loop's exception is told once, by <see cref="Controller.Defect"/>; it must not stop the stop.</summary>
    private static async Task Quietly(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task WhenStoppedAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    private WebApplication BuildHttp()
    {
        // Empty: neither the environment nor a file in the working directory has a say in how this listens.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, UnattendedLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(settings.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenAnyIP(settings.MetricsPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                MetricsEndpoint.MarkConnections(listen);
            });
        });
        WebApplication http = builder.Build();
        MetricsEndpoint.Map(http, metrics.Scrape);
        HealthEndpoints.Map(http, () => controller.Liveness, () => controller.Readiness);
        return http;
    }
}
