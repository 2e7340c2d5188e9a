using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.HolmesReload;

/// <summary>How a HolmesGPT with TLS of its own is met: whom its certificate must be from, and who is asking.</summary>
/// <param name="Authorities">Null for those that the system trusts.</param>
/// <param name="Identity">Null for none.</param>
public sealed record ReloadTls(CertificateAuthorities? Authorities, ClientIdentity? Identity)
{
    public static ReloadTls OfSystem { get; } = new(null, null);

    /// <summary>The present files. The certificate must be for the host of the URL, whichever address is called.</summary>
    public SslClientAuthenticationOptions Options()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (Authorities?.Roots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy, ClientCertificateContext = Identity?.Current };
    }
}

/// <summary>A client certificate and its key, which somebody else replaces. While the two do not fit together the last good ones stay in force.</summary>
public sealed class ClientIdentity
{
    private readonly RotatingFile? _certificateFile;
    private readonly RotatingFile? _keyFile;
    private readonly Lock _gate = new();
    private (string Certificate, string Key) _text;
    private SslStreamCertificateContext _current;

    /// <param name="certificateFile">Where the next one will be; null if there will be none, as with a pipe.</param>
    /// <param name="keyFile">As for the certificate.</param>
    /// <exception cref="CryptographicException">They do not fit together, or one of them is not in PEM form.</exception>
    public ClientIdentity(string certificate, string key, RotatingFile? certificateFile, RotatingFile? keyFile)
    {
        _text = (certificate, key);
        _current = Parse(certificate, key);
        (_certificateFile, _keyFile) = (certificateFile, keyFile);
    }

    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                (string, string) text = (Newest(_certificateFile) ?? _text.Certificate, Newest(_keyFile) ?? _text.Key);
                if (text != _text)
                    Replace(text);
                return _current;
            }
        }
    }

    private static string? Newest(RotatingFile? file)
    {
        try
        {
            return file?.Read();
        }
        catch (KubeConfigException)
        {
            // It was taken away before it was read a second time.
            return null;
        }
    }

    private void Replace((string Certificate, string Key) text)
    {
        _text = text;
        try
        {
            _current = Parse(text.Certificate, text.Key);
        }
        catch (CryptographicException)
        {
            // One of the two was replaced, and the other not yet: the next pair is looked at again.
        }
    }

    private static SslStreamCertificateContext Parse(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        if (chain.Count == 0)
            throw new CryptographicException("it contains no certificate");
        try
        {
            var leaf = X509Certificate2.CreateFromPem(certificate, key);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("the key does not match the certificate", e);
        }
    }
}
