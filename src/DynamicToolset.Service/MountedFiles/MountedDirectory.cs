using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Service.Input;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.MountedFiles;

/// <summary>A directory of what an admin writes: its <c>.yaml</c> and <c>.yml</c> files.</summary>
/// <param name="path">Empty for none.</param>
/// <param name="isRequired">
/// False where a directory that is not there has no files, true where that is a problem; once it was there, it always is.
/// </param>
public sealed class MountedDirectory(string path, bool isRequired, DirectoryBounds bounds)
{
    /// <summary>The kubelet swaps a mounted directory in an instant; one that differs this often is written to all the time.</summary>
    private const int MostReadings = 5;

    /// <summary>The link by which a kubelet swaps all files of a mounted ConfigMap in one step.</summary>
    private const string Swapped = "..data";

    /// <summary>
    /// What stands there at one moment. Files are read one after the other, and a mounted ConfigMap may be swapped between two of them:
    /// only what is read the same twice is one state of it.
    /// </summary>
    /// <param name="known">The hash of what was read before: reading that again needs no second look.</param>
    public DirectoryContent Read(string known = "")
    {
        DirectoryContent content = ReadOnce();
        for (int reading = 1; reading < MostReadings && content.Hash != known; reading++)
        {
            DirectoryContent again = ReadOnce();
            if (again.Hash == content.Hash)
                return content;
            content = again;
        }

        return content.Hash == known ? content : Failed("the files change while they are read");
    }

    /// <summary>
    /// True where every file comes through the kubelet's link, so that none is ever half written. Any other file may be in the middle of being
    /// copied, and its first half may well be as right as the whole.
    /// </summary>
    public bool IsSwapped(DirectoryContent content) =>
        Path.Exists(Path.Combine(path, Swapped))
        && content.Files.All(f => new FileInfo(f.Name).LinkTarget?.StartsWith(Swapped + "/", StringComparison.Ordinal) == true);

    /// <summary>In ordinal order. Names that start with a dot are the kubelet's, for the directories behind the links.</summary>
    /// <exception cref="IOException">The directory cannot be read, or has too many of them.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static ImmutableArray<string> FilesIn(string directory, Bound most)
    {
        ImmutableArray<string> files =
        [
            .. Directory.EnumerateFiles(directory)
                .Where(f => Path.GetFileName(f)[0] != '.' && Path.GetExtension(f) is ".yaml" or ".yml")
                .Take((int)most.Most + 1),
        ];
        if (files.Length > most.Most)
            throw new IOException($"it has more than {most}");
        return files.Sort(StringComparer.Ordinal);
    }

    /// <summary>The same of a directory that somebody names, so that there has to be something in it.</summary>
    internal static ImmutableArray<ManifestPath> FilesInGiven(string directory, Bound most)
    {
        try
        {
            ImmutableArray<string> files = FilesIn(directory, most);
            return files.IsEmpty ? [ManifestPath.Unreadable(directory, "there is no .yaml or .yml file in it")] : [.. files.Select(ManifestPath.Found)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [ManifestPath.Unreadable(directory, $"cannot be read: {e.Message}")];
        }
    }

    private bool _isRequired = isRequired;

    private DirectoryContent ReadOnce()
    {
        if (path.Length == 0 || !(_isRequired || Directory.Exists(path)))
            return DirectoryContent.Of([], []);
        try
        {
            ImmutableArray<string> names = FilesIn(path, bounds.MostFiles);
            _isRequired = true;
            return ReadFiles(names);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed($"the directory cannot be read: {e.Message}");
        }
    }

    private DirectoryContent ReadFiles(ImmutableArray<string> names)
    {
        var files = new List<RuleFile>();
        var problems = new List<RuleProblem>();
        long left = bounds.Size.Most;
        foreach (string name in names)
        {
            try
            {
                string text = InputFile.ReadRegular(name, bounds.Size with { Most = left });
                left -= Encoding.UTF8.GetByteCount(text);
                files.Add(new RuleFile(name, text));
            }
            catch (InputTooLargeException)
            {
                problems.Add(Problem(name, $"with this file there are more than {bounds.Size}"));
            }
            catch (DecoderFallbackException)
            {
                problems.Add(Problem(name, "this is not UTF-8"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(Problem(name, $"the file cannot be read: {e.Message}"));
            }
        }

        return DirectoryContent.Of(files, problems);
    }

    private DirectoryContent Failed(string message) => DirectoryContent.Of([], [Problem(path, message)]);

    private static RuleProblem Problem(string name, string message) => new(name, new YamlPosition(1, 1), message);
}

/// <summary>How much of a directory is taken.</summary>
/// <param name="Size">Of all files together.</param>
public sealed record DirectoryBounds(Bound MostFiles, Bound Size);
