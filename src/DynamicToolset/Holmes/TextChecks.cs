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
        foreach ((YamlEntry? field, YamlNode value) in Tree.Below(node))
        {
            if (value is YamlNode.Scalar { IsNull: true })
                findings.ReportAbout(HolmesRules.NullValue, field?.KeyPosition ?? value.Position, Tree.Subject(field));
            else if (value is YamlNode.Scalar scalar && HasControlCharacter(scalar.Text))
                findings.ReportAbout(HolmesRules.ControlCharacter, scalar.Position, Tree.Subject(field));
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
        if (IsBroken(text))
            findings.Report(HolmesRules.BrokenTemplate, instructions.Position, entry.Name);
        if (text.StartsWith("file://", StringComparison.Ordinal) || text.StartsWith("builtin://", StringComparison.Ordinal))
            findings.Report(HolmesRules.FileInInstructions, instructions.Position, entry.Name);
    }

    /// <summary>What opens in a template has its end, and words between; blocks of statements have theirs.</summary>
    private static bool IsBroken(string text)
    {
        int blocks = 0;
        for (int at = 0; text.AsSpan(at).IndexOfAny(Templates) is >= 0 and var next;)
        {
            at += next + 2;
            char kind = text[at - 1];
            int end = text.IndexOf(kind == '{' ? "}}" : $"{kind}}}", at, StringComparison.Ordinal);
            if (end < 0)
                return true;
            string words = text[at..end].Trim('-', '+', ' ', '\t', '\n');
            blocks += kind == '%' ? Statement(words) : 0;
            if ((kind == '{' && words.Length == 0) || blocks < 0)
                return true;
            at = end + 2;
        }

        return blocks != 0;
    }

    /// <summary>1 for one that opens a block, -1 for one that ends one, far below for one that Jinja does not know.</summary>
    private static int Statement(string words) => words.Split(' ')[0] switch
    {
        "if" or "for" or "block" or "filter" or "macro" or "call" or "with" or "raw" or "autoescape" => 1,
        "endif" or "endfor" or "endblock" or "endfilter" or "endmacro" or "endcall" or "endwith" or "endraw" or "endautoescape" => -1,
        "else" or "elif" or "set" or "include" or "import" or "from" or "extends" or "do" => 0,
        _ => short.MinValue,
    };

    private static void CheckPrompt(YamlNode.Mapping map, string field, Findings findings)
    {
        if (map[field] is YamlNode.Scalar { Text: var text } scalar && EnvReference.IsIn(text))
            findings.ReportAbout(HolmesRules.EnvInPrompt, scalar.Position, QuotedText.Of(field));
    }
}
