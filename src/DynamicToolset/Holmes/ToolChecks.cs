using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The tools of an entry: what the model is shown and what runs when it calls one.</summary>
internal static partial class ToolChecks
{
    public static void Check(HolmesEntry entry, Findings findings)
    {
        foreach (YamlNode.Mapping tool in Items(entry.Field("tools")).OfType<YamlNode.Mapping>())
            CheckTool(tool, findings);
        foreach (YamlNode.Mapping prerequisite in Items(entry.Field("prerequisites")).OfType<YamlNode.Mapping>())
            CommandChecks.Check(prerequisite["command"], "a prerequisite", findings);
        // The loader makes the name of the one tool out of the toolset's.
        if (entry.Kind == EntryKind.Typed && entry.Type == "http" && !ToolName().IsMatch(entry.Name.Replace('/', '_').Replace('-', '_') + "_request"))
            findings.Report(HolmesRules.ToolName, entry.NamePosition, entry.Name);
    }

    public static void CheckNamesDiffer(IEnumerable<HolmesEntry> entries, Findings findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (YamlNode.Mapping tool in entries.SelectMany(e => Items(e.Field("tools"))).OfType<YamlNode.Mapping>())
        {
            if (NameOf(tool) is { } name && !seen.Add(name.Text))
                findings.Report(HolmesRules.ToolNameTwice, name.Position, name.Text);
        }
    }

    private static void CheckTool(YamlNode.Mapping tool, Findings findings)
    {
        foreach (YamlEntry field in tool.Entries.Where(e => !EntryForms.IsKnownOfATool(e.Key)))
            findings.Report(HolmesRules.ToolUnknownField, field.KeyPosition, field.Key);
        if (NameOf(tool) is { } named && !ToolName().IsMatch(named.Text))
            findings.Report(HolmesRules.ToolName, named.Position, named.Text);
        string subject = NameOf(tool) is { } name ? QuotedText.Of(name.Text) : "a tool";
        CommandChecks.Check(tool["command"], subject, findings);
        CommandChecks.Check(tool["script"], subject, findings);
    }

    private static YamlNode.Scalar? NameOf(YamlNode.Mapping tool) => PythonScalar.IsText(tool["name"]) ? (YamlNode.Scalar)tool["name"]! : null;

    private static ImmutableArray<YamlNode> Items(YamlNode? node) => (node as YamlNode.Sequence)?.Items ?? [];

    /// <summary>The names that the language models' APIs take for functions.</summary>
    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex ToolName();
}
