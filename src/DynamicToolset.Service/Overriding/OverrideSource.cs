using DynamicToolset.Messages;
using DynamicToolset.Overrides;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.MountedFiles;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Overriding;

/// <summary>The overrides of OVERRIDES_DIR, replaced whole: read by any number of threads without a lock, written by one.</summary>
public sealed class OverrideSource
{
    private readonly SettledDirectory _directory;
    private readonly string _path;
    private OverrideFiles _current;

    private OverrideSource(MountedDirectory directory, string path)
    {
        DirectoryContent content = directory.Read();
        _directory = new SettledDirectory(directory, content.Hash);
        _path = path;
        _current = OverrideFiles.Read(content.Files, content.Problems);
    }

    public static Bound MostFiles { get; } = new("`OVERRIDES_DIR`", 100, "files", "all files keep their last good content");

    /// <summary>So much of a ConfigMap leaves room for toolsets beside it.</summary>
    public static Bound Size { get; } = new("`OVERRIDES_DIR`", 512 * 1024, "bytes in all files together", "the file keeps its last good content");

    internal static DirectoryBounds Bounds => new(MostFiles, Size);

    public OverrideFiles Current => Volatile.Read(ref _current);

    /// <summary>
    /// Reads the files for the first time. A mistake in one ends nothing: it is told as one in the key <c>overrides.yaml</c> is.
    /// </summary>
    /// <exception cref="InputException">There is no such directory.</exception>
    public static OverrideSource Open(Settings settings)
    {
        string path = settings.OverridesDir;
        if (path.Length > 0 && !Directory.Exists(path))
            throw new InputException($"OVERRIDES_DIR: there is no directory \"{path}\"; create it, or remove the setting");
        return new OverrideSource(new MountedDirectory(path, isRequired: true, Bounds), path);
    }

    /// <summary>Reads the files again. One caller at a time.</summary>
    public DirectoryNews Refresh()
    {
        DirectoryNews news = _directory.Refresh(out DirectoryContent content);
        if (news == DirectoryNews.Changed)
            Volatile.Write(ref _current, _current.Next(content.Files, content.Problems, _path));
        return news;
    }
}
