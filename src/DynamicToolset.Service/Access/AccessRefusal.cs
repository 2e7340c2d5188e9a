using System.Globalization;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Service.Access;

/// <summary>Why somebody is not let in, and what would help.</summary>
/// <param name="Status">401, 403, 429 or 503.</param>
/// <param name="Code">A word for machines.</param>
/// <param name="Challenge">What <c>WWW-Authenticate</c> says, of 401 alone.</param>
/// <param name="Wait">When to come again, of 429 and 503 alone.</param>
internal sealed record AccessRefusal(int Status, string Code, string Detail, string? Challenge = null, TimeSpan? Wait = null)
{
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(5);

    /// <param name="problem">What is wrong with the header that there is; null if there is none.</param>
    public static AccessRefusal NoToken(string? problem) => new(
        StatusCodes.Status401Unauthorized,
        "noToken",
        (problem is null ? "this needs" : $"{problem}; this needs") + " a header \"Authorization: Bearer TOKEN\", as kubectl create token dynamic-toolset-sa -n kubernaut-system prints one",
        problem is null ? "Bearer" : "Bearer error=\"invalid_request\"");

    public static AccessRefusal OfToken(TokenVerdict verdict) => verdict.IsForOthers
        ? new(
            StatusCodes.Status401Unauthorized,
            "wrongAudience",
            "the token is for another audience: use one of AUTH_AUDIENCES or, if that is not set, of the API server",
            "Bearer error=\"invalid_token\", error_description=\"wrong audience\"")
        : new(
            StatusCodes.Status401Unauthorized,
            "invalidToken",
            "the token is not accepted: it has expired, was revoked, or is for another cluster",
            "Bearer error=\"invalid_token\"");

    public static AccessRefusal NotAllowed(Caller caller, AccessQuestion question) => new(
        StatusCodes.Status403Forbidden, "forbidden", $"{MissingRight.Describe(caller.User, question)}; {MissingRight.Remedy(caller.User, question)}");

    public static AccessRefusal TooMany(string what, TimeSpan wait) => new(StatusCodes.Status429TooManyRequests, "tooManyRequests", what, Wait: wait);

    public static AccessRefusal Unanswered(string question, string why, TimeSpan? wait) => new(
        StatusCodes.Status503ServiceUnavailable, "accessUnknown", $"{question} could not be checked: {why}", Wait: wait ?? UsualWait);

    public async Task WriteAsync(HttpContext http)
    {
        if (Challenge is not null)
            http.Response.Headers.WWWAuthenticate = Challenge;
        if (Wait is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await ProblemAnswer.WriteAsync(http, Status, Code, Detail);
    }
}
