using System.Collections.Frozen;
using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The fields of an entry: which there are, which must be there, and what they may hold.</summary>
internal static class FieldChecks
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "enabled", "config", "description", "type", "tools", "prerequisites", "tags", "llm_instructions", "docs_url", "icon_url",
        "installation_instructions", "transformers", "additional_instructions", "subtype", "approval_required_tools", "expose_remotely", "meta");

    private static readonly FrozenSet<string> Newer =
        FrozenSet.Create(StringComparer.Ordinal, "subtype", "approval_required_tools", "expose_remotely", "meta");

    private static readonly FrozenSet<string> MakingAToolset = FrozenSet.Create(StringComparer.Ordinal, "tools", "prerequisites", "tags");

    private static readonly ImmutableArray<string> Texts = ["description", "llm_instructions", "docs_url", "icon_url", "installation_instructions", "type"];

    public static bool IsKnown(string field) => Known.Contains(field);

    public static void Check(HolmesEntry entry, Findings findings)
    {
        foreach (YamlEntry field in entry.Body.Entries)
            CheckField(entry, field, findings);
        CheckNulls(entry.Body, findings);
        CheckEnabled(entry, findings);
        CheckPresence(entry, findings);
        CheckType(entry, findings);
        CheckShapes(entry, findings);
        CheckTags(entry, findings);
        CheckPrerequisites(entry, findings);
    }

    private static void CheckField(HolmesEntry entry, YamlEntry field, Findings findings)
    {
        if (!IsKnown(field.Key) && !(field.Key == "url" && entry.Kind == EntryKind.Mcp))
            findings.Report(HolmesRules.UnknownField, field.KeyPosition, field.Key);
        if (Newer.Contains(field.Key))
            findings.Report(HolmesRules.NewerField, field.KeyPosition, field.Key);
        if (field.Key == "subtype")
            findings.Report(HolmesRules.SubtypeWithoutEffect, field.KeyPosition, field.Key);
        if (field.Key == "additional_instructions")
            findings.Report(HolmesRules.OlderField, field.KeyPosition, field.Key);
        if (entry.Kind == EntryKind.BuiltIn && MakingAToolset.Contains(field.Key))
            findings.Report(HolmesRules.BuiltInOverwritten, field.KeyPosition, field.Key);
    }

    private static void CheckNulls(YamlNode node, Findings findings)
    {
        foreach ((YamlEntry? field, YamlNode value) in Words.Below(node))
        {
            if (value is YamlNode.Scalar { IsNull: true })
                findings.ReportAbout(HolmesRules.NullValue, field?.KeyPosition ?? value.Position, Words.Subject(field));
        }
    }

    private static void CheckEnabled(HolmesEntry entry, Findings findings)
    {
        if (entry.Field("enabled") is not { } enabled)
            findings.Report(HolmesRules.EnabledMissing, entry.NamePosition, entry.Name);
        else if (Words.Flag(enabled) is null)
            findings.ReportAbout(HolmesRules.EnabledNotASwitch, enabled.Position, "enabled");
    }

    private static void CheckPresence(HolmesEntry entry, Findings findings)
    {
        // With the right name nothing is missing.
        if (entry.MeantBuiltIn is not null)
            return;
        HolmesRule missing = entry.Kind == EntryKind.Mcp ? HolmesRules.McpDescriptionMissing : HolmesRules.MissingDescription;
        if (entry.Kind != EntryKind.BuiltIn && IsEmpty(entry.Field("description")))
            findings.Report(missing, entry.NamePosition, entry.Name);
        if (IsUnmentioned(entry) && IsEmpty(entry.Field("llm_instructions")))
            findings.Report(HolmesRules.MissingInstructions, entry.NamePosition, entry.Name);
        if (entry.Kind == EntryKind.Commands && entry.Field("tools") is null or YamlNode.Sequence { Items.IsEmpty: true })
            findings.Report(HolmesRules.MissingTools, entry.NamePosition, entry.Name);
    }

    private static bool IsUnmentioned(HolmesEntry entry) =>
        entry.Kind is EntryKind.Commands or EntryKind.Typed || BuiltInToolsets.HasNoInstructions(entry.Name);

    private static bool IsEmpty(YamlNode? node) => node is null or YamlNode.Scalar { Text: "" };

    private static void CheckType(HolmesEntry entry, Findings findings)
    {
        if (entry.Field("type") is not YamlNode.Scalar type)
            return;
        if (type.Text is "http" or "database" or "mongodb")
            findings.Report(HolmesRules.NewerType, type.Position, entry.Name);
        else if (type.Text != "mcp")
            findings.Report(HolmesRules.UnknownType, type.Position, entry.Name);
    }

    private static void CheckShapes(HolmesEntry entry, Findings findings)
    {
        foreach (string name in Texts)
        {
            if (entry.Field(name) is { } field && Words.Text(field) is null)
                findings.ReportAbout(HolmesRules.FieldNotAText, field.Position, name);
        }

        if (entry.Field("config") is { } config and not YamlNode.Mapping)
            findings.ReportAbout(HolmesRules.ConfigNotAMap, config.Position, "config");
        List(entry, "tools", HolmesRules.ToolsNotAList, findings);
    }

    private static void CheckTags(HolmesEntry entry, Findings findings)
    {
        if (List(entry, "tags", HolmesRules.TagsNotAList, findings) is not { } list)
            return;
        if (list.Items.Any(t => Words.Text(t) is not ("core" or "cluster" or "cli")))
            findings.Report(HolmesRules.UnknownTag, list.Position, entry.Name);
        else if (!list.Items.IsEmpty && list.Items.All(t => Words.Text(t) == "cli"))
            findings.Report(HolmesRules.CliTag, list.Position, entry.Name);
    }

    private static void CheckPrerequisites(HolmesEntry entry, Findings findings)
    {
        YamlNode.Sequence? list = List(entry, "prerequisites", HolmesRules.PrerequisitesNotAList, findings);
        foreach (YamlNode item in (list?.Items ?? []).Where(i => !IsPrerequisite(i)))
            findings.ReportAbout(HolmesRules.PrerequisiteUnknown, item.Position, $"a prerequisite of {QuotedText.Of(entry.Name)}");
    }

    /// <summary>Null where the field is not there, or is no list, which is reported.</summary>
    private static YamlNode.Sequence? List(HolmesEntry entry, string field, HolmesRule otherwise, Findings findings)
    {
        if (entry.Field(field) is { } node and not YamlNode.Sequence)
            findings.ReportAbout(otherwise, node.Position, field);
        return entry.Field(field) as YamlNode.Sequence;
    }

    private static bool IsPrerequisite(YamlNode item) => item is YamlNode.Mapping map
        && (Words.Text(map["command"]) is not null || map["env"] is YamlNode.Sequence || Words.Flag(map["enabled"]) is not null);
}
