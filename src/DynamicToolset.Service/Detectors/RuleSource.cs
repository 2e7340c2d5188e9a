using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.MountedFiles;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Detectors;

/// <summary>The rules in force, replaced whole: read by any number of threads without a lock, written by one.</summary>
public sealed class RuleSource
{
    private const string Stays = "the last good rules stay in force; at the start the program ends with exit code 2";

    private readonly SettledDirectory _directory;
    private RuleState _current;

    private RuleSource(SettledDirectory directory, RuleSet rules, int files)
    {
        FilesAtTheStart = files;
        _directory = directory;
        _current = new RuleState(rules, []);
    }

    public static Bound MostFiles { get; } = new("`DETECTORS_DIR`", 1000, "files", Stays);

    /// <summary>The built-in rules have 12 KiB.</summary>
    public static Bound Size { get; } = new("`DETECTORS_DIR`", 512 * 1024, "bytes in all files together", Stays);

    internal static DirectoryBounds Bounds => new(MostFiles, Size);

    /// <summary>How many there were when they were read first.</summary>
    public int FilesAtTheStart { get; }

    public RuleState Current => Volatile.Read(ref _current);

    /// <summary>
    /// Reads the rules for the first time. There are no last good ones yet, so an error is fatal.
    /// </summary>
    /// <exception cref="InputException">Something is wrong; the message has a line for each problem, and one of advice.</exception>
    public static RuleSource Open(Settings settings)
    {
        string path = settings.DetectorsDir;
        if (settings.IsDetectorsDirGiven && path.Length > 0 && !Directory.Exists(path))
            throw new InputException($"DETECTORS_DIR: there is no directory \"{path}\"; create it, or remove the setting");
        var directory = new MountedDirectory(path, settings.IsDetectorsDirGiven, Bounds);
        DirectoryContent content = directory.Read();
        RuleSetReading reading = RulesIn(content);
        if (reading.RuleSet is { } rules)
            return new RuleSource(new SettledDirectory(directory, content.Hash), rules, content.Files.Length);
        string advice =
            $"DETECTORS_DIR: the rules in \"{path}\" cannot be used; fix them, and check them with \"dynamic-toolset validate {path}\"";
        throw new InputException(string.Join('\n', [.. reading.Problems.Select(p => p.ToString()), advice]));
    }

    /// <summary>Reads the files again. One caller at a time.</summary>
    public DirectoryNews Refresh()
    {
        DirectoryNews news = _directory.Refresh(out DirectoryContent content);
        if (news == DirectoryNews.Changed)
            Volatile.Write(ref _current, _current.Next(RulesIn(content)));
        return news;
    }

    /// <summary>The built-in rules with those of a directory, or everything that is wrong with these.</summary>
    internal static RuleSetReading RulesIn(DirectoryContent content) => content.Problems.IsEmpty
        ? BuiltInRules.With(content.Files)
        : RuleSetReading.Failed([.. content.Problems, .. RuleParser.ReadAll(content.Files).Problems]);
}
