using System.Text.RegularExpressions;

namespace DynamicToolset.Service.Cli;

/// <summary>A flag or a command as the help lists it.</summary>
/// <param name="Names"><c>-o, --output</c></param>
/// <param name="Value"><c>yaml|json</c>; empty where it takes none.</param>
/// <param name="Meaning">All lines, joined.</param>
internal sealed record HelpEntry(string Names, string Value, string Meaning);

/// <summary>Reads the pages of the help, for those who show the same in another form.</summary>
internal static partial class HelpEntries
{
    /// <summary>What pages do not tell, or only in the usage.</summary>
    private const string Common = """
          -h, --help    Show what the command is for, and its flags.
          -o, --output  The form of what is printed.
        """;

    /// <summary>First sentences, by name of flag or command. The flags of settings are explained on one page for all commands.</summary>
    /// <param name="command">Empty for the program itself.</param>
    public static IReadOnlyDictionary<string, string> Meanings(string command) =>
        string.Join('\n', Common, HelpPage.Of(command), command.Length > 0 ? SettingsHelp.Text() : "").Split('\n')
            .Aggregate(new List<HelpEntry>(), Add)
            .SelectMany(entry => entry.Names.Split(", ").Select(name => (name, SettingsHelp.FirstSentence(entry.Meaning))))
            .DistinctBy(meaning => meaning.name)
            .ToDictionary();

    /// <summary>Adds a line of a page: it is the first of an entry, or goes on with the last one, or is neither.</summary>
    public static List<HelpEntry> Add(List<HelpEntry> entries, string line)
    {
        if (First().Match(line) is { Success: true, Groups: var groups })
            entries.Add(new HelpEntry(groups["names"].Value, groups["value"].Value, groups["meaning"].Value));
        else if (IsMore(line) && entries is [.., var last])
            entries[^1] = last with { Meaning = $"{last.Meaning} {line.Trim()}" };
        return entries;
    }

    private static bool IsMore(string line) => line.StartsWith("          ", StringComparison.Ordinal);

    [GeneratedRegex(@"^  (?<names>(-\w, )?--[a-z-]+|[a-z]+)( (?<value>\S.*?))?  +(?<meaning>\S.*)$")]
    private static partial Regex First();
}
