using System.Collections.Immutable;
using System.CommandLine;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>A flag for each setting, for a command that uses settings.</summary>
internal sealed class SettingsFlags
{
    private readonly ImmutableArray<(SettingDefinition Definition, Option<string> Option)> _flags =
        [.. SettingDefinitions.All.Select(definition => (definition, new Option<string>($"--{definition.Flag}")))];

    public void AddTo(Command command)
    {
        foreach ((_, Option<string> option) in _flags)
            command.Add(option);
    }

    /// <summary>Only the flags of these settings, for a command that has no use for the others.</summary>
    public void AddTo(Command command, params ReadOnlySpan<SettingDefinition> settings)
    {
        foreach (SettingDefinition setting in settings)
            command.Add(_flags.First(f => f.Definition == setting).Option);
    }

    /// <summary>The texts that were given; an empty one was given too.</summary>
    public IReadOnlyDictionary<SettingDefinition, string> Read(ParseResult arguments)
    {
        var given = new Dictionary<SettingDefinition, string>();
        foreach ((SettingDefinition definition, Option<string> option) in _flags)
        {
            if (arguments.GetResult(option) is not null && arguments.GetValue(option) is { } text)
                given.Add(definition, text);
        }

        return given;
    }
}
