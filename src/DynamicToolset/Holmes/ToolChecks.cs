using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The tools of an entry: what the model is shown and what runs when it calls one.</summary>
internal static partial class ToolChecks
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "name", "description", "command", "script", "parameters", "user_description", "additional_instructions", "transformers");

    public static void Check(HolmesEntry entry, Findings findings)
    {
        foreach (YamlNode tool in Items(entry.Field("tools")))
        {
            if (tool is YamlNode.Mapping map)
                CheckTool(map, findings);
            else
                findings.ReportAbout(HolmesRules.ToolNotAMap, tool.Position, $"a tool of {QuotedText.Of(entry.Name)}");
        }

        foreach (YamlNode.Mapping prerequisite in Items(entry.Field("prerequisites")).OfType<YamlNode.Mapping>())
            CommandChecks.Check(prerequisite["command"], "a prerequisite", findings);
        // The loader makes the name of the one tool out of the toolset's.
        if (HolmesEntry.Type(entry.Body) == "http" && !IsToolName(entry.Name.Replace('/', '_').Replace('-', '_') + "_request"))
            findings.Report(HolmesRules.ToolName, entry.NamePosition, entry.Name);
    }

    public static void CheckNamesDiffer(ImmutableArray<HolmesEntry> entries, Findings findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (YamlNode.Mapping tool in entries.SelectMany(e => Items(e.Field("tools"))).OfType<YamlNode.Mapping>())
        {
            if (tool["name"] is { } node && Words.Text(node) is { } name && !seen.Add(name))
                findings.Report(HolmesRules.ToolNameTwice, node.Position, name);
        }
    }

    private static void CheckTool(YamlNode.Mapping tool, Findings findings)
    {
        foreach (YamlEntry field in tool.Entries.Where(e => !Known.Contains(e.Key)))
            findings.Report(HolmesRules.ToolUnknownField, field.KeyPosition, field.Key);
        foreach (string name in (ReadOnlySpan<string>)["name", "description"])
        {
            if (Words.Text(tool[name]) is null)
                findings.ReportAbout(HolmesRules.ToolIncomplete, tool[name]?.Position ?? tool.Position, name);
        }

        if (tool["name"] is { } node && Words.Text(node) is { } toolName && !IsToolName(toolName))
            findings.Report(HolmesRules.ToolName, node.Position, toolName);
        CheckCommand(tool, findings);
        if (HolmesEntry.FieldOf(tool, "parameters") is { } parameters && !IsMapOfMaps(parameters))
            findings.ReportAbout(HolmesRules.ParametersNotAMap, parameters.Position, "parameters");
    }

    private static void CheckCommand(YamlNode.Mapping tool, Findings findings)
    {
        string subject = Words.Text(tool["name"]) is { } name ? QuotedText.Of(name) : "a tool";
        if (Words.Text(tool["command"]) is null && Words.Text(tool["script"]) is null)
            findings.ReportAbout(HolmesRules.ToolWithoutCommand, tool.Position, subject);
        CommandChecks.Check(tool["command"], subject, findings);
        CommandChecks.Check(tool["script"], subject, findings);
    }

    private static bool IsMapOfMaps(YamlNode node) => node is YamlNode.Mapping map && map.Entries.All(e => e.Value is YamlNode.Mapping);

    private static ImmutableArray<YamlNode> Items(YamlNode? node) => (node as YamlNode.Sequence)?.Items ?? [];

    /// <summary>The names that the language models' APIs take for functions.</summary>
    private static bool IsToolName(string name) => ToolName().IsMatch(name);

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex ToolName();
}
