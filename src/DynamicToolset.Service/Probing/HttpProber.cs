using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Asks a backend over HTTP/1.1 whether it is healthy. What it talks to is not trusted: no redirect is followed, no proxy, cookie or
/// credential used, little is read and nothing of it kept, and <see cref="AddressPolicy"/> says where it may connect at all.
/// </summary>
public sealed class HttpProber
{
    private const int LargestHeadersKiB = 16;
    private const int MostBodyBytes = 1024;

    private static readonly ProductInfoHeaderValue UserAgent = new("dynamic-toolset", Version());

    private readonly HttpProberOptions _options;
    private readonly CheckedConnector _connector;
    private readonly TimeProvider _time;

    public HttpProber(HttpProberOptions options, TimeProvider time)
    {
        _options = options;
        _connector = new CheckedConnector(new AddressPolicy(options.AllowedNetworks, options.ApiServers), options.Resolve, time);
        _time = time;
    }

    /// <summary>One check: attempts until one passes or none is left; the last one's outcome.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public async Task<ProbeOutcome> CheckAsync(HealthCheckTarget target, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            ProbeOutcome outcome = await AttemptAsync(target, stop);
            // A forbidden address does not become an allowed one within seconds.
            if (attempt >= _options.Attempts || outcome is ProbeOutcome.Success or ProbeOutcome.Blocked)
                return outcome;
            await Task.Delay(_options.RetryInterval, _time, stop);
        }
    }

    private async Task<ProbeOutcome> AttemptAsync(HealthCheckTarget target, CancellationToken stop)
    {
        using CancellationTokenSource deadline = new(_options.Timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            (Socket? socket, ProbeOutcome? failure) =
                await _connector.ConnectAsync(target.Endpoint.Host, target.Endpoint.Port, _options.Timeout, either.Token);
            if (socket is null)
                return failure!;
            await using NetworkStream connection = new(socket, ownsSocket: true);
            return await GetAsync(target, connection, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ProbeOutcome.Timeout();
        }
    }

    private async Task<ProbeOutcome> GetAsync(HealthCheckTarget target, NetworkStream connection, CancellationToken stop)
    {
        using HttpMessageInvoker client = new(NewHandler(connection));
        using HttpRequestMessage request = new(HttpMethod.Get, UrlOf(target))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.ConnectionClose = true;
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, stop);
            await DropBodyAsync(response, stop);
            return ProbeOutcome.FromStatus((int)response.StatusCode, target.Accepts);
        }
        catch (HttpRequestException e)
        {
            return OutcomeOf(e.HttpRequestError);
        }
        catch (IOException)
        {
            return new ProbeOutcome.ConnectionFailed();
        }
    }

    private static ProbeOutcome OutcomeOf(HttpRequestError error) => error switch
    {
        HttpRequestError.SecureConnectionError => new ProbeOutcome.TlsFailed(),
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => new ProbeOutcome.InvalidResponse(),
        _ => new ProbeOutcome.ConnectionFailed(),
    };

    /// <summary>The health path stands for itself: it is not relative to the endpoint's own path.</summary>
    private static Uri UrlOf(HealthCheckTarget target) =>
        new($"{target.Endpoint.Scheme}://{target.Endpoint.Host}:{target.Endpoint.Port}{target.Path}");

    /// <summary>A backend that answers 200 and then falls silent is not well: up to the limit, the body has to arrive.</summary>
    private static async Task DropBodyAsync(HttpResponseMessage response, CancellationToken stop)
    {
        byte[] scrap = new byte[MostBodyBytes];
        await using Stream body = await response.Content.ReadAsStreamAsync(stop);
        await body.ReadAtLeastAsync(scrap, scrap.Length, throwOnEndOfStream: false, stop);
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
        bool verify = !_options.CertificateAuthorities.IsEmpty;
        X509ChainPolicy policy = new()
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // A certificate may name a URL to fetch its issuer from: that would be a request to wherever the backend likes.
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        foreach (X509Certificate2 authority in _options.CertificateAuthorities)
            policy.CustomTrustStore.Add(authority);
        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, _, _, errors) => !verify || errors == SslPolicyErrors.None,
        };
    }

    private static string Version()
    {
        string? version = typeof(HttpProber).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        // Behind the plus stands the commit.
        return version?.Split('+')[0] ?? "unknown";
    }
}
