using System.Collections.Immutable;
using System.CommandLine;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>A flag for each setting, for a command that uses settings.</summary>
internal sealed class SettingsFlags
{
    private readonly ImmutableArray<(string Setting, Option<string> Option)> _flags =
        [.. Settings.Definitions.Select(definition => (definition.Name, NewOption(definition)))];

    /// <param name="settings">The names of those that the command has a use for; none for all.</param>
    public void AddTo(Command command, params ImmutableArray<string> settings)
    {
        foreach ((string setting, Option<string> option) in _flags)
        {
            if (settings.IsEmpty || settings.Contains(setting))
                command.Add(option);
        }
    }

    /// <summary>A secret among the arguments shows in the list of processes and in the shell's history.</summary>
    private static Option<string> NewOption(SettingDefinition definition)
    {
        var option = new Option<string>($"--{definition.Flag}") { Hidden = definition.IsSecret };
        option.CompletionSources.Add(definition.IsPath ? [Completions.Files] : [.. definition.Choices]);
        if (definition.IsSecret)
            option.Validators.Add(given => given.AddError($"{option.Name} would be visible in the list of processes: set {definition.Name} in the environment or in the file of --config"));
        return option;
    }

    /// <summary>The texts that were given, by the names of the settings; an empty one was given too.</summary>
    public IReadOnlyDictionary<string, string> Read(ParseResult arguments) => _flags
        .Where(flag => arguments.GetResult(flag.Option) is not null)
        .Select(flag => (flag.Setting, Text: arguments.GetValue(flag.Option)))
        .Where(given => given.Text is not null)
        .ToDictionary(given => given.Setting, given => given.Text!);
}
