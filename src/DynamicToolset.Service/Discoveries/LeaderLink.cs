using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using DynamicToolset.HealthCheck;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Service.Discoveries;

/// <summary>
/// The way to the replica that leads. What is sent there carries the caller's token, so it goes to an address only, without a proxy and without
/// following anybody elsewhere; and what comes back is passed on only where it looks like an answer of this service.
/// </summary>
/// <param name="leadership">Of this replica, at this moment.</param>
/// <param name="other">See <see cref="Election.OtherLeaderAt"/>.</param>
/// <param name="isOnLoopback">
/// Whether this replica itself answers on loopback, as in tests: only then may the leader. Otherwise what is there is beside this process, in its
/// pod or on its node, and no replica.
/// </param>
internal sealed class LeaderLink(
    string replica, Func<Leadership> leadership, Func<OtherLeader?> other, bool isOnLoopback, TimeProvider time) : IDisposable
{
    /// <summary>Stands on what one replica sends on to another, with the name of the first: it is not sent on again.</summary>
    public const string ForwardedBy = "X-Dynamic-Toolset-Forwarded-By";

    private const int MostAtOnce = 16;
    private const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);
    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    private readonly AddressPolicy _policy = new(isOnLoopback ? [.. Loopback] : [], []);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = MostAtOnce,
        MaxResponseHeadersLength = 16,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostBytes,
    };

    /// <summary>Whether this replica leads.</summary>
    public bool Leads => leadership().Leads;

    /// <summary>The leader if it is another replica; null if this one leads, or no leader is known.</summary>
    public OtherLeader? Other => other();

    /// <summary>The leader's address; null if it published none, or one that no replica would have.</summary>
    public LeaderAddress? AddressOf(OtherLeader leader) =>
        leader.Address is { Place: var place } address && _policy.Check(place.Address, place.Port) is null ? address : null;

    /// <summary>One call, and no second one: who asked knows best whether to ask again.</summary>
    /// <returns>Null where it is away, takes longer than five seconds, or gives no answer of this service.</returns>
    public async Task<LeaderAnswer?> AskAsync(LeaderAddress address, LeaderQuestion question, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(LongestCall, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        using HttpRequestMessage request = RequestOf(address, question);
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, either.Token);
            return await LeaderAnswer.ReadAsync(response, either.Token);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestOf(LeaderAddress address, LeaderQuestion question)
    {
        var request = new HttpRequestMessage(question.Method, new Uri($"{address}{question.Path}"))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (question.Json is { } json)
        {
            request.Content = new ByteArrayContent(json);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.Add(ForwardedBy, replica);
        foreach ((string name, string value) in question.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}

/// <param name="Path">One of this service's own, with what a caller gave of it escaped.</param>
/// <param name="Json">Null for no body.</param>
/// <param name="Headers">Of the caller.</param>
internal sealed record LeaderQuestion(HttpMethod Method, string Path, byte[]? Json, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <param name="MediaType">Null for no body.</param>
/// <param name="Location">The path of the job; null where it has none.</param>
/// <param name="Challenge">Of the header <c>WWW-Authenticate</c>.</param>
internal sealed partial record LeaderAnswer(
    int Status, string? MediaType, byte[] Body, string? Location, string? RetryAfter, string? ETag, string? Challenge)
{
    /// <summary>Null where this service would never answer so.</summary>
    public static async Task<LeaderAnswer?> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (!IsOfThisService(response, type))
            return null;
        return new LeaderAnswer(
            (int)response.StatusCode,
            type,
            await response.Content.ReadAsByteArrayAsync(stop),
            HeaderOf(response, "Location", JobPath),
            response.Headers.RetryAfter?.ToString(),
            HeaderOf(response, "ETag", Tag),
            HeaderOf(response, "WWW-Authenticate", BearerChallenge));
    }

    private static bool IsOfThisService(HttpResponseMessage response, string? type)
    {
        if (response.StatusCode == HttpStatusCode.NotModified)
            return type is null && response.RequestMessage!.Headers.NonValidated.Contains("If-None-Match");
        return type is "application/json" or "application/problem+json" && (int)response.StatusCode is not (< 200 or (>= 300 and < 400));
    }

    /// <summary>A header that this service would not send is left out: one beyond ASCII could not be sent on.</summary>
    private static string? HeaderOf(HttpResponseMessage response, string name, Regex form) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && values.ToString() is var value && form.IsMatch(value) ? value : null;

    [GeneratedRegex(@"\A/api/v1/discover/[A-Za-z0-9._%-]+\z")]
    private static partial Regex JobPath { get; }

    [GeneratedRegex("""\A(W/)?"[!#-~]*"\z""")]
    private static partial Regex Tag { get; }

    [GeneratedRegex(@"\ABearer( [ -~]*)?\z")]
    private static partial Regex BearerChallenge { get; }
}
