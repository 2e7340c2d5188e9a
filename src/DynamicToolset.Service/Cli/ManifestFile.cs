using System.Text;

namespace DynamicToolset.Service.Cli;

/// <summary>The text of one file, with the name to call it by in messages.</summary>
internal sealed record ManifestFile(string Name, string Text)
{
    private const string StandardInput = "-";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Reads files, the manifests in directories (not below them), and standard input for <c>-</c>.</summary>
    /// <exception cref="InputException">One of them cannot be read.</exception>
    public static async Task<List<ManifestFile>> ReadAllAsync(IEnumerable<string> paths, CancellationToken stop)
    {
        var files = new List<ManifestFile>();
        foreach (string path in paths)
        {
            if (!Directory.Exists(path))
            {
                files.Add(await ReadAsync(path, stop));
                continue;
            }

            foreach (string file in ManifestsIn(path))
                files.Add(await ReadAsync(file, stop));
        }

        return files;
    }

    /// <summary>Every byte counts: a byte order mark stays, and what is no UTF-8 is refused.</summary>
    public static async Task<ManifestFile> ReadAsync(string path, CancellationToken stop)
    {
        string name = path == StandardInput ? "stdin" : path;
        try
        {
            return new ManifestFile(name, StrictUtf8.GetString(await ReadBytesAsync(path, stop)));
        }
        catch (DecoderFallbackException)
        {
            throw new InputException($"{name}:1:1: this is no UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{name}: cannot be read: {e.Message}");
        }
    }

    private static async Task<byte[]> ReadBytesAsync(string path, CancellationToken stop)
    {
        if (path != StandardInput)
            return await File.ReadAllBytesAsync(path, stop);
        await using Stream input = Console.OpenStandardInput();
        using var all = new MemoryStream();
        await input.CopyToAsync(all, stop);
        return all.ToArray();
    }

    private static List<string> ManifestsIn(string directory)
    {
        List<string> manifests =
        [
            .. Directory.EnumerateFiles(directory)
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return manifests.Count > 0 ? manifests : throw new InputException($"{directory}: there is no .yaml, .yml or .json file in it");
    }
}
