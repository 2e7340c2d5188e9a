using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>Says what HolmesGPT would not take, or not take as it is meant, in a file that it is to load.</summary>
public static class HolmesLinter
{
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
        PythonReading reading = PythonYaml.Read(text, Nodes);
        if (reading.Problem is { } problem)
            findings.ReportAbout(HolmesRules.Syntax, problem.Position, $"the text ({problem.Message}{TemplateHint(text, problem)})");
        if (reading.Second is { } second)
            findings.ReportAbout(HolmesRules.SeveralDocuments, second, "the file");
        foreach (YamlEntry repeated in reading.Repeated)
            findings.Report(HolmesRules.KeyTwice, repeated.KeyPosition, repeated.Key);
        if (reading.Document is YamlNode.Mapping file)
            CheckFile(file, target, baseToolsets, findings);
        else if (reading.Problem is null)
            findings.ReportAbout(reading.Document is null ? HolmesRules.EmptyFile : HolmesRules.FileNotAMap, reading.Document?.Position ?? new YamlPosition(1, 1), "the file");
        return findings.InOrder();
    }

    /// <summary>A reference to the environment is no template that anybody renders.</summary>
    private static string TemplateHint(string text, YamlProblem problem) => YamlTemplate.HintAt(EnvReference.WithoutAll(text), problem.Position);

    /// <returns>How many entries a text has; 0 where it is none that HolmesGPT reads.</returns>
    public static int CountEntries(string text) =>
        PythonYaml.Read(text, Nodes).Document is YamlNode.Mapping file ? Sections.Sum(s => EntriesOf(file, s).Length) : 0;

    private static void CheckFile(YamlNode.Mapping file, HolmesTarget target, ImmutableArray<string> baseToolsets, Findings findings)
    {
        CheckKeys(file, findings);
        CheckSections(file, findings);
        foreach (HolmesRelease release in target == HolmesTarget.Compat ? Enum.GetValues<HolmesRelease>() : [HolmesRelease.Newer])
            CheckEntries(file, release, findings);
        CheckBaseToolsets(file, baseToolsets, findings);
    }

    /// <summary>At any depth: the loader reads a dot in a key as a path, wherever the key is.</summary>
    private static void CheckKeys(YamlNode.Mapping file, Findings findings)
    {
        foreach (YamlEntry entry in Tree.Below(file).Select(n => n.Field).OfType<YamlEntry>().Where(e => e.Key.Contains('.') && e.KeyKind == PythonKind.Text))
            findings.Report(HolmesRules.DottedKey, entry.KeyPosition, entry.Key);
    }

    private static void CheckSections(YamlNode.Mapping file, Findings findings)
    {
        foreach (YamlEntry section in file.Entries)
        {
            if (!Sections.Contains(section.Key) && !section.Key.StartsWith("x-", StringComparison.Ordinal))
                findings.Report(HolmesRules.UnknownSection, section.KeyPosition, section.Key);
            else if (Sections.Contains(section.Key) && section.Value is not YamlNode.Mapping)
                findings.Report(HolmesRules.SectionNotAMap, section.KeyPosition, section.Key);
        }

        foreach (YamlEntry entry in Sections.SelectMany(s => EntriesOf(file, s)))
        {
            if (entry.Value is not YamlNode.Mapping)
                findings.Report(HolmesRules.EntryNotAMap, entry.KeyPosition, entry.Key);
            if (entry.KeyKind != PythonKind.Text)
                findings.Report(HolmesRules.NameNotAText, entry.KeyPosition, entry.Key);
        }

        if (!findings.Any && Sections.All(s => EntriesOf(file, s).IsEmpty))
            findings.ReportAbout(HolmesRules.NoToolsets, file.Position, "the file");
    }

    private static ImmutableArray<YamlEntry> EntriesOf(YamlNode.Mapping file, string section) => (file[section] as YamlNode.Mapping)?.Entries ?? [];

    private static void CheckEntries(YamlNode.Mapping file, HolmesRelease release, Findings findings)
    {
        HashSet<string> servers = [.. EntriesOf(file, "mcp_servers").Select(e => e.Key)];
        var entries = new List<HolmesEntry>();
        foreach ((string section, YamlEntry entry) in Sections.SelectMany(s => EntriesOf(file, s).Select(e => (s, e))))
        {
            bool isServer = section == "mcp_servers";
            if (!isServer && servers.Contains(entry.Key))
                findings.Report(HolmesRules.NameTwice, entry.KeyPosition, entry.Key);
            else if (entry.Value is YamlNode.Mapping body)
                entries.Add(HolmesEntry.Of(entry, body, isServer, release));
        }

        foreach (HolmesEntry entry in entries)
            EntryChecks.Check(entry, findings);
        ToolChecks.CheckNamesDiffer(entries, findings);
    }

    private static void CheckBaseToolsets(YamlNode.Mapping file, ImmutableArray<string> baseToolsets, Findings findings)
    {
        foreach (string name in Sections.Any(s => !EntriesOf(file, s).IsEmpty) ? baseToolsets : [])
        {
            if (!EntriesOf(file, "toolsets").Any(e => e.Key == name && e.Value is YamlNode.Mapping body && PythonScalar.Flag(body["enabled"]) != false))
                findings.Report(HolmesRules.BaseToolsetMissing, file.Position, name);
        }
    }
}
