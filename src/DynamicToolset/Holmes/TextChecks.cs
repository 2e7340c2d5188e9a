using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>What texts turn into on their way: templates are run, references replaced, files opened.</summary>
internal static class TextChecks
{
    public static void Check(HolmesEntry entry, Findings findings)
    {
        CheckControlCharacters(entry.Body, findings);
        CheckInstructions(entry, findings);
        CheckPrompt(entry.Body, "description", findings);
        CheckPrompt(entry.Body, "llm_instructions", findings);
        foreach (YamlNode.Mapping tool in ((entry.Field("tools") as YamlNode.Sequence)?.Items ?? []).OfType<YamlNode.Mapping>())
        {
            CheckPrompt(tool, "description", findings);
            CheckPrompt(tool, "user_description", findings);
        }
    }

    private static void CheckControlCharacters(YamlNode node, Findings findings)
    {
        foreach (YamlEntry field in (node as YamlNode.Mapping)?.Entries ?? [])
        {
            if (field.Value is YamlNode.Scalar scalar && HasControlCharacter(scalar.Text))
                findings.Report(HolmesRules.ControlCharacter, scalar.Position, field.Key);
            CheckControlCharacters(field.Value, findings);
        }

        foreach (YamlNode item in (node as YamlNode.Sequence)?.Items ?? [])
        {
            if (item is YamlNode.Scalar scalar && HasControlCharacter(scalar.Text))
                findings.ReportAbout(HolmesRules.ControlCharacter, item.Position, "an item of a list");
            CheckControlCharacters(item, findings);
        }
    }

    private static bool HasControlCharacter(string text) => text.Any(c => char.IsControl(c) && c is not ('\n' or '\t'));

    /// <summary>Only instructions of a toolset with commands are rendered.</summary>
    private static void CheckInstructions(HolmesEntry entry, Findings findings)
    {
        if (entry.Kind != EntryKind.Commands || entry.Field("llm_instructions") is not YamlNode.Scalar { Text: var text } instructions)
            return;
        string rest = EnvReference.WithoutAll(text);
        if (ContainsAny(rest, "{{", "{%", "{#"))
            findings.Report(HolmesRules.TemplateInInstructions, instructions.Position, entry.Name);
        if (ContainsAny(text, "file://", "builtin://"))
            findings.Report(HolmesRules.FileInInstructions, instructions.Position, entry.Name);
    }

    private static void CheckPrompt(YamlNode.Mapping map, string field, Findings findings)
    {
        if (map[field] is YamlNode.Scalar { Text: var text } scalar && EnvReference.IsIn(text))
            findings.ReportAbout(HolmesRules.EnvInPrompt, scalar.Position, QuotedText.Of(field));
    }

    private static bool ContainsAny(string text, params ReadOnlySpan<string> marks)
    {
        foreach (string mark in marks)
        {
            if (text.Contains(mark, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
