using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using DynamicToolset.Messages;
using DynamicToolset.Service.Input;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Options;

/// <summary>What a settings file says.</summary>
/// <param name="Entries">By the name of the setting.</param>
/// <param name="Problems">All that is wrong with it, as <c>path:line:column: message</c>.</param>
public sealed record SettingsFile(ImmutableDictionary<string, SettingsFileEntry> Entries, ImmutableArray<string> Problems)
{
    /// <summary>Who has mended these may ask again.</summary>
    private const int MostProblems = 100;

    public static SettingsFile None { get; } = new(ImmutableDictionary<string, SettingsFileEntry>.Empty, []);

    /// <param name="path">Empty for no file.</param>
    /// <param name="time">By which a pipe is waited for.</param>
    public static SettingsFile Open(string path, TimeProvider time)
    {
        if (path.Length == 0)
            return None;
        try
        {
            return Parse(path, InputFile.ReadWithin(path, FileBounds.Settings, time));
        }
        catch (DecoderFallbackException)
        {
            return Refused(path, new YamlPosition(1, 1), "this is not UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return None with { Problems = [$"CONFIG_FILE: \"{path}\": {InputFile.WhyUnreadable(e, path)}; name a YAML file with settings, such as \"PORT: 8080\", or leave it out"] };
        }
    }

    /// <summary>A mapping of variable names to values or lists of values. An empty file is fine.</summary>
    /// <param name="path">Only for the messages.</param>
    public static SettingsFile Parse(string path, string text)
    {
        YamlReading reading = YamlReader.Read(text);
        if (reading.Problem is { } problem)
            return Refused(path, problem.Position, problem.Message);
        if (reading.Documents.IsEmpty)
            return None;
        if (reading.Documents is not [YamlNode.Mapping mapping])
            return Refused(path, reading.Documents[^1].Position, "expected one map of settings, such as \"PORT: 8080\"");

        var entries = ImmutableDictionary.CreateBuilder<string, SettingsFileEntry>();
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (YamlEntry entry in mapping.Entries.TakeWhile(_ => problems.Count < MostProblems))
        {
            SettingDefinition? definition = Settings.Definitions.FirstOrDefault(d => d.Name == entry.Key);
            string? fault = definition is null ? Unknown(entry.Key) : FaultOf(definition, entry.Value);
            if (fault is null)
                entries.Add(entry.Key, new SettingsFileEntry(TextOf(entry.Value), $"{path}:{entry.Value.Position}"));
            else
                problems.Add($"{path}:{(definition is null ? entry.KeyPosition : entry.Value.Position)}: {fault}");
        }

        return new SettingsFile(entries.ToImmutable(), problems.ToImmutable());
    }

    private static SettingsFile Refused(string path, YamlPosition position, string problem) =>
        None with { Problems = [$"{path}:{position}: {problem}"] };

    private static string Unknown(string name) =>
        $"unknown setting {QuotedText.Of(name)}{Suggestion.For(name.ToUpperInvariant(), Settings.Definitions.Select(definition => definition.Name))}";

    private static string? FaultOf(SettingDefinition definition, YamlNode value) => value switch
    {
        _ when definition.Name == "CONFIG_FILE" => "CONFIG_FILE cannot be set in the file itself",
        YamlNode.Scalar => null,
        YamlNode.Sequence list when definition.IsList && list.Items.All(IsItem) => null,
        _ when definition.IsList => $"{definition.Name} takes a value or a list of values without commas; allowed: {definition.Allowed}",
        _ => $"{definition.Name} takes one value, no list and no map; allowed: {definition.Allowed}",
    };

    private static bool IsItem(YamlNode node) =>
        node is YamlNode.Scalar { IsNull: false } scalar && !scalar.Text.Contains(',', StringComparison.Ordinal);

    private static string TextOf(YamlNode value) => value switch
    {
        YamlNode.Scalar { IsNull: true } => "",
        YamlNode.Scalar scalar => scalar.Text.Trim(),
        YamlNode.Sequence list => string.Join(',', list.Items.Cast<YamlNode.Scalar>().Select(item => item.Text.Trim())),
        _ => throw new UnreachableException(),
    };
}

/// <summary>A value in a settings file; a list is joined by commas.</summary>
/// <param name="Place"><c>path:line:column</c> of the value.</param>
public sealed record SettingsFileEntry(string Text, string Place);
