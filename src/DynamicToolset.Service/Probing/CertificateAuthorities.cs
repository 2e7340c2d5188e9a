using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Service.Probing;

/// <summary>The roots of a PEM file that somebody else replaces. A file that cannot be used for a moment leaves the last good ones in force.</summary>
public sealed class CertificateAuthorities
{
    private readonly RotatingFile _file;
    private readonly Lock _gate = new();
    private string _text;
    private X509Certificate2Collection _roots;

    /// <exception cref="CryptographicException">The file holds no certificate.</exception>
    /// <exception cref="Kubernetes.Config.KubeConfigException">It cannot be read.</exception>
    public CertificateAuthorities(string path, TimeProvider time)
    {
        _file = new RotatingFile(path, time);
        _text = _file.Read();
        _roots = Parse(_text);
    }

    public X509Certificate2Collection Roots
    {
        get
        {
            string text = _file.Read();
            lock (_gate)
            {
                if (text != _text)
                    Replace(text);
                return _roots;
            }
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
        return roots.Count > 0 ? roots : throw new CryptographicException("there is no certificate in it");
    }
}
