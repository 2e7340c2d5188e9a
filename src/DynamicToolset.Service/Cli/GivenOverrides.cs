using System.Collections.Immutable;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.MountedFiles;
using DynamicToolset.Service.Overriding;

namespace DynamicToolset.Service.Cli;

/// <summary>Overrides that are given to a command: the last file stands for the key <c>overrides.yaml</c>, those before it lie below.</summary>
/// <param name="Paths">Files, and directories for what is in them; empty for none.</param>
internal sealed record GivenOverrides(ImmutableArray<string> Paths)
{
    private ImmutableArray<string> _files;

    /// <summary>Empty where none is given.</summary>
    /// <exception cref="InputException">A directory cannot be read, or has no file.</exception>
    public string Key => Files is [.., var last] ? last : "";

    private ImmutableArray<string> Files => _files.IsDefault
        ? _files = [.. Paths.SelectMany(p => Directory.Exists(p) ? MountedDirectory.FilesInGiven(p, OverrideSource.Bounds.MostFiles) : [p])]
        : _files;

    /// <summary>The files of OVERRIDES_DIR, and over them those that are given.</summary>
    /// <exception cref="InputException">One of them cannot be read.</exception>
    public async Task<OverrideFiles> ReadBelowAsync(OverrideSource mounted, CancellationToken stop)
    {
        List<ManifestFile> files = await ManifestFile.ReadAllAsync(Files.SkipLast(1), FileBounds.Overrides, stop);
        return mounted.Current.Then(files.Select(f => new RuleFile(f.Name, f.Text)));
    }
}
