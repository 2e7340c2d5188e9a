using System.Collections.Immutable;

namespace DynamicToolset.Service.Input;

/// <summary>What is given with <c>-f</c>.</summary>
/// <param name="Paths">Files, directories, and <c>-</c> for standard input.</param>
/// <param name="IsRecursive">With all directories below those that are given. Links to directories are not followed.</param>
internal sealed record ManifestPaths(ImmutableArray<string> Paths, bool IsRecursive = false)
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>The files, those of a directory in the order of their names.</summary>
    /// <exception cref="InputException">A directory cannot be read, or has no such file.</exception>
    public IEnumerable<ManifestPath> Files() => Paths.SelectMany(path => Directory.Exists(path) ? FilesIn(path) : [new ManifestPath(path, IsFound: false)]);

    private List<ManifestPath> FilesIn(string directory)
    {
        List<string> files = Enumerate(directory).FindAll(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
        files.Sort(StringComparer.Ordinal);
        files.ForEach(ManifestFile.RefuseOddity);
        string below = IsRecursive ? "" : "; -R looks into the directories below it too";
        return files.Count > 0
            ? [.. files.Select(file => new ManifestPath(file, IsFound: true))]
            : throw new InputException($"{directory}: there is no .yaml, .yml or .json file in it{below}");
    }

    private List<string> Enumerate(string directory)
    {
        try
        {
            return [.. Below(directory)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot be read: {e.Message}");
        }
    }

    private IEnumerable<string> Below(string directory)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(directory);
        if (!IsRecursive)
            return files;
        IEnumerable<DirectoryInfo> below = new DirectoryInfo(directory).EnumerateDirectories().Where(d => d.LinkTarget is null);
        return files.Concat(below.SelectMany(d => Below(Path.Combine(directory, d.Name))));
    }
}

/// <param name="IsFound">Nobody named it: it lies in a directory that somebody named, where other things may lie too.</param>
internal readonly record struct ManifestPath(string Path, bool IsFound);
