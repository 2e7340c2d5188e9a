using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Input;

/// <summary>The text of one file, with the name to call it by in messages.</summary>
internal sealed record ManifestFile(string Name, string Text)
{
    private const string NothingCame = "the pipe was empty: run the command before it alone to see why";

    /// <inheritdoc cref="ManifestPath"/>
    public bool IsFound { get; init; }

    /// <summary>Reads manifests as a whole, for who keeps them.</summary>
    /// <exception cref="InputException">There is too much, or nothing at all.</exception>
    public static async Task<GivenFiles> ReadAllAsync(ManifestPaths paths, CancellationToken stop)
    {
        var reading = new ManifestReading(FileBounds.Manifests, new ReadProgress(null, TimeProvider.System));
        // A read of a terminal or a pipe cannot be called off, but who presses Ctrl-C need not wait for it.
        List<ManifestFile> files = await Task.Run(
            () => paths.Files().Select(path => Read(reading, path)).OfType<ManifestFile>().ToList(), stop).WaitAsync(stop);
        bool isNothing = files.Count > 0 && reading.Unreadable.Count == 0 && files.All(f => string.IsNullOrWhiteSpace(f.Text));
        return isNothing ? throw new InputException(NothingIn(files[0].Name)) : new GivenFiles(files, reading.Unreadable);
    }

    private static ManifestFile? Read(ManifestReading reading, ManifestPath path) =>
        reading.Read(path, text => new ManifestFile(ManifestReading.NameOf(path.Path), text.ReadToEnd()) { IsFound = path.IsFound });

    /// <summary>A pipe whose other end failed is empty, and must not be taken for a cluster without Services.</summary>
    public static string NothingIn(string name) =>
        $"{name}: {(name == ManifestReading.NameOf(ManifestReading.StandardInput) ? NothingCame : "there is no Kubernetes object in it")}";

    /// <summary>Reads files and standard input, whatever is in them.</summary>
    /// <param name="together">For all of them.</param>
    /// <exception cref="InputException">All of them together are too long.</exception>
    public static async Task<GivenFiles> ReadEachAsync(IEnumerable<ManifestPath> paths, Bound together, CancellationToken stop)
    {
        var given = new GivenFiles([], []);
        long left = together.Most;
        foreach (ManifestPath path in paths)
        {
            (ManifestFile? file, UnreadableFile? unreadable) = await TryReadAsync(path, together, left, stop);
            if (unreadable is not null)
                given.Unreadable.Add(unreadable);
            if (file is null)
                continue;
            given.Files.Add(file);
            left -= Encoding.UTF8.GetByteCount(file.Text);
        }

        return given;
    }

    /// <inheritdoc cref="ReadEachAsync"/>
    /// <exception cref="InputException">One of them cannot be read, or all of them are too long.</exception>
    public static async Task<List<ManifestFile>> ReadAllAsync(IEnumerable<ManifestPath> paths, Bound together, CancellationToken stop)
    {
        GivenFiles given = await ReadEachAsync(paths, together, stop);
        return given.Unreadable.Count == 0 ? given.Files : throw new InputException(string.Join('\n', given.Unreadable));
    }

    /// <summary>Every byte counts: a byte order mark stays, and what is no UTF-8 is refused. So is a pipe through which nothing comes.</summary>
    /// <exception cref="InputException">It cannot be read, or is too long.</exception>
    public static async Task<ManifestFile> ReadAsync(string path, Bound longest, CancellationToken stop) =>
        (await ReadAllAsync([new ManifestPath(path, IsFound: false)], longest, stop)).Single();

    private static async Task<(ManifestFile? File, UnreadableFile? Unreadable)> TryReadAsync(ManifestPath given, Bound bound, long most, CancellationToken stop)
    {
        string path = given.Path;
        if (path.Length == 0)
            throw new InputException(ManifestReading.NoName);
        string name = ManifestReading.NameOf(path);
        if (given.WhyUnreadable is { } why)
            return (null, new UnreadableFile(name, why));
        try
        {
            string text = await ReadTextAsync(path, bound with { Most = most }, stop);
            return text.Length == 0 && IsPipe(path) ? (null, new UnreadableFile(name, NothingCame)) : (new ManifestFile(name, text), null);
        }
        catch (InputTooLargeException)
        {
            throw new InputException($"{name}: with it there are more than {bound}: read less at once");
        }
        catch (DecoderFallbackException)
        {
            return (null, new UnreadableFile(
                name, "this is not UTF-8: save it as UTF-8, not as the > of PowerShell writes it", new YamlPosition(1, 1)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, new UnreadableFile(name, InputFile.WhyUnreadable(e, path)));
        }
    }

    private static bool IsPipe(string path) => path == ManifestReading.StandardInput || PathKinds.Of(path) == PathKind.Pipe;

    /// <summary>A read of a terminal or a pipe cannot be called off, but who presses Ctrl-C need not wait for it.</summary>
    private static Task<string> ReadTextAsync(string path, Bound longest, CancellationToken stop) => path == ManifestReading.StandardInput
        ? Task.Run(() => InputFile.Read(Console.OpenStandardInput(), longest), stop).WaitAsync(stop)
        : InputFile.ReadAsync(path, longest, stop);
}
