using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Service.Probing;

/// <summary>The roots of a PEM file that somebody else replaces. A file that cannot be used for a moment leaves the last good ones in force.</summary>
public sealed class CertificateAuthorities
{
    private readonly RotatingFile? _following;
    private readonly Lock _gate = new();
    private string _text;
    private X509Certificate2Collection _roots;

    /// <param name="text">What stands there now.</param>
    /// <param name="following">Where the next ones will stand; null where there will be none, as with a pipe.</param>
    /// <exception cref="CryptographicException">There is no certificate in it.</exception>
    public CertificateAuthorities(string text, RotatingFile? following)
    {
        _text = text;
        _roots = Parse(text);
        _following = following;
    }

    public X509Certificate2Collection Roots
    {
        get
        {
            if (Newest() is { } text)
            {
                lock (_gate)
                {
                    if (text != _text)
                        Replace(text);
                }
            }

            return Volatile.Read(ref _roots);
        }
    }

    private string? Newest()
    {
        try
        {
            return _following?.Read();
        }
        catch (KubeConfigException)
        {
            // It was taken away before it was read a second time.
            return null;
        }
    }

    private void Replace(string text)
    {
        _text = text;
        try
        {
            _roots = Parse(text);
        }
        catch (CryptographicException)
        {
            // Half written: the next text is looked at again.
        }
    }

    private static X509Certificate2Collection Parse(string text)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(text);
        return roots.Count > 0 ? roots : throw new CryptographicException("it contains no certificate");
    }
}
