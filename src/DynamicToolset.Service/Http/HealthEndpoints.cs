using System.Text.Json;
using DynamicToolset.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DynamicToolset.Service.Http;

/// <summary>
/// The health paths of Kubernetes, https://kubernetes.io/docs/reference/using-api/health-checks/. Alive means that every loop turns,
/// whatever the API server does; ready means that the cluster was read once and that no stop has begun. As there, <c>?exclude=NAME</c> leaves a check
/// out, and a slash at the end is another path. <c>?verbose</c> adds figures to the checks, which always stand in the body.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>Of names that are no check, so many are repeated in the answer.</summary>
    private const int MostUnknown = 5;

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <param name="liveness">A failure is answered with 500, as the API server does: the program itself is at fault and needs a restart.</param>
    /// <param name="readiness">A failure is answered with 503: the program is well and cannot serve now.</param>
    public static void Map(IEndpointRouteBuilder routes, Func<IEnumerable<SelfCheck>> liveness, Func<IEnumerable<SelfCheck>> readiness)
    {
        foreach (string path in (string[])["/healthz", "/livez", "/health"])
            Map(routes, path, liveness, StatusCodes.Status500InternalServerError);
        foreach (string path in (string[])["/readyz", "/ready"])
            Map(routes, path, readiness, StatusCodes.Status503ServiceUnavailable);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Func<IEnumerable<SelfCheck>> checks, int failure) =>
        routes.MapMethods(path, Methods, async context =>
        {
            if (context.Request.Path.Value!.EndsWith('/'))
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            else
                await AnswerAsync(context, [.. checks()], failure);
        });

    private static async Task AnswerAsync(HttpContext context, SelfCheck[] all, int failure)
    {
        string[] excluded = [.. context.Request.Query["exclude"].OfType<string>()];
        SelfCheck[] checks = [.. all.Where(c => !excluded.Contains(c.Name))];
        bool isFine = checks.All(c => c.Passes);
        context.Response.StatusCode = isFine ? StatusCodes.Status200OK : failure;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", Word(isFine));
        json.WriteStartObject("checks");
        foreach (SelfCheck check in checks)
            json.WriteString(check.Name, check.Detail is null ? check.Word : $"{check.Word}: {check.Detail}");
        json.WriteEndObject();
        WriteUnknown(json, [.. excluded.Except(all.Select(c => c.Name))]);
        if (context.Request.Query.ContainsKey("verbose"))
            WriteFigures(json, checks);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static void WriteUnknown(Utf8JsonWriter json, string[] names)
    {
        if (names.Length > 0)
            json.WriteString("warning", $"no such check to exclude: {string.Join(", ", names.Take(MostUnknown).Select(QuotedText.OrPlain))}");
    }

    private static void WriteFigures(Utf8JsonWriter json, SelfCheck[] checks)
    {
        json.WriteStartObject("figures");
        foreach (SelfCheck check in checks.Where(c => !c.Figures.IsEmpty))
        {
            json.WriteStartObject(check.Name);
            foreach ((string name, double value) in check.Figures)
                json.WriteNumber(name, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Word(bool isFine) => isFine ? "ok" : "failed";
}
