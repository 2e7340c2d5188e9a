using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Service.Http;

/// <summary>
/// By what a caller finds their request in the log: taken over from <c>X-Correlation-ID</c>, else from <c>X-Request-ID</c>, else made, and sent back
/// under both names that were used.
/// </summary>
internal static partial class CorrelationId
{
    public const string Header = "X-Correlation-ID";
    public const string RequestHeader = "X-Request-ID";

    public static Task TakeAsync(HttpContext http, RequestDelegate next)
    {
        // The server has given it one already, of this connection and request.
        http.TraceIdentifier = GivenIn(http.Request, Header) ?? GivenIn(http.Request, RequestHeader) ?? http.TraceIdentifier;
        // Not before: an answer to a failure begins by clearing what was there.
        http.Response.OnStarting(SendAsync, http);
        return next(http);
    }

    private static Task SendAsync(object context)
    {
        var http = (HttpContext)context;
        http.Response.Headers[Header] = http.TraceIdentifier;
        if (http.Request.Headers.ContainsKey(RequestHeader))
            http.Response.Headers[RequestHeader] = http.TraceIdentifier;
        return Task.CompletedTask;
    }

    public static string Of(HttpContext http) => http.TraceIdentifier;

    /// <summary>Null where there is none, or one that is not fit to stand in a log.</summary>
    private static string? GivenIn(HttpRequest request, string header) =>
        request.Headers[header] is [{ } id] && Plain.IsMatch(id) ? id : null;

    [GeneratedRegex(@"\A[A-Za-z0-9._:/+=-]{1,128}\z")]
    private static partial Regex Plain { get; }
}
