using DynamicToolset.Rules;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Detectors;

/// <summary>The rules in force, replaced whole: read by any number of threads without a lock, written by one.</summary>
public sealed class RuleSource
{
    private readonly RuleDirectory _directory;
    private string _hash;
    private string _seen = "";
    private RuleState _current;

    private RuleSource(RuleDirectory directory, string hash, RuleSet rules)
    {
        _directory = directory;
        _hash = hash;
        _current = new RuleState(rules, []);
    }

    public RuleState Current => Volatile.Read(ref _current);

    /// <summary>
    /// Reads the rules for the first time. There are no last good ones then: who cannot be told what to look for must not begin.
    /// </summary>
    /// <exception cref="InputException">Something is wrong; the message has a line for each problem, and one of advice.</exception>
    public static RuleSource Open(Settings settings)
    {
        string path = settings.DetectorsDir;
        if (settings.IsDetectorsDirGiven && path.Length > 0 && !Directory.Exists(path))
            throw new InputException($"DETECTORS_DIR: there is no directory \"{path}\"; make it, or leave the setting out");
        var directory = new RuleDirectory(path, settings.IsDetectorsDirGiven);
        RuleDirectoryContent content = directory.Read();
        RuleSetReading reading = content.ToRules();
        if (reading.RuleSet is { } rules)
            return new RuleSource(directory, content.Hash, rules);
        string advice =
            $"DETECTORS_DIR: the rules in \"{path}\" cannot be used; mend them, \"dynamic-toolset validate {path}\" checks them";
        throw new InputException(string.Join('\n', [.. reading.Problems.Select(p => p.ToString()), advice]));
    }

    /// <summary>
    /// Reads the files again. One caller at a time. What somebody may still be writing counts once it is the same in two looks that follow each
    /// other.
    /// </summary>
    public RuleNews Refresh()
    {
        RuleDirectoryContent content = _directory.Read(_hash);
        bool isSettled = content.Hash == _seen || _directory.IsSwapped(content);
        _seen = content.Hash;
        if (content.Hash == _hash)
            return RuleNews.None;
        if (!isSettled)
            return RuleNews.Unsettled;
        _hash = content.Hash;
        Volatile.Write(ref _current, _current.Next(content.ToRules()));
        return RuleNews.Changed;
    }
}

/// <summary>What a look at the rules found.</summary>
public enum RuleNews
{
    /// <summary>They are what they were.</summary>
    None,

    /// <summary>They are others, and may be half written. Another look tells.</summary>
    Unsettled,

    /// <summary>They are others, better or worse.</summary>
    Changed,
}
