using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Options;

/// <summary>What a settings file says: texts by setting, and all that is wrong with it as <c>path:line:column: message</c>.</summary>
public sealed record SettingsFile(
    ImmutableDictionary<SettingDefinition, SettingsFileEntry> Entries, ImmutableArray<string> Problems)
{
    public static SettingsFile None { get; } = new(ImmutableDictionary<SettingDefinition, SettingsFileEntry>.Empty, []);

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

        var entries = ImmutableDictionary.CreateBuilder<SettingDefinition, SettingsFileEntry>();
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (YamlEntry entry in mapping.Entries)
        {
            SettingDefinition? definition = Find(entry.Key);
            string? fault = definition is null ? Unknown(entry.Key) : FaultOf(definition, entry.Value);
            if (fault is null)
                entries.Add(definition!, new SettingsFileEntry(TextOf(entry.Value), $"{path}:{entry.Value.Position}"));
            else
                problems.Add($"{path}:{(definition is null ? entry.KeyPosition : entry.Value.Position)}: {fault}");
        }

        return new SettingsFile(entries.ToImmutable(), problems.ToImmutable());
    }

    private static SettingsFile Refused(string path, YamlPosition position, string problem) =>
        None with { Problems = [$"{path}:{position}: {problem}"] };

    private static SettingDefinition? Find(string name) =>
        SettingDefinitions.All.FirstOrDefault(definition => definition.Name == name);

    private static string Unknown(string name) =>
        $"unknown setting \"{name}\"{Suggestion.For(name.ToUpperInvariant(), SettingDefinitions.All.Select(definition => definition.Name))}";

    private static string? FaultOf(SettingDefinition definition, YamlNode value) => value switch
    {
        _ when definition == SettingDefinitions.ConfigFile => "CONFIG_FILE cannot stand in the file itself",
        YamlNode.Scalar => null,
        YamlNode.Sequence when !definition.IsList => $"{definition.Name} takes one value, not a list",
        YamlNode.Sequence list when list.Items.All(IsItem) => null,
        _ => $"{definition.Name} takes {(definition.IsList ? "a value or a list of values without commas" : "one value")}",
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
