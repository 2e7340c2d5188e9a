using System.Net;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// Sends requests with the credentials and certificates of the moment. When a certificate file changes, a new handler takes over;
/// requests and watches under way end on the old one.
/// </summary>
internal sealed class KubeTransport : IDisposable
{
    private readonly KubeConnection _connection;
    private readonly string _userAgent;
    private readonly CredentialSource _credentials;
    private readonly PemReader? _authority;
    private readonly Uri _base;
    private readonly Lock _gate = new();
    private Generation? _current;
    private HttpMessageInvoker? _retired;

    public KubeTransport(KubeConnection connection, string userAgent, TimeProvider time)
    {
        _connection = connection;
        _userAgent = userAgent;
        _credentials = CredentialSource.For(connection, time);
        _authority = PemReader.For(connection.Tls.CertificateAuthority, time);
        string server = connection.Server.AbsoluteUri;
        _base = new Uri(server.EndsWith('/') ? server : server + '/');
    }

    /// <summary>Returns when the headers are there. A refused credential is renewed and tried once more.</summary>
    public async Task<HttpResponseMessage> SendAsync(KubeCall call, CancellationToken cancellation)
    {
        Credential credential = await _credentials.GetAsync(cancellation);
        HttpResponseMessage response = await SendOnceAsync(call, credential, cancellation);
        if (response.StatusCode != HttpStatusCode.Unauthorized || call.IsPassedOn)
            return response;
        _credentials.Refuse(credential);
        Credential renewed = await RenewAsync(response, cancellation);
        if (renewed == credential)
            return response;
        response.Dispose();
        return await SendOnceAsync(call, renewed, cancellation);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _retired?.Dispose();
            _current?.Invoker.Dispose();
        }

        _credentials.Dispose();
    }

    private async Task<Credential> RenewAsync(HttpResponseMessage refusal, CancellationToken cancellation)
    {
        try
        {
            return await _credentials.GetAsync(cancellation);
        }
        catch
        {
            refusal.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(KubeCall call, Credential credential, CancellationToken cancellation)
    {
        using HttpRequestMessage request = Compose(call, credential);
        return await InvokerFor(credential).SendAsync(request, cancellation);
    }

    private HttpRequestMessage Compose(KubeCall call, Credential credential)
    {
        bool secure = _base.Scheme == Uri.UriSchemeHttps;
        var request = new HttpRequestMessage(call.Method, new Uri(_base, call.PathAndQuery))
        {
            // Without TLS there is no negotiation, and a server that does not know HTTP/2 could not say so.
            Version = secure ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Authorization = credential.Header;
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        request.Headers.TryAddWithoutValidation("Accept", call.IsPassedOn ? "*/*" : "application/json");
        if (_connection.Tls.ServerName is { } name)
            request.Headers.Host = name;
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body.Json);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", body.MediaType);
        }

        return request;
    }

    private HttpMessageInvoker InvokerFor(Credential credential)
    {
        string? authority = _authority?.Read();
        lock (_gate)
        {
            if (_current is not { } current)
                return Replace(authority, credential);
            return current.Fits(authority, credential) ? current.Invoker : ReplaceIfUsable(current, authority, credential);
        }
    }

    private HttpMessageInvoker ReplaceIfUsable(Generation current, string? authority, Credential credential)
    {
        try
        {
            return Replace(authority, credential);
        }
        catch (KubeConfigException)
        {
            // A bundle caught half written: the next look at the file finds it whole.
            return current.Invoker;
        }
    }

    private HttpMessageInvoker Replace(string? authority, Credential credential)
    {
        SocketsHttpHandler handler = KubeHandler.Create(_connection, authority, credential.CertificatePem, credential.KeyPem);
        var next = new Generation(new HttpMessageInvoker(handler), authority, credential.CertificatePem, credential.KeyPem);

        // Not disposed at once: another request may have taken it a moment ago and be about to use it.
        _retired?.Dispose();
        _retired = _current?.Invoker;
        _current = next;
        return next.Invoker;
    }

    private sealed record Generation(HttpMessageInvoker Invoker, string? AuthorityPem, string? CertificatePem, string? KeyPem)
    {
        public bool Fits(string? authority, Credential credential) =>
            AuthorityPem == authority && CertificatePem == credential.CertificatePem && KeyPem == credential.KeyPem;
    }
}
