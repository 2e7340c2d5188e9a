using System.CommandLine;
using System.CommandLine.Parsing;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What is wrong with the arguments, in one line that says what to do next.</summary>
internal static class UsageErrors
{
    /// <summary>Null where the arguments are fine.</summary>
    public static string? Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        bool isRoot = parsed.CommandResult.Parent is null;
        string program = isRoot ? "dynamic-toolset" : $"dynamic-toolset {command.Name}";
        string help = $"see {program} --help";
        if (parsed.UnmatchedTokens is [var first, ..])
            return $"{program}: {Unknown(first, command)}; {help}";
        if (parsed.Errors is [var error, ..])
            return $"{program}: {Describe(error)}; {help}";
        if (parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(IsWithoutValue) is { } bare)
            return $"{program}: {bare.Option.Name} needs a value; {help}";
        return null;
    }

    /// <summary>Of a flag that may be given several times the parser only sees to it that there is one value in all.</summary>
    private static bool IsWithoutValue(OptionResult option) =>
        option.Option.Arity.MinimumNumberOfValues > 0 && option.IdentifierTokenCount > option.Tokens.Count;

    private static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0 } option => $"{option.Option.Name} needs a value",
        OptionResult { IdentifierTokenCount: > 1, Option.Arity.MaximumNumberOfValues: 1 } option =>
            $"{option.Option.Name} was given more than once",
        _ => error.Message.TrimEnd('.'),
    };

    private static string Unknown(string word, Command command)
    {
        if (word.StartsWith('-'))
            return UnknownFlag(word.Split('=', 2)[0], command);
        return command.Subcommands.Count > 0
            ? $"unknown command {word}{Suggestion.For(word, command.Subcommands.Select(known => known.Name))}"
            : $"unexpected argument {word}";
    }

    /// <summary>Without what follows an equals sign, which may be a secret.</summary>
    private static string UnknownFlag(string flag, Command command) =>
        $"unknown flag {flag}{Suggestion.For(flag, command.Options.Select(option => option.Name))}";
}
