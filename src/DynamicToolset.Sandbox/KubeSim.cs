using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Api;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Http;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DynamicToolset.Sandbox;

/// <summary>
/// A Kubernetes API server in memory, on 127.0.0.1, with the semantics of kube-apiserver for the resources of <see cref="KubeResource"/>, for
/// trying the product out and for tests. No controllers run. What it does not simulate it answers with 501.
/// </summary>
public sealed class KubeSim : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2? _certificate;
    private readonly BearerTokens _tokens;

    private KubeSim(KubeSimOptions options)
    {
        _certificate = options.Tls ? LoopbackCertificate.Create() : null;
        Token = options.Token ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        Store = new KubeStore(options.HistoryLimit, options.Time, new Random(options.Seed));
        DefaultRoles.CreateIn(Store);
        _tokens = new BearerTokens(Store, options.Time, Token);
        var reviews = new AccessReviews(_tokens, new RoleAuthorizer(Store));
        InProcess = new SimulatedKubeApi(Store, options.Time, Faults, options.BookmarkInterval) { Reviews = reviews };
        _app = Build(options, _certificate);
        _app.Run(new ApiHandler(Store, Requests, Faults, options, _tokens, reviews).HandleAsync);
    }

    public Uri Url => field ??= new Uri(_app.Urls.Single());

    /// <summary>The bearer token of the administrator: loopback is open to every user of the machine.</summary>
    public string Token { get; }

    /// <summary>What clients must trust, as PEM; null over plain HTTP.</summary>
    public string? CertificateAuthority => _certificate?.ExportCertificatePem();

    public KubeStore Store { get; }

    /// <summary>The same objects without HTTP between.</summary>
    public IKubeApi InProcess { get; }

    public RequestLog Requests { get; } = new();

    /// <summary>What goes wrong with which of the requests to come.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<KubeSim> StartAsync(KubeSimOptions options, CancellationToken stop)
    {
        var sim = new KubeSim(options);
        await sim._app.StartAsync(stop);
        return sim;
    }

    /// <summary>Creates objects as <c>kubectl create</c> would; Lists are taken apart.</summary>
    /// <exception cref="KubeStatusException">An object is refused, or of a kind that is not simulated.</exception>
    public void Load(IEnumerable<JsonObject> manifests)
    {
        foreach (JsonObject manifest in manifests)
        {
            if (manifest.Text("kind") is { } kind && kind.EndsWith("List", StringComparison.Ordinal))
            {
                Load(manifest.Items("items"));
                continue;
            }

            KubeResource resource = KubeResource.All.FirstOrDefault(known => known.Kind == manifest.Text("kind"))
                ?? throw KubeStatusException.NotSimulated(manifest.Text("kind") is { } named ? $"objects of kind {named}" : "objects without a kind");
            Store.Create(resource, manifest);
        }
    }

    /// <summary>A token by which a ServiceAccount is known here, as TokenRequest would give it.</summary>
    /// <exception cref="KubeStatusException">There is no such ServiceAccount.</exception>
    public string IssueToken(ObjectKey serviceAccount, TimeSpan lifetime) => _tokens.Issue(serviceAccount, [BearerTokens.ApiAudience], lifetime).Token;

    /// <summary>A client that trusts this server. The caller disposes of it.</summary>
    /// <param name="token">Null for the administrator's.</param>
    public HttpClient CreateClient(string? token = null)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan };
        if (_certificate is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509Certificate2.CreateFromPem(_certificate.ExportCertificatePem()) },
            };
        }

        var client = new HttpClient(handler) { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        return client;
    }

    /// <summary>The text of a kubeconfig file that leads here. It holds the token: keep it readable to its owner alone.</summary>
    /// <param name="token">Null for the administrator's.</param>
    public string Kubeconfig(string? token = null)
    {
        string trust = CertificateAuthority is { } pem ? $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(pem))}" : "";
        return $"""
            apiVersion: v1
            kind: Config
            current-context: sandbox
            clusters:
            - name: sandbox
              cluster:
                server: {Url.GetLeftPart(UriPartial.Authority)}{trust}
            contexts:
            - name: sandbox
              context:
                cluster: sandbox
                user: sandbox
            users:
            - name: sandbox
              user:
                token: {token ?? Token}

            """;
    }

    /// <summary>Makes every resource version before the present one too old to watch, continue or list from.</summary>
    public void ExpireHistory() => Store.ExpireHistory();

    /// <summary>Ends all watches.</summary>
    /// <param name="abort">Break the connections off instead of ending the answers in order.</param>
    public void DropWatches(bool abort = false) => Store.EndWatches(abort);

    public async ValueTask DisposeAsync()
    {
        Store.EndWatches(abort: false);
        await _app.DisposeAsync();
        _certificate?.Dispose();
    }

    private static WebApplication Build(KubeSimOptions options, X509Certificate2? certificate)
    {
        // Empty: neither the environment nor a file in the working directory has a say in how this listens.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The limit of the API server is checked when the body is read, and answered with a Status.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        return builder.Build();
    }
}
