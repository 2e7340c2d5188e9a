using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Makes the one HTTP handler of a connection out of the certificates that are in force.</summary>
internal static class KubeHandler
{
    /// <summary>
    /// A peer that died without a word is found after at most the sum of these two. They need HTTP/2, which every API server speaks over TLS.
    /// </summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(8);

    /// <exception cref="KubeConfigException">A certificate or key is not usable.</exception>
    public static SocketsHttpHandler Create(KubeConnection connection, string? authorityPem, string? certificatePem, string? keyPem) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = connection.Proxy is not null,
        Proxy = connection.Proxy is { } proxy ? ProxyFor(proxy) : null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingDelay = PingDelay,
        KeepAlivePingTimeout = PingTimeout,
        EnableMultipleHttp2Connections = true,
        // New connections from time to time, so that an address behind the name that moved is found, and load spreads again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        // A watch that is left has no end to wait for.
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = null,
        SslOptions = TlsOptions(connection.Tls, authorityPem, certificatePem, keyPem),
    };

    private static WebProxy ProxyFor(Uri proxy)
    {
        var address = new UriBuilder(proxy) { UserName = "", Password = "" };
        string[] user = proxy.UserInfo.Split(':', 2);
        ICredentials? credentials = user[0].Length == 0
            ? null
            : new NetworkCredential(Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? ""));
        return new WebProxy(address.Uri) { Credentials = credentials };
    }

    private static SslClientAuthenticationOptions TlsOptions(KubeTls tls, string? authorityPem, string? certificatePem, string? keyPem)
    {
        var options = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = TrustPolicy(authorityPem is null ? null : Certificates(authorityPem, tls.CertificateAuthority)),
        };
        if (certificatePem is not null && keyPem is not null)
            options.ClientCertificateContext = ClientCertificate(tls, certificatePem, keyPem);
#pragma warning disable CA5359 // The kubeconfig says insecure-skip-tls-verify: its author has decided.
        if (tls.SkipVerification)
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        return options;
    }

    // A policy, not a validation callback: with this the host name is still checked, which a callback that looks at the chain alone forgets.
    // Without roots those of the system count.
    private static X509ChainPolicy TrustPolicy(X509Certificate2Collection? roots)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // Whoever answers in the API server's place could otherwise have us send requests to any address, and wait for them.
            DisableCertificateDownloads = true,
        };
        if (roots is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    // With a context the certificate is sent whenever the server asks, whatever authorities it hints at, and its intermediates go along.
    private static SslStreamCertificateContext ClientCertificate(KubeTls tls, string certificatePem, string keyPem)
    {
        X509Certificate2Collection chain = Certificates(certificatePem, tls.ClientCertificate);
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            string place = tls.ClientKey?.ToString() ?? "client key";
            throw new KubeConfigException(place, "the client key is not a PEM key that fits the client certificate", "renew both together", e);
        }
    }

    private static X509Certificate2Collection Certificates(string pem, PemSource? source)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw Unusable(source, e);
        }

        return certificates.Count > 0 ? certificates : throw Unusable(source, inner: null);
    }

    private static KubeConfigException Unusable(PemSource? source, Exception? inner) =>
        new(source?.ToString() ?? "client certificate", "holds no certificate", "it must hold at least one in PEM form", inner);
}
