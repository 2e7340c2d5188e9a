using System.Buffers;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>What texts turn into on their way: templates are run, references replaced, files opened.</summary>
internal static class TextChecks
{
    private static readonly SearchValues<string> Templates = SearchValues.Create(["{{", "{%", "{#"], StringComparison.Ordinal);
    private static readonly SearchValues<string> Files = SearchValues.Create(["file://", "builtin://"], StringComparison.OrdinalIgnoreCase);

    public static bool HasTemplate(string text) => text.AsSpan().ContainsAny(Templates);

    /// <summary>One that HolmesGPT would open.</summary>
    public static bool HasFile(string text) => text.AsSpan().ContainsAny(Files);

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
        foreach ((YamlEntry? field, YamlNode value) in Words.Below(node))
        {
            if (value is YamlNode.Scalar scalar && HasControlCharacter(scalar.Text))
                findings.ReportAbout(HolmesRules.ControlCharacter, scalar.Position, Words.Subject(field));
        }
    }

    private static bool HasControlCharacter(string text) => text.Any(c => char.IsControl(c) && c is not ('\n' or '\t'));

    /// <summary>Only instructions of a toolset with commands are rendered.</summary>
    private static void CheckInstructions(HolmesEntry entry, Findings findings)
    {
        if (entry.Kind != EntryKind.Commands || entry.Field("llm_instructions") is not YamlNode.Scalar { Text: var text } instructions)
            return;
        if (HasTemplate(EnvReference.WithoutAll(text)))
            findings.Report(HolmesRules.TemplateInInstructions, instructions.Position, entry.Name);
        if (HasFile(text))
            findings.Report(HolmesRules.FileInInstructions, instructions.Position, entry.Name);
    }

    private static void CheckPrompt(YamlNode.Mapping map, string field, Findings findings)
    {
        if (map[field] is YamlNode.Scalar { Text: var text } scalar && EnvReference.IsIn(text))
            findings.ReportAbout(HolmesRules.EnvInPrompt, scalar.Position, QuotedText.Of(field));
    }
}
