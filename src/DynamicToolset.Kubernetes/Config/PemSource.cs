namespace DynamicToolset.Kubernetes.Config;

/// <summary>Certificates or a key in PEM form (RFC 7468).</summary>
public abstract record PemSource
{
    private PemSource()
    {
    }

    /// <summary>Where they come from, for messages; never the text, which may be a private key.</summary>
    public sealed override string ToString() => this switch
    {
        File file => file.Path,
        Text text => text.Place,
        _ => "",
    };

    /// <summary>A file, read again when it is replaced.</summary>
    public sealed record File(string Path) : PemSource;

    public sealed record Text(string Pem, string Place) : PemSource;
}
