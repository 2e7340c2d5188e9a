using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicToolset.Service.Http;

/// <summary>
/// Errors as <c>application/problem+json</c> (RFC 9457), with <c>code</c>, a word for machines, <c>correlationId</c> and <c>timestamp</c>.
/// </summary>
internal static class ProblemAnswer
{
    private const string Code = "code";

    /// <param name="code">A word for machines, such as <c>invalidParameter</c>.</param>
    /// <param name="detail">What is wrong and what is allowed.</param>
    public static IResult Of(int status, string code, string detail) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { [Code] = code });

    /// <summary>Whatever kinds of answers a caller names: a problem is told, and told whole.</summary>
    public static void ToEverybody(HttpContext http) => http.Request.Headers.Accept = default;

    public static IServiceCollection AddProblemAnswers(this IServiceCollection services, TimeProvider time) => services.AddProblemDetails(options =>
        options.CustomizeProblemDetails = context => Complete(context.ProblemDetails, context.HttpContext, time));

    /// <summary>Outside of a handler, where no result is returned.</summary>
    public static async Task WriteAsync(HttpContext http, int status, string code, string detail) => await Of(status, code, detail).ExecuteAsync(http);

    private static void Complete(ProblemDetails problem, HttpContext http, TimeProvider time)
    {
        problem.Type = null;
        problem.Extensions.Remove("traceId");
        problem.Extensions.TryAdd(Code, CodeOf(problem.Status ?? http.Response.StatusCode));
        problem.Detail ??= DetailOf(problem.Status ?? http.Response.StatusCode, http);
        problem.Extensions["correlationId"] = CorrelationId.Of(http);
        problem.Extensions["timestamp"] = Rfc3339Time.Of(time.GetUtcNow());
    }

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "badRequest",
        StatusCodes.Status404NotFound => "notFound",
        StatusCodes.Status405MethodNotAllowed => "methodNotAllowed",
        StatusCodes.Status408RequestTimeout => "timeout",
        StatusCodes.Status413PayloadTooLarge => "bodyTooLarge",
        StatusCodes.Status415UnsupportedMediaType => "unsupportedMediaType",
        StatusCodes.Status429TooManyRequests => "tooManyRequests",
        StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => "unavailable",
        _ => "internalError",
    };

    private static string? DetailOf(int status, HttpContext http) => status switch
    {
        StatusCodes.Status404NotFound => "there is nothing at this path; /openapi/v1.json lists all paths",
        StatusCodes.Status405MethodNotAllowed => $"allowed here: {http.Response.Headers.Allow}",
        StatusCodes.Status413PayloadTooLarge => "the body is too large",
        StatusCodes.Status415UnsupportedMediaType => "a body must be application/json",
        StatusCodes.Status500InternalServerError => "this is a bug of the service; search its log for the correlationId",
        StatusCodes.Status504GatewayTimeout => "the answer took too long",
        _ => null,
    };
}
