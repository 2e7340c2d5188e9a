using System.Net;
using System.Runtime.ExceptionServices;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Access;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Otlp;
using DynamicToolset.Service.Page;
using DynamicToolset.Service.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The order of a life. Start: HTTP answers, then watches, checks and writes begin. Stop: not ready; no new round, and the write in flight
/// ends; another replica may lead; HTTP goes on answering while the endpoints learn of it; watches and checks end; HTTP drains, and
/// the last spans are sent.
/// </summary>
/// <param name="api">Asked who calls, and what they may do.</param>
/// <param name="states">What <paramref name="controller"/> publishes, which the REST API answers from.</param>
/// <param name="metrics">Shown on a port of its own.</param>
public sealed partial class ServiceHost(
    Settings settings, Controller controller, IKubeApi api, StateStore states, MetricScraper metrics, TimeProvider time, ILoggerFactory loggers)
{
    private readonly AccessGate _gate = new(settings, api, time, loggers);
    private readonly ILogger _logger = loggers.CreateLogger<ServiceHost>();

    /// <summary>Where it listens: every address of the machine, IPv4 and IPv6, unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.IPv6Any;

    /// <summary>Called once with where it listens: PORT and METRICS_PORT.</summary>
    public Action<Listening> OnListening { get; init; } = static _ => { };

    /// <summary>Sends what is left at the end; null where nothing is sent.</summary>
    public OtlpExport? Export { get; init; }

    /// <summary>Returns after an orderly stop. An exception is a loop's, and a defect.</summary>
    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await using WebApplication http = BuildHttp();
        await http.StartAsync(stop);
        LogListening([.. http.Urls]);
        var listening = Listening.Of(http.Urls);
        OnListening(listening);
        controller.AnswersOn(listening.Api.Port);
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
        Task sent = Export?.StopAsync() ?? Task.CompletedTask;
        await Quietly(http.StopAsync(limit));
        await Quietly(sent.WaitAsync(limit));
        LogStopped();
    }

    /// <summary><see cref="Controller.Defect"/> reports a loop's exception once; it must not stop the stop.</summary>
    private static async Task Quietly(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task WhenStoppedAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    private IEnumerable<SelfCheck> Readiness => [.. controller.Readiness, _gate.Check];

    private WebApplication BuildHttp() => HttpServer.Build(
        settings,
        Address,
        metrics.Scrape,
        metrics.Http,
        loggers,
        time,
        new Admission(_gate.AdmitAsync, _gate.AdmitToMetricsAsync),
        AddServices,
        MapRoutes);

    private void MapRoutes(IEndpointRouteBuilder routes)
    {
        HealthEndpoints.Map(routes.MapGroup("").WithMetadata(new AlwaysAnswered()), () => controller.Liveness, () => Readiness);
        routes.MapPage();
        routes.MapOpenApiFile();
        routes.MapRestApi();
    }

    private void AddServices(IServiceCollection services)
    {
        services.AddSingleton(new ApiViews(states, () => controller.Health, rules => Controller.ToPipeline(settings, rules), time));
        services.AddSingleton(new StatusReader(controller.Instance, controller.ConfigMap, () => Readiness, () => controller.Reload));
        services.AddSingleton(controller.Discoveries);
        bool isOnLoopback = settings.PodIp is { Length: > 0 } ip && IPAddress.IsLoopback(IPAddress.Parse(ip));
        services.AddSingleton(_ => new LeaderLink(
            controller.Instance, () => controller.Leadership, () => controller.OtherLeader, isOnLoopback, time));
    }
}
