using System.Collections.Immutable;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.MountedFiles;
using DynamicToolset.Service.Overriding;

namespace DynamicToolset.Service.Cli;

/// <summary>
/// Overrides that are given to a command: the last file stands for the key <c>overrides.yaml</c>; directories, as OVERRIDES_DIR is one, and the files before
/// lie below it.
/// </summary>
/// <param name="Paths">Files, and directories for what is in them; empty for none.</param>
internal sealed record GivenOverrides(ImmutableArray<string> Paths)
{
    private readonly int _key = Paths.ToList().FindLastIndex(p => !Directory.Exists(p));

    /// <summary>Empty if none is given.</summary>
    public string Key => _key < 0 ? "" : Paths[_key];

    private IEnumerable<ManifestPath> Below => Paths
        .Where((_, i) => i != _key)
        .SelectMany(p => Directory.Exists(p) ? MountedDirectory.FilesInGiven(p, OverrideSource.Bounds.MostFiles) : [new ManifestPath(p, IsFound: false)]);

    /// <summary>The files of OVERRIDES_DIR, and over them those that are given.</summary>
    /// <exception cref="InputException">One of them cannot be read.</exception>
    public async Task<OverrideFiles> ReadBelowAsync(OverrideSource mounted, CancellationToken stop)
    {
        List<ManifestFile> files = await ManifestFile.ReadAllAsync(Below, FileBounds.Overrides, stop);
        return mounted.Current.Then(files.Select(f => new RuleFile(f.Name, f.Text)));
    }
}
