using System.Buffers;
using System.Text.RegularExpressions;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>What texts turn into on their way: templates are run, references replaced, files opened.</summary>
internal static partial class TextChecks
{
    private static readonly SearchValues<string> Templates = SearchValues.Create(["{{", "{%", "{#"], StringComparison.Ordinal);
    private static readonly SearchValues<string> Files = SearchValues.Create(["file://", "builtin://"], StringComparison.OrdinalIgnoreCase);

    public static bool HasTemplate(string text) => text.AsSpan().ContainsAny(Templates);

    /// <summary>One that HolmesGPT would open.</summary>
    public static bool HasFile(string text) => text.AsSpan().ContainsAny(Files);

    public static void Check(HolmesEntry entry, Findings findings)
    {
        CheckValues(entry.Body, findings);
        CheckInstructions(entry, findings);
        CheckPrompt(entry.Body, "description", findings);
        CheckPrompt(entry.Body, "llm_instructions", findings);
        foreach (YamlNode.Mapping tool in ((entry.Field("tools") as YamlNode.Sequence)?.Items ?? []).OfType<YamlNode.Mapping>())
        {
            CheckPrompt(tool, "description", findings);
            CheckPrompt(tool, "user_description", findings);
        }
    }

    private static void CheckValues(YamlNode node, Findings findings)
    {
        foreach (TreeNode below in Tree.Below(node))
        {
            if (below.Value is YamlNode.Scalar { IsNull: true })
                findings.ReportAbout(HolmesRules.NullValue, below.Field?.KeyPosition ?? below.Value.Position, below.Subject);
            else if (below.Value is YamlNode.Scalar scalar && HasControlCharacter(scalar.Text))
                findings.ReportAbout(HolmesRules.ControlCharacter, scalar.Position, below.Subject);
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
        if (!WholeTemplate().IsMatch(text))
            findings.Report(HolmesRules.BrokenTemplate, instructions.Position, entry.Name);
        if (text.StartsWith("file://", StringComparison.Ordinal) || text.StartsWith("builtin://", StringComparison.Ordinal))
            findings.Report(HolmesRules.FileInInstructions, instructions.Position, entry.Name);
    }

    private static void CheckPrompt(YamlNode.Mapping map, string field, Findings findings)
    {
        if (map[field] is YamlNode.Scalar { Text: var text } scalar && EnvReference.IsIn(text))
            findings.ReportAbout(HolmesRules.EnvInPrompt, scalar.Position, QuotedText.Of(field));
    }

    /// <summary>Text and marks of Jinja: each mark has its end, an expression has words, a statement is known, and what opens a block is closed.</summary>
    [GeneratedRegex(
        """
        \A(?>
          [^{]+ | \{(?![{%\#]) | \{\#.*?\#\} | \{\{[-+\s]*[^-+\s}].*?\}\}
          | (?<block>\{%[-+\s]*(?:if|for|block|filter|macro|call|with|raw|autoescape)\b.*?%\})
          | (?<-block>\{%[-+\s]*end[a-z]+\b.*?%\})
          | \{%[-+\s]*(?:else|elif|set|include|import|from|extends|do)\b.*?%\}
        )*(?(block)(?!))\z
        """,
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace, PatternTimeout.None)]
    private static partial Regex WholeTemplate();
}
