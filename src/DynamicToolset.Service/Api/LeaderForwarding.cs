using System.Text;
using DynamicToolset.LeaderElection;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DynamicToolset.Service.Api;

/// <summary>Sends a request on to the leader, with the caller's token, and the answer back. Once: what was sent on already stays here.</summary>
internal static class LeaderForwarding
{
    private const string RetryAfterSeconds = "2";

    public static bool IsForwarded(HttpContext http) => http.Request.Headers.ContainsKey(LeaderLink.ForwardedBy);

    /// <param name="other">Null if no leader is known.</param>
    /// <param name="json">Null for no body.</param>
    public static async Task<IResult> ForwardAsync(HttpContext http, LeaderLink leader, OtherLeader? other, string path, byte[]? json = null)
    {
        if (other is null)
            return Unavailable(http, "noLeader", "no leader is known at the moment");
        if (IsForwarded(http))
            return Unavailable(http, "notLeader", "another replica took this one for the leader, but it is not");
        if (leader.AddressOf(other) is not { } address)
            return Unavailable(http, "leaderUnreachable", "the Lease has no address of the leader: set POD_IP in each pod");
        var question = new LeaderQuestion(new HttpMethod(http.Request.Method), path, json, [.. HeadersOf(http)]);
        return await leader.AskAsync(address, question, http.RequestAborted) is { } answer
            ? new PassedBack(answer)
            : Unavailable(http, "leaderUnreachable", "the leader does not answer; another replica may be taking over");
    }

    public static IResult Unavailable(HttpContext http, string code, string detail)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return ProblemAnswer.Of(StatusCodes.Status503ServiceUnavailable, code, detail);
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(HttpContext http)
    {
        yield return new(CorrelationId.Header, CorrelationId.Of(http));
        // What is beyond ASCII is no token and no tag of this service, and could not be sent on.
        if (http.Request.Headers.Authorization is [{ } token] && Ascii.IsValid(token))
            yield return new(HeaderNames.Authorization, token);
        if (http.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } tags && Ascii.IsValid(tags))
            yield return new(HeaderNames.IfNoneMatch, tags);
    }

    private sealed class PassedBack(LeaderAnswer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext http)
        {
            HttpResponse response = http.Response;
            response.StatusCode = answer.Status;
            response.ContentType = answer.MediaType;
            response.Headers.CacheControl = "no-cache";
            response.Headers.Location = answer.Location;
            response.Headers.RetryAfter = answer.RetryAfter;
            response.Headers.ETag = answer.ETag;
            response.Headers.WWWAuthenticate = answer.Challenge;
            if (answer.MediaType is null || HttpMethods.IsHead(http.Request.Method))
                return;
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, http.RequestAborted);
        }
    }
}
