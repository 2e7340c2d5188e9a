using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.HolmesReload;

/// <summary>
/// Sends the POST, to one address at a time: behind a name are as many HolmesGPTs as it has addresses, and each has read its file for itself.
/// No proxy is asked, and no redirect is followed, for the key would go with it. Each request has a connection of its own.
/// </summary>
/// <param name="url">The operator's own, so that an address in it may be any.</param>
/// <param name="key">Sent as <c>X-API-Key</c>; empty for none. Never logged.</param>
/// <param name="lookUp">The addresses of a name; null for the system's way.</param>
public sealed class ReloadClient(Uri url, string key, ReloadTls tls, TimeProvider time, Func<string, IPAddress[]>? lookUp = null)
{
    /// <summary>No HolmesGPT has more replicas; a name that somebody else controls must not make us call a whole network.</summary>
    public const int MostAddresses = 32;

    /// <summary>HolmesGPT checks all its toolsets before it answers, and gives those checks 20 seconds together.</summary>
    public static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(30);

    /// <summary>A HolmesGPT next to the service may be on loopback; other addresses that checks never connect to are refused here too.</summary>
    private static readonly AddressPolicy Policy = new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")], []);

    private readonly NameLookup _names = new(lookUp ?? Dns.GetHostAddresses);

    /// <summary>Without a user and a query, where a secret may be.</summary>
    public string ShownUrl { get; } = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>
    /// All of one family, in their order: the others would lead to the same HolmesGPTs once more. IPv4 where there is any, for that is where
    /// HolmesGPT listens. Empty where the name does not resolve in time.
    /// </summary>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public async Task<ImmutableArray<IPAddress>> ResolveAsync(CancellationToken stop)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? only))
            return [only];
        using var deadline = new CancellationTokenSource(LongestRequest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            IPAddress[] all = await _names.ResolveAsync(url.DnsSafeHost, either.Token);
            ILookup<bool, IPAddress> byFamily = all.Distinct().ToLookup(a => a.AddressFamily == AddressFamily.InterNetwork);
            return [.. byFamily[byFamily[true].Any()].OrderBy(a => Convert.ToHexString(a.GetAddressBytes()), StringComparer.Ordinal)];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <summary>Whatever becomes of it is a result.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public async Task<ReloadResult> PostAsync(IPAddress address, CancellationToken stop)
    {
        if (url.HostNameType == UriHostNameType.Dns && Policy.Check(address, url.Port) is { } denial)
            return new ReloadResult("blocked", $"the name resolves to an address that is never connected to ({denial}): if it is HolmesGPT's, write the address itself into HOLMES_RELOAD_URL");
        using var deadline = new CancellationTokenSource(LongestRequest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        using HttpMessageInvoker client = NewClient(address);
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.ConnectionClose = true;
        if (key.Length > 0)
            request.Headers.Add("X-API-Key", key);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, either.Token);
            return ReloadResult.Of(response.StatusCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ReloadResult("timeout", $"no answer within {LongestRequest.TotalSeconds} seconds");
        }
        catch (HttpRequestException e)
        {
            return ResultOf(e);
        }
    }

    /// <summary>Nothing of the answer is in it, and an answer that is no HTTP would be.</summary>
    private ReloadResult ResultOf(HttpRequestException e) => e switch
    {
        { InnerException: AuthenticationException inner } =>
            new ReloadResult("tls", $"TLS failed: {inner.Message}: the certificate must be for {url.Host}, signed by a CA in HOLMES_RELOAD_CA_FILE or, if that is not set, by one that the system trusts"),
        { HttpRequestError: HttpRequestError.InvalidResponse } =>
            new ReloadResult("response", "the answer is not HTTP: HOLMES_RELOAD_URL must have the port of HolmesGPT's API, and https if that uses TLS"),
        { HttpRequestError: HttpRequestError.ConnectionError } => new ReloadResult("connection", e.Message),
        // With TLS 1.3 a server refuses the client only after the client thinks that all is well.
        _ when url.Scheme == "https" =>
            new ReloadResult("tls", $"the connection was closed: if HolmesGPT requires a client certificate, set HOLMES_RELOAD_CERT_FILE and HOLMES_RELOAD_KEY_FILE to one that it accepts"),
        _ => new ReloadResult("connection", "the connection was closed: HOLMES_RELOAD_URL must say https if HolmesGPT uses TLS"),
    };

    private HttpMessageInvoker NewClient(IPAddress address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        // The answer's body is never read.
        MaxResponseDrainSize = 0,
        SslOptions = tls.Options(),
        ConnectCallback = (context, stop) => ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), stop),
    });

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken stop)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
