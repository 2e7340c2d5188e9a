using System.Net;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Http;

/// <summary>
/// What answers on PORT and METRICS_PORT. What is asked is bounded before it is read: by the number of connections, the size of headers and bodies, and
/// how slowly they may come.
/// </summary>
internal static class HttpServer
{
    private const int MostConnections = 1000;
    private const int MostHeaderBytes = 16 * 1024;
    /// <summary>Of a body that a caller sends.</summary>
    public const int MostBodyBytes = 16 * 1024;

    private static readonly TimeSpan LongestHeaders = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    /// <param name="address">Where it listens.</param>
    /// <param name="admission">Who is let in.</param>
    /// <param name="addServices">What the routes need.</param>
    /// <param name="mapRoutes">What there is on PORT.</param>
    public static WebApplication Build(
        Settings settings,
        IPAddress address,
        Func<TextFormat, string> scrape,
        HttpMeasures measures,
        ILoggerFactory loggers,
        TimeProvider time,
        Admission admission,
        Action<IServiceCollection> addServices,
        Action<IEndpointRouteBuilder> mapRoutes)
    {
        // Empty: neither the environment nor a file in the working directory has a say in how this listens.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, UnattendedLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddProblemAnswers(time);
        builder.Services.AddRequestTimeouts(o => o.DefaultPolicy = new() { Timeout = LongestAnswer });
        addServices(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings, address));
        WebApplication http = builder.Build();
        http.Use(next => context => MeasureAsync(context, next, measures, time));
        MetricsEndpoint.Map(http, scrape, admission.ToMetrics);
        http.Use(next => context =>
        {
            ProblemAnswer.ToEverybody(context);
            return CorrelationId.TakeAsync(context, next);
        });
        http.UseExceptionHandler(new ExceptionHandlerOptions { AllowStatusCode404Response = true, StatusCodeSelector = StatusOf });
        http.UseStatusCodePages(StatusAnswer.WriteAsync);
        var failed = new FailedRequests(loggers.CreateLogger<FailedRequests>());
        http.Use(next => context => failed.PassAsync(context, next));
        http.UseRouting();
        http.UseRequestTimeouts();
        http.Use(next => context => admission.ToRoutes(context, next));
        mapRoutes(http);
        return http;
    }

    /// <summary>A body that breaks off, or comes too slowly, is the caller's fault.</summary>
    private static int StatusOf(Exception error) =>
        error is Microsoft.AspNetCore.Http.BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;

    private static async Task MeasureAsync(HttpContext context, RequestDelegate next, HttpMeasures measures, TimeProvider time)
    {
        long begun = time.GetTimestamp();
        await next(context);
        // Where a handler failed, the endpoint is another one by now.
        Endpoint? endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        string? route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path.Value;
        measures.Answered(route, context.Request.Method, context.Response.StatusCode, time.GetElapsedTime(begun));
    }

    private static void Configure(KestrelServerOptions kestrel, Settings settings, IPAddress address)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = LongestHeaders;
        kestrel.Limits.KeepAliveTimeout = LongestRest;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        var shares = new ConnectionShares();
        Listen(kestrel, address, settings.Port, shares.Guard);
        Listen(kestrel, address, settings.MetricsPort, listen =>
        {
            shares.Guard(listen);
            MetricsEndpoint.MarkConnections(listen);
        });
    }

    private static void Listen(KestrelServerOptions kestrel, IPAddress address, int port, Action<ListenOptions> configure)
    {
        // Where a machine has no IPv6 this one takes what there is.
        if (address.Equals(IPAddress.IPv6Any))
            kestrel.ListenAnyIP(port, Configured);
        else
            kestrel.Listen(address, port, Configured);

        void Configured(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            configure(listen);
        }
    }
}

/// <summary>What stands in front of each port, and goes on to what it is given where a request may.</summary>
internal sealed record Admission(Func<HttpContext, RequestDelegate, Task> ToRoutes, Func<HttpContext, RequestDelegate, Task> ToMetrics);

/// <summary>Metadata of a route that everybody may ask as often as they like.</summary>
internal sealed class AlwaysAnswered;
