using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DynamicToolset.Service.Metrics;

/// <summary>Serves <c>/metrics</c>, and nothing else, to whoever connects to the port of metrics.</summary>
internal static class MetricsEndpoint
{
    private const string Path = "/metrics";

    /// <summary>Marks what comes in over this port: the number of a port is not known beforehand where any free one is taken.</summary>
    public static void MarkConnections(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(Mark.Instance);
        return next(connection);
    });

    /// <param name="admit">Goes on where a request may.</param>
    public static void Map(IApplicationBuilder http, Func<TextFormat, string> scrape, Func<HttpContext, RequestDelegate, Task> admit) => http.MapWhen(
        context => context.Features.Get<Mark>() is not null, metrics => metrics.Run(context => admit(context, admitted => AnswerAsync(admitted, scrape))));

    private static Task AnswerAsync(HttpContext context, Func<TextFormat, string> scrape)
    {
        if (context.Request.Path != Path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        bool isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = $"{HttpMethods.Get}, {HttpMethods.Head}";
            return Task.CompletedTask;
        }

        TextFormat format = TextFormat.WantedBy(context.Request.Headers.Accept);
        context.Response.ContentType = format.ContentType;
        context.Response.Headers.Vary = "Accept";
        return isHead ? Task.CompletedTask : context.Response.WriteAsync(scrape(format), context.RequestAborted);
    }

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
