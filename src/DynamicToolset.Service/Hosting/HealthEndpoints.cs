using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// The health paths of Kubernetes, https://kubernetes.io/docs/reference/using-api/health-checks/. Alive means that every loop turns,
/// whatever the API server does; ready means that the cluster was read once and that no stop has begun.
/// </summary>
internal static class HealthEndpoints
{
    /// <param name="liveness">A failure is answered with 500, as the API server does: the program itself is at fault and needs a restart.</param>
    /// <param name="readiness">A failure is answered with 503: the program is well and cannot serve now.</param>
    public static void Map(IEndpointRouteBuilder routes, Func<IEnumerable<SelfCheck>> liveness, Func<IEnumerable<SelfCheck>> readiness)
    {
        foreach (string path in (string[])["/healthz", "/livez", "/health"])
            routes.MapGet(path, context => AnswerAsync(context, [.. liveness()], StatusCodes.Status500InternalServerError));
        foreach (string path in (string[])["/readyz", "/ready"])
            routes.MapGet(path, context => AnswerAsync(context, [.. readiness()], StatusCodes.Status503ServiceUnavailable));
    }

    private static async Task AnswerAsync(HttpContext context, SelfCheck[] checks, int failure)
    {
        bool isFine = checks.All(c => c.Passes);
        context.Response.StatusCode = isFine ? StatusCodes.Status200OK : failure;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", Word(isFine));
        json.WriteStartObject("checks");
        foreach (SelfCheck check in checks)
            json.WriteString(check.Name, check.Detail is null ? Word(check) : $"{Word(check)}: {check.Detail}");
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static string Word(SelfCheck check) => check.IsWarning ? "warning" : Word(check.Passes);

    private static string Word(bool isFine) => isFine ? "ok" : "failed";
}
