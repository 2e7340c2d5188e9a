using System.Collections.Immutable;

namespace DynamicToolset.Service.Input;

/// <summary>What is given with <c>-f</c>.</summary>
/// <param name="Paths">Files, directories, and <c>-</c> for standard input.</param>
/// <param name="IsRecursive">With all directories below those that are given. Links to directories are not followed.</param>
internal sealed record ManifestPaths(ImmutableArray<string> Paths, bool IsRecursive = false)
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>The files, those of a directory in the order of their names.</summary>
    public IEnumerable<ManifestPath> Files() => Paths.SelectMany(path => Directory.Exists(path) ? FilesIn(path) : [new ManifestPath(path, IsFound: false)]);

    private List<ManifestPath> FilesIn(string directory)
    {
        List<ManifestPath> files = [.. Below(directory)];
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        string below = IsRecursive ? "" : "; use -R to read the directories below it too";
        return files.Count > 0 ? files : [ManifestPath.Unreadable(directory, $"there is no .yaml, .yml or .json file in it{below}")];
    }

    private List<ManifestPath> Below(string directory)
    {
        try
        {
            IEnumerable<ManifestPath> files = Directory.EnumerateFiles(directory)
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Select(ManifestPath.Found);
            if (!IsRecursive)
                return [.. files];
            IEnumerable<DirectoryInfo> below = new DirectoryInfo(directory).EnumerateDirectories().Where(d => d.LinkTarget is null);
            return [.. files, .. below.SelectMany(d => Below(Path.Combine(directory, d.Name)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [ManifestPath.Unreadable(directory, $"cannot be read: {e.Message}")];
        }
    }
}

/// <param name="IsFound">Nobody named it: it lies in a directory that somebody named, where other things may lie too.</param>
internal readonly record struct ManifestPath(string Path, bool IsFound)
{
    /// <summary>Known before it is opened; null where nothing is.</summary>
    public string? WhyUnreadable { get; private init; }

    /// <summary>A pipe in a directory has no writer that anybody thought of, and is not waited for.</summary>
    public static ManifestPath Found(string file) => new(file, IsFound: true)
    {
        WhyUnreadable = InputFile.OddityOf(file) is { } oddity ? $"is {oddity}, but a file is needed here" : null,
    };

    public static ManifestPath Unreadable(string path, string why) => new(path, IsFound: true) { WhyUnreadable = why };
}
