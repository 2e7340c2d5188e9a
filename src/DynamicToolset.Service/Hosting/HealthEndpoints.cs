using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The health paths of Kubernetes, https://kubernetes.io/docs/reference/using-api/health-checks/. Alive means that the process answers,
/// whatever the API server does; ready means that the cluster was read once and that no stop has begun.
/// </summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, Func<bool> isReady)
    {
        foreach (string path in (string[])["/healthz", "/livez", "/health"])
            routes.MapGet(path, context => AnswerAsync(context, isFine: true, "{\"status\":\"ok\",\"checks\":{\"ping\":\"ok\"}}"));
        foreach (string path in (string[])["/readyz", "/ready"])
            routes.MapGet(path, context => AnswerReadyAsync(context, isReady()));
    }

    private static Task AnswerReadyAsync(HttpContext context, bool isReady) => AnswerAsync(
        context,
        isReady,
        isReady ? "{\"status\":\"ok\",\"checks\":{\"sync\":\"ok\"}}" : "{\"status\":\"failed\",\"checks\":{\"sync\":\"failed\"}}");

    private static Task AnswerAsync(HttpContext context, bool isFine, string body)
    {
        context.Response.StatusCode = isFine ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
