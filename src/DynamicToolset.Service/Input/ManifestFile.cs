using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Input;

/// <summary>The text of one file, with the name to call it by in messages.</summary>
internal sealed record ManifestFile(string Name, string Text)
{
    /// <inheritdoc cref="ManifestPath"/>
    public bool IsFound { get; init; }

    /// <summary>Reads manifests as a whole, for who keeps them.</summary>
    /// <exception cref="InputException">One of them cannot be read.</exception>
    public static async Task<List<ManifestFile>> ReadAllAsync(ManifestPaths paths, CancellationToken stop)
    {
        var reading = new ManifestReading(FileBounds.Manifests, new ReadProgress(null, TimeProvider.System));
        // A read of a terminal or a pipe cannot be called off, but who presses Ctrl-C need not wait for it.
        List<ManifestFile> files = await Task.Run(
            () => paths.Files().Select(path => Read(reading, path)).ToList(), stop).WaitAsync(stop);
        bool isNothing = files.Count > 0 && files.All(f => string.IsNullOrWhiteSpace(f.Text));
        return isNothing ? throw new InputException(NothingIn(files[0].Name)) : files;
    }

    private static ManifestFile Read(ManifestReading reading, ManifestPath path) =>
        new(ManifestReading.NameOf(path.Path), reading.Read(path.Path, text => text.ReadToEnd())) { IsFound = path.IsFound };

    /// <summary>A pipe whose other end failed is empty, and must not be taken for a cluster without Services.</summary>
    public static string NothingIn(string name) => name == "stdin"
        ? "stdin: nothing came through the pipe: run the command before it alone, and see what it says"
        : $"{name}: there is no Kubernetes object in it";

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
            throw new InputException(ManifestReading.NoName);
        string name = ManifestReading.NameOf(path);
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
            throw new InputException($"{name}:1:1: this is no UTF-8 text: save it as UTF-8, which the service reads, and not as the > of PowerShell writes it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{name}: {InputFile.WhyUnreadable(e, path)}");
        }
    }

    /// <summary>A read of a terminal or a pipe cannot be called off, but who presses Ctrl-C need not wait for it.</summary>
    private static Task<string> ReadTextAsync(string path, Bound longest, CancellationToken stop) => path == ManifestReading.StandardInput
        ? Task.Run(() => InputFile.Read(Console.OpenStandardInput(), longest), stop).WaitAsync(stop)
        : InputFile.ReadAsync(path, longest, stop);

    /// <summary>Of a file in a directory: a pipe there has no writer that anybody thought of.</summary>
    /// <exception cref="InputException">It is no file.</exception>
    public static void RefuseOddity(string path)
    {
        if (InputFile.OddityOf(path) is { } oddity)
            throw new InputException($"{path}: is {oddity}, and a file is needed here");
    }
}
