using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace DynamicToolset.Service.Cli;

/// <summary>The possible values at a place of the command line, for the scripts of the shells.</summary>
internal static class Completions
{
    /// <summary>The first argument of a shell that asks; behind it are the words of its line up to the cursor, the last of them half typed.</summary>
    public const string Asked = "__complete";

    /// <summary>Stands for the names of files, which the shell knows better how to complete and to quote.</summary>
    public const string Files = ":files";

    /// <param name="before">The words before the one that is completed.</param>
    /// <param name="word">The letters of that one which are there; only what kind of word it is counts, for shells match in their own ways.</param>
    /// <returns>One a line: a word, and after a tab what it means where that is known; or <see cref="Files"/>.</returns>
    public static string Of(ParseResult before, string word) => string.Concat(Candidates(before, word).Select(line => $"{line}\n"));

    private static IEnumerable<string> Candidates(ParseResult before, string word)
    {
        Command command = before.CommandResult.Command;
        if (before.Tokens is [.., { Type: TokenType.Option } last] && Find(command, last.Value) is { Arity.MinimumNumberOfValues: > 0 } waiting)
            return Labels(waiting);
        if (before.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            return Labels(command).Where(label => !IsFlag(label));
        if (IsFlag(word) && word.Split('=', 2) is [var name, _])
            return Find(command, name) is { } flag ? Labels(flag).Select(value => value == Files ? value : $"{name}={value}") : [];
        bool isUnknownCommand = before.CommandResult.Parent is null && before.UnmatchedTokens.Count > 0;
        return isUnknownCommand ? [] : WithMeanings(before, FlagsOrElse(before, word));
    }

    /// <summary>Flags are offered if one has begun, or if nothing else can be completed.</summary>
    private static IEnumerable<string> FlagsOrElse(ParseResult before, string word)
    {
        Command command = before.CommandResult.Command;
        ILookup<bool, string> labels = Labels(command).ToLookup(IsFlag);
        return IsFlag(word) || (word.Length == 0 && !labels.Contains(false))
            ? labels[true].Where(flag => IsOpen(Find(command, flag), before))
            : labels[false];
    }

    private static IEnumerable<string> WithMeanings(ParseResult before, IEnumerable<string> labels)
    {
        IReadOnlyDictionary<string, string> meanings =
            HelpEntries.Meanings(before.CommandResult.Parent is null ? "" : before.CommandResult.Command.Name);
        return labels.Select(label => meanings.TryGetValue(label, out string? meaning) ? $"{label}\t{meaning}" : label);
    }

    private static bool IsFlag(string label) => label.StartsWith('-');

    /// <summary>A flag that can be given once, and was, is no longer offered.</summary>
    private static bool IsOpen(Option? option, ParseResult before) =>
        option is null || option.Arity.MaximumNumberOfValues > 1 || before.GetResult(option) is null or { Implicit: true };

    private static Option? Find(Command command, string flag) =>
        command.Options.FirstOrDefault(option => option.Name == flag || option.Aliases.Contains(flag));

    private static IEnumerable<string> Labels(Symbol symbol) => symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label);
}
