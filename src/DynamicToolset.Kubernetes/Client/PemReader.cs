using System.Diagnostics;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The present text of a <see cref="PemSource"/>.</summary>
internal sealed class PemReader
{
    private readonly string? _text;
    private readonly RotatingFile? _file;

    private PemReader(string? text, RotatingFile? file)
    {
        _text = text;
        _file = file;
    }

    public static PemReader? For(PemSource? source, TimeProvider time) => source switch
    {
        null => null,
        PemSource.Text text => new PemReader(text.Pem, file: null),
        PemSource.File file => new PemReader(text: null, new RotatingFile(file.Path, ConnectionBounds.Certificates, time)),
        _ => throw new UnreachableException(),
    };

    public string Read() => _text ?? _file!.Read();

    public void Expire() => _file?.Expire();
}
