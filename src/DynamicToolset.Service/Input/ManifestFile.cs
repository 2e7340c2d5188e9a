using System.Text;

namespace DynamicToolset.Service.Input;

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
            foreach (string file in Directory.Exists(path) ? ManifestsIn(path) : [path])
                files.Add(await ReadAsync(file, stop));
        }

        // A pipe whose other end failed is empty, and must not be taken for a cluster without Services.
        bool isNothing = files.Count > 0 && files.All(f => string.IsNullOrWhiteSpace(f.Text));
        return isNothing ? throw new InputException($"{files[0].Name}: there is no Kubernetes object in it") : files;
    }

    /// <summary>Every byte counts: a byte order mark stays, and what is no UTF-8 is refused.</summary>
    public static async Task<ManifestFile> ReadAsync(string path, CancellationToken stop)
    {
        if (path.Length == 0)
            throw new InputException("the name of a file is empty: give a file, a directory, or - for standard input");
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
            throw new InputException($"{name}: {WhyUnreadable(e, path)}");
        }
    }

    private static string WhyUnreadable(Exception e, string path) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException when Directory.Exists(path) => "is a directory, and a file is needed here",
        UnauthorizedAccessException => "cannot be read: permission denied",
        _ => $"cannot be read: {e.Message}",
    };

    private static async Task<byte[]> ReadBytesAsync(string path, CancellationToken stop)
    {
        if (path != StandardInput)
            return await File.ReadAllBytesAsync(path, stop);
        await using Stream input = Console.OpenStandardInput();
        using var all = new MemoryStream();
        // A read of a terminal or a pipe cannot be cancelled, but who presses Ctrl-C need not wait for it.
        await input.CopyToAsync(all, stop).WaitAsync(stop);
        return all.ToArray();
    }

    private static List<string> ManifestsIn(string directory)
    {
        List<string> manifests = FilesIn(directory)
            .FindAll(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
        manifests.Sort(StringComparer.Ordinal);
        return manifests.Count > 0 ? manifests : throw new InputException($"{directory}: there is no .yaml, .yml or .json file in it");
    }

    private static List<string> FilesIn(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot be read: {e.Message}");
        }
    }
}
