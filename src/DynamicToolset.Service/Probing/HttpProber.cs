using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Sends one GET to a backend over HTTP/1.1, or connects to one that speaks something else. What it talks to is not trusted: no redirect is
/// followed, no proxy or cookie used, no more read than was asked for, and <see cref="AddressPolicy"/> says where it may connect at all. A credential is
/// shown to those alone for whom an admin wrote one, in a second request, once they refused the first and their certificate is verified.
/// </summary>
public sealed class HttpProber : IProber
{
    private const int LargestHeadersKiB = 16;

    private const string FromOutside =
        "health checks connect directly from outside of the cluster, and do not reach every backend: set HEALTH_CHECK_RESOLVE to where each is reached, "
        + "and HEALTH_CHECK_ALLOWED_NETWORKS if that is loopback; or set HEALTH_CHECK_MODE=apiserver-proxy";

    private static readonly ProductInfoHeaderValue UserAgent = new("dynamic-toolset", Version());

    private readonly HttpProberOptions _options;
    private readonly CheckedConnector _connector;
    private readonly TimeProvider _time;

    public HttpProber(HttpProberOptions options, TimeProvider time)
    {
        _options = options;
        _connector = new CheckedConnector(options, time);
        _time = time;
    }

    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public async Task<ProbeAnswer> AskAsync(ProbeRequest request, CancellationToken stop)
    {
        using CancellationTokenSource deadline = new(request.Timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        ProbeAnswer answer = await AskOnceAsync(request, token: null, either.Token, stop);
        if (request.TokenFile is not { } file || answer is not ProbeAnswer.Response refusal || !AcceptedStatuses.MeanCredentials(refusal.Status))
            return answer;
        if (request.Endpoint.Scheme != Uri.UriSchemeHttps || _options.Authorities is null)
            return refusal with { Token = TokenUse.Unverified };
        if (_options.Tokens.Read(file) is not { } token)
            return refusal with { Token = TokenUse.Unreadable };
        ProbeAnswer second = await AskOnceAsync(request, token, either.Token, stop);
        return second is ProbeAnswer.Response response ? response with { Token = TokenUse.Sent, Refusal = refusal } : second;
    }

    private async Task<ProbeAnswer> AskOnceAsync(ProbeRequest request, string? token, CancellationToken either, CancellationToken stop)
    {
        bool isReached = false;
        try
        {
            (Socket? socket, ProbeFailure? failure) = await _connector.ConnectAsync(request.Endpoint.Host, request.Endpoint.Port, request.Timeout, either);
            if (socket is null)
                return NotReached(failure!);
            isReached = true;
            if (request.Endpoint.IsTcp)
            {
                socket.Dispose();
                return new ProbeAnswer.Connected();
            }

            await using NetworkStream connection = new(socket, ownsSocket: true);
            return await GetAsync(request, token, connection, either);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return isReached ? new ProbeAnswer.None(ProbeFailure.Timeout) : NotReached(ProbeFailure.Timeout);
        }
    }

    private ProbeAnswer.None NotReached(ProbeFailure failure) => new(_options.IsOutside ? failure.OfOurs(FromOutside) : failure);

    private async Task<ProbeAnswer> GetAsync(ProbeRequest request, string? token, NetworkStream connection, CancellationToken stop)
    {
        using HttpMessageInvoker client = new(NewHandler(connection));
        using HttpRequestMessage get = new(HttpMethod.Get, UrlOf(request))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        get.Headers.UserAgent.Add(UserAgent);
        get.Headers.ConnectionClose = true;
        if (token is not null)
            get.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(get, stop);
            return new ProbeAnswer.Response(
                (int)response.StatusCode,
                HeaderOf(response.Content.Headers, "Content-Type"),
                HeaderOf(response.Headers, "Location"),
                await ReadBodyAsync(response, request.MostBodyBytes, stop))
            {
                Headers = HeadersOf(response, request.Headers),
            };
        }
        catch (HttpRequestException e)
        {
            return new ProbeAnswer.None(FailureOf(e.HttpRequestError));
        }
        catch (IOException)
        {
            return new ProbeAnswer.None(ProbeFailure.ConnectionFailed);
        }
    }

    private static ProbeFailure FailureOf(HttpRequestError error) => error switch
    {
        HttpRequestError.SecureConnectionError => ProbeFailure.TlsFailed,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => ProbeFailure.InvalidResponse,
        // By then it was connected to.
        _ => ProbeFailure.CutOff,
    };

    /// <summary>The path is absolute: it is not relative to the endpoint's own path.</summary>
    private static Uri UrlOf(ProbeRequest request) =>
        new($"{request.Endpoint.Scheme}://{request.Endpoint.Host}:{request.Endpoint.Port}{request.Path}");

    /// <summary>Those of these names that were sent once.</summary>
    private static ImmutableArray<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response, ImmutableArray<string> names) =>
    [
        .. names.Select(name => KeyValuePair.Create(name, HeaderOf(response.Headers, name) ?? HeaderOf(response.Content.Headers, name)))
            .Where(h => h.Value is not null)!,
    ];

    /// <summary>As it was sent; null where it was sent more than once or not at all.</summary>
    private static string? HeaderOf(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && values.Count == 1 ? values.ToString() : null;

    /// <summary>A backend that answers 200 and then falls silent is not well: up to the limit, the body has to arrive.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, int most, CancellationToken stop)
    {
        byte[] first = new byte[most];
        await using Stream body = await response.Content.ReadAsStreamAsync(stop);
        int length = await body.ReadAtLeastAsync(first, most, throwOnEndOfStream: false, stop);
        return first.AsMemory(0, length);
    }

    /// <summary>One handler for one request on one connection: nothing is pooled, and no other connection can come about.</summary>
    private SocketsHttpHandler NewHandler(NetworkStream connection)
    {
        Stream? unused = connection;
        return new SocketsHttpHandler
        {
            // A handler whose connection is closed before a byte arrived asks for a second one.
            ConnectCallback = (_, _) => ValueTask.FromResult(Interlocked.Exchange(ref unused, null) ?? throw new IOException("closed")),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = LargestHeadersKiB,
            // What is not read is not fetched either when the response is disposed.
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
            SslOptions = NewTlsOptions(),
        };
    }

    private SslClientAuthenticationOptions NewTlsOptions()
    {
        X509Certificate2Collection? roots = _options.Authorities?.Roots;
        X509ChainPolicy policy = new()
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // A certificate may name a URL to fetch its issuer from: that would be a request to wherever the backend likes.
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.AddRange(roots ?? []);
        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, _, _, errors) => roots is null || errors == SslPolicyErrors.None,
        };
    }

    private static string Version()
    {
        string? version = typeof(HttpProber).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        // The commit follows the plus.
        return version?.Split('+')[0] ?? "unknown";
    }
}
