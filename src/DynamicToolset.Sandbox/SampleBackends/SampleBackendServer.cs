using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DynamicToolset.Sandbox.SampleBackends;

/// <summary>
/// One server on loopback that stands for every backend of a cluster: it answers over real HTTP, by the Host header, as the product
/// behind that Service would.
/// </summary>
public sealed class SampleBackendServer : IAsyncDisposable
{
    private static readonly SampleResponse Unauthorized = new(401, SampleResponse.Plain, "Unauthorized\n", ("WWW-Authenticate", "Bearer"));
    private static readonly SampleResponse Unavailable = new(503, SampleResponse.Plain, "Service Unavailable\n");
    private static readonly SampleResponse NotBelowPrefix = new(404, SampleResponse.Plain, "404 page not found\n");
    private static readonly SampleResponse NoSuchService = new(404, SampleResponse.Plain, "no sample backend for this host\n");

    private readonly WebApplication _app;
    private readonly Func<ObjectKey, SampleBackend?> _find;
    private readonly X509Certificate2 _certificate;
    private readonly Socket _closed;
    private readonly IPEndPoint _http;
    private readonly IPEndPoint _https;
    private readonly IPEndPoint _guarded;

    private SampleBackendServer(WebApplication app, Func<ObjectKey, SampleBackend?> find, X509Certificate2 certificate, Socket closed)
    {
        _app = app;
        _find = find;
        _certificate = certificate;
        _closed = closed;
        _http = Listening("http", 0);
        _https = Listening("https", 0);
        _guarded = Listening("https", 1);
    }

    /// <param name="find">
    /// Asked anew for each connection and request, from several threads: what stands behind a Service now; null where it has no backend.
    /// </param>
    public static async Task<SampleBackendServer> StartAsync(Func<ObjectKey, SampleBackend?> find, CancellationToken stop)
    {
        X509Certificate2 certificate = SelfSigned();
        // Nothing is read from the environment, and no signal is listened to: both belong to the program around this server.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(certificate);
            });
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    // Before its end nobody knows that a client has none: TLS 1.3 lets the client end the handshake first.
                    SslProtocols = SslProtocols.Tls12,
                });
            });
        });
        WebApplication app = builder.Build();
        app.Run(context => AnswerAsync(context, find));
        await app.StartAsync(stop);
        // Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
        Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new SampleBackendServer(app, find, certificate, closed);
    }

    /// <summary>
    /// Where <c>name.namespace[.svc.domain]</c> is answered, whatever the port; null where no backend stands behind the name. For a
    /// prober, in the place of the DNS.
    /// </summary>
    public IPEndPoint? Resolve(string host, int port)
    {
        if (KeyOf(host) is not { } service || _find(service) is not { } backend)
            return null;
        return backend.Answer switch
        {
            SampleAnswer.Refuse => (IPEndPoint)_closed.LocalEndPoint!,
            SampleAnswer.Tls => backend.Https ? _http : _guarded,
            SampleAnswer.Https => _https,
            _ => backend.Https ? _https : _http,
        };
    }

    /// <summary>Cuts off what still hangs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _closed.Dispose();
        _certificate.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context, Func<ObjectKey, SampleBackend?> find)
    {
        SampleBackend? backend = KeyOf(context.Request.Host.Host) is { } service ? find(service) : null;
        if (backend is { Answer: SampleAnswer.Hang })
        {
            await HangAsync(context.RequestAborted);
            return;
        }

        SampleResponse response = backend switch
        {
            null => NoSuchService,
            { Answer: SampleAnswer.Unauthorized } => Unauthorized,
            { Answer: SampleAnswer.Unavailable } => Unavailable,
            _ => AnswerOf(backend, context.Request.Path.Value ?? "/"),
        };
        context.Response.StatusCode = response.Status;
        context.Response.ContentType = response.ContentType;
        foreach ((string name, string value) in response.Headers)
            context.Response.Headers.Append(name, value);
        await context.Response.WriteAsync(response.Body, context.RequestAborted);
    }

    private static SampleResponse AnswerOf(SampleBackend backend, string path)
    {
        if (backend.Prefix.Length == 0)
            return SampleProducts.Of(backend.Type)(path);
        bool isBelow = path.StartsWith($"{backend.Prefix}/", StringComparison.Ordinal);
        return isBelow ? SampleProducts.Of(backend.Type)(path[backend.Prefix.Length..]) : NotBelowPrefix;
    }

    private static async Task HangAsync(CancellationToken aborted)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = aborted.Register(gone.SetResult);
        await gone.Task;
    }

    private static ObjectKey? KeyOf(string host)
    {
        string[] labels = host.Split('.');
        bool isService = labels.Length == 2 || (labels.Length > 2 && labels[2] == "svc");
        return isService ? new ObjectKey(labels[1], labels[0]) : null;
    }

    private IPEndPoint Listening(string scheme, int place)
    {
        IServerAddressesFeature addresses = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Uri address = addresses.Addresses.Select(a => new Uri(a)).Where(a => a.Scheme == scheme).ElementAt(place);
        return new IPEndPoint(IPAddress.Loopback, address.Port);
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=sandbox", key, HashAlgorithmName.SHA256);
        // Nobody verifies it: any span will do.
        DateTimeOffset from = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return request.CreateSelfSigned(from, from.AddYears(100));
    }
}
