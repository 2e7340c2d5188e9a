using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Input;

/// <summary>The text of one file, with the name to call it by in messages.</summary>
internal sealed record ManifestFile(string Name, string Text)
{
    private const string StandardInput = "-";

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Reads files, the manifests in directories (not below them), and standard input for <c>-</c>.</summary>
    /// <exception cref="InputException">One of them cannot be read.</exception>
    public static async Task<List<ManifestFile>> ReadAllAsync(IEnumerable<string> paths, CancellationToken stop)
    {
        IEnumerable<string> names = paths.SelectMany(path => Directory.Exists(path) ? ManifestsIn(path) : [path]);
        List<ManifestFile> files = await ReadAllAsync(names, FileBounds.Manifests, stop);
        // A pipe whose other end failed is empty, and must not be taken for a cluster without Services.
        bool isNothing = files.Count > 0 && files.All(f => string.IsNullOrWhiteSpace(f.Text));
        return isNothing ? throw new InputException($"{files[0].Name}: there is no Kubernetes object in it") : files;
    }

    /// <summary>Reads files and standard input, whatever is in them.</summary>
    /// <param name="together">For all of them.</param>
    /// <exception cref="InputException">One of them cannot be read, or all of them are too long.</exception>
    public static async Task<List<ManifestFile>> ReadAllAsync(IEnumerable<string> names, Bound together, CancellationToken stop)
    {
        var files = new List<ManifestFile>();
        long left = together.Most;
        foreach (string name in names)
        {
            ManifestFile file = await ReadAsync(name, together, left, stop);
            files.Add(file);
            left -= Encoding.UTF8.GetByteCount(file.Text);
        }

        return files;
    }

    /// <summary>Every byte counts: a byte order mark stays, and what is no UTF-8 is refused.</summary>
    /// <exception cref="InputException">It cannot be read, or is too long.</exception>
    public static Task<ManifestFile> ReadAsync(string path, Bound longest, CancellationToken stop) => ReadAsync(path, longest, longest.Most, stop);

    private static async Task<ManifestFile> ReadAsync(string path, Bound bound, long most, CancellationToken stop)
    {
        if (path.Length == 0)
            throw new InputException("the name of a file is empty: give a file, a directory, or - for standard input");
        string name = path == StandardInput ? "stdin" : path;
        try
        {
            return new ManifestFile(name, await ReadTextAsync(path, bound with { Most = most }, stop));
        }
        catch (InputTooLargeException)
        {
            throw new InputException($"{name}: with it there are more than {bound}: give less of it");
        }
        catch (DecoderFallbackException)
        {
            throw new InputException($"{name}:1:1: this is no UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{name}: {InputFile.WhyUnreadable(e, path)}");
        }
    }

    /// <summary>A read of a terminal or a pipe cannot be called off, but who presses Ctrl-C need not wait for it.</summary>
    private static Task<string> ReadTextAsync(string path, Bound longest, CancellationToken stop) => path == StandardInput
        ? Task.Run(() => InputFile.Read(Console.OpenStandardInput(), longest), stop).WaitAsync(stop)
        : InputFile.ReadAsync(path, longest, stop);

    private static List<string> ManifestsIn(string directory)
    {
        List<string> manifests = FilesIn(directory)
            .FindAll(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
        manifests.Sort(StringComparer.Ordinal);
        manifests.ForEach(RefuseOddity);
        return manifests.Count > 0 ? manifests : throw new InputException($"{directory}: there is no .yaml, .yml or .json file in it");
    }

    /// <summary>Of a file in a directory: a pipe there has no writer that anybody thought of.</summary>
    /// <exception cref="InputException">It is no file.</exception>
    public static void RefuseOddity(string path)
    {
        if (InputFile.OddityOf(path) is { } oddity)
            throw new InputException($"{path}: is {oddity}, and a file is needed here");
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
