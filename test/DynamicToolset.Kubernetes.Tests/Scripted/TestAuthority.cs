using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>A certificate authority for one test.</summary>
internal sealed class TestAuthority
{
    // Once for all: a certificate that ends a second later than its authority is refused.
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset End = Begin.AddDays(30);

    private readonly X509Certificate2 _root;

    public TestAuthority(string name = "test-ca")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(Begin, End);
    }

    public string Pem => _root.ExportCertificatePem();

    /// <summary>A server for the given host name or address; with <paramref name="clients"/> it wants a certificate of that authority.</summary>
    /// <param name="issuerAt">Where the certificate says that its issuer's is to be had.</param>
    public SslServerAuthenticationOptions Server(string host, TestAuthority? clients = null, List<string>? seen = null, Uri? issuerAt = null) => new()
    {
        // Offline, or the server itself would fetch what its own certificate points at.
        ServerCertificateContext = SslStreamCertificateContext.Create(Issue("server", host, issuerAt), additionalCertificates: null, offline: true),
        ClientCertificateRequired = clients is not null,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (certificate is not null)
                seen?.Add(certificate.Subject);
            return clients is null || certificate?.Issuer == clients._root.Subject;
        },
    };

    public X509Certificate2 Issue(string name, string? host = null, Uri? issuerAt = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (host is not null)
            request.CertificateExtensions.Add(Names(host));
        if (issuerAt is not null)
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerAt.AbsoluteUri]));
        using X509Certificate2 certificate = request.Create(_root, Begin, End, Guid.NewGuid().ToByteArray());
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Extension Names(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        return names.Build();
    }
}
