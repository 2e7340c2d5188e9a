using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>Says what HolmesGPT would not take, or not take as it is meant, in a file that it is to load.</summary>
public static class HolmesLinter
{
    private static readonly YamlPosition Start = new(1, 1);

    /// <summary>The keys that HolmesGPT reads at the top level.</summary>
    public static ImmutableArray<string> Sections { get; } = ["toolsets", "mcp_servers"];

    /// <summary>More than a file of a full ConfigMap comes to.</summary>
    public static Bound Nodes { get; } = YamlReader.Bounded("a file for HolmesGPT", 100_000);

    /// <param name="text">What <c>CUSTOM_TOOLSET_LOCATION</c> points to.</param>
    /// <param name="baseToolsets">Names that the file must switch on.</param>
    /// <returns>In the order of the text; empty where HolmesGPT takes the file as it is.</returns>
    public static ImmutableArray<HolmesProblem> Lint(string text, HolmesTarget target, ImmutableArray<string> baseToolsets)
    {
        var findings = new Findings(target);
        YamlReading reading = YamlReader.Read(text, Nodes);
        if (reading.Problem is { } problem)
            CheckReadable(problem, findings);
        else
            CheckDocuments(text, reading.Documents, baseToolsets, findings);
        return findings.InOrder();
    }

    private static void CheckReadable(YamlProblem problem, Findings findings) => findings.ReportAbout(
        problem.IsReadElsewhere ? HolmesRules.NotPlainYaml : HolmesRules.Syntax,
        problem.Position,
        $"the text ({problem.Message})");

    private static void CheckDocuments(
        string text, ImmutableArray<YamlNode> documents, ImmutableArray<string> baseToolsets, Findings findings)
    {
        if (documents.IsEmpty)
        {
            findings.ReportAbout(HolmesRules.EmptyFile, Start, "the file");
            return;
        }

        if (SecondDocument(text) is { } second)
            findings.ReportAbout(HolmesRules.SeveralDocuments, second, "the file");
        CheckDocument(documents[0], baseToolsets, findings);
    }

    /// <summary>Found by its marker, which nothing else may look like at the start of a line: an empty document counts as well.</summary>
    private static YamlPosition? SecondDocument(string text)
    {
        bool hasBegun = false;
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            number++;
            bool isMarker = line.StartsWith("---") && (line.Length == 3 || char.IsWhiteSpace(line[3]));
            if (isMarker && hasBegun)
                return new YamlPosition(number, 1);
            hasBegun |= isMarker || !(line.IsWhiteSpace() || line.TrimStart()[0] == '#' || line[0] == '%');
        }

        return null;
    }

    private static void CheckDocument(YamlNode document, ImmutableArray<string> baseToolsets, Findings findings)
    {
        if (document is not YamlNode.Mapping file)
        {
            findings.ReportAbout(HolmesRules.FileNotAMap, document.Position, "the file");
            return;
        }

        CheckKeys(file, findings);
        if (file["toolset"] is not null && file["toolsets"] is null)
        {
            findings.ReportAbout(HolmesRules.ForeignFormat, file.Position, "the file");
            return;
        }

        CheckSections(file, findings);
        ImmutableArray<HolmesEntry> entries = [.. Sections.SelectMany(s => Entries(file, s, findings))];
        foreach (HolmesEntry entry in entries)
            CheckEntry(entry, findings);
        ToolChecks.CheckNamesDiffer(entries, findings);
        if (HasEntries(file))
            CheckBaseToolsets(file, entries, baseToolsets, findings);
    }

    /// <summary>At any depth: the loader takes a dot in a key for a path, wherever the key stands.</summary>
    private static void CheckKeys(YamlNode node, Findings findings)
    {
        foreach (YamlEntry entry in Words.Below(node).Select(n => n.Field).OfType<YamlEntry>().Where(e => e.Key.Contains('.')))
            findings.Report(HolmesRules.DottedKey, entry.KeyPosition, entry.Key);
    }

    private static void CheckSections(YamlNode.Mapping file, Findings findings)
    {
        foreach (YamlEntry section in file.Entries.Where(e => !Sections.Contains(e.Key)))
        {
            if (!section.Key.StartsWith("x-", StringComparison.Ordinal))
                findings.Report(HolmesRules.UnknownSection, section.KeyPosition, section.Key);
        }

        foreach (YamlEntry section in file.Entries.Where(e => Sections.Contains(e.Key)))
        {
            if (section.Value is YamlNode.Scalar { IsNull: true })
                findings.Report(HolmesRules.NullSection, section.KeyPosition, section.Key);
            else if (section.Value is not YamlNode.Mapping)
                findings.Report(HolmesRules.SectionNotAMap, section.KeyPosition, section.Key);
        }

        if (!HasEntries(file) && !findings.Any)
            findings.ReportAbout(HolmesRules.NoToolsets, file.Position, "the file");
    }

    private static bool HasEntries(YamlNode.Mapping file) => Sections.Any(s => file[s] is YamlNode.Mapping { Entries.IsEmpty: false });

    private static List<HolmesEntry> Entries(YamlNode.Mapping file, string section, Findings findings)
    {
        var entries = new List<HolmesEntry>();
        foreach (YamlEntry entry in (file[section] as YamlNode.Mapping)?.Entries ?? [])
        {
            if (entry.Value is YamlNode.Mapping body)
                entries.Add(HolmesEntry.Of(entry, body, section == "mcp_servers"));
            else if (entry.Value is YamlNode.Scalar { IsNull: true })
                findings.Report(HolmesRules.NullEntry, entry.KeyPosition, entry.Key);
            else
                findings.Report(HolmesRules.EntryNotAMap, entry.KeyPosition, entry.Key);
        }

        return entries;
    }

    private static void CheckEntry(HolmesEntry entry, Findings findings)
    {
        NameChecks.Check(entry, findings);
        FieldChecks.Check(entry, findings);
        ToolChecks.Check(entry, findings);
        TextChecks.Check(entry, findings);
        if (entry.Kind == EntryKind.Mcp)
            McpChecks.Check(entry, findings);
        else
            ConfigChecks.Check(entry, findings);
    }

    private static void CheckBaseToolsets(
        YamlNode.Mapping file, ImmutableArray<HolmesEntry> entries, ImmutableArray<string> baseToolsets, Findings findings)
    {
        foreach (string name in baseToolsets)
        {
            if (!entries.Any(e => e.Name == name && e.Kind == EntryKind.BuiltIn && Words.Flag(e.Field("enabled")) != false))
                findings.Report(HolmesRules.BaseToolsetMissing, file.Position, name);
        }
    }
}
