using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Holmes;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Yaml;

namespace DynamicToolset.Validation;

/// <summary>Files that an admin writes, checked before the service reads them.</summary>
/// <param name="Problems">All of them; those of rules that contradict the built-in ones may be told of a built-in file.</param>
public sealed record FileCheck(ImmutableArray<CheckedFile> Files, ImmutableArray<RuleProblem> Problems)
{
    /// <summary>What is taken, and surely was not meant.</summary>
    public ImmutableArray<RuleProblem> Warnings { get; init; } = [];

    /// <summary>Rules are checked together, and with the built-in ones, as the service puts them together.</summary>
    public static FileCheck Of(ImmutableArray<RuleFile> files)
    {
        ImmutableArray<(RuleFile File, FileKind Kind)> kinds = [.. files.Select(f => (f, KindOf(f)))];
        ImmutableArray<RuleFile> rules = [.. kinds.Where(f => f.Kind == FileKind.DetectorRules).Select(f => f.File)];
        ImmutableArray<RuleProblem> problems =
        [
            .. kinds.Where(f => f.Kind != FileKind.DetectorRules).SelectMany(f => ProblemsWithOverrides(f.File)),
            .. BuiltInRules.With(rules).Problems,
        ];
        ImmutableHashSet<string> invalid = [.. problems.Select(p => p.File)];
        RuleSet inForce = BuiltInRules.With(rules).RuleSet ?? BuiltInRules.All;
        return new FileCheck([.. kinds.Select(f => Checked(f.File, f.Kind, !invalid.Contains(f.File.Name)))], problems)
        {
            Warnings = [.. kinds.Where(f => f.Kind == FileKind.Overrides && !invalid.Contains(f.File.Name)).SelectMany(f => WarningsOf(f.File, inForce))],
        };
    }

    /// <summary>Each file on its own, as HolmesGPT would load it.</summary>
    public static FileCheck OfHolmes(ImmutableArray<RuleFile> files, HolmesTarget target, ImmutableArray<string> baseToolsets)
    {
        ImmutableArray<(RuleFile File, ImmutableArray<HolmesProblem> Problems)> checks =
            [.. files.Select(f => (f, HolmesLinter.Lint(f.Text, target, baseToolsets)))];
        ILookup<bool, RuleProblem> told = checks
            .SelectMany(c => c.Problems, (c, p) => (p.IsWarning, Problem: new RuleProblem(c.File.Name, p.Position, p.Message)))
            .ToLookup(p => p.IsWarning, p => p.Problem);
        return new FileCheck(
            [.. checks.Select(c => HolmesFile(c.File, isValid: c.Problems.All(p => p.IsWarning)))],
            [.. told[false]])
        {
            Warnings = [.. files.Select(ProblemWithName).OfType<RuleProblem>(), .. told[true]],
        };
    }

    private static CheckedFile HolmesFile(RuleFile file, bool isValid) =>
        new(file.Name, FileKind.HolmesToolsets, HolmesLinter.CountEntries(file.Text), isValid);

    private static RuleProblem? ProblemWithName(RuleFile file) => Path.GetExtension(file.Name) is "" or ".yaml" or ".yml"
        ? null
        : new RuleProblem(file.Name, new YamlPosition(1, 1), "HolmesGPT does not read a file of this name: the file of CUSTOM_TOOLSET_LOCATION must end in .yaml or .yml");

    /// <summary>
    /// The keys of overrides are names of toolsets with a map behind each. A text behind <c>kind</c> or <c>apiVersion</c> is meant as an object
    /// of Kubernetes, and so is what has its two halves, but for a ConfigMap with overrides.
    /// A file that is called as the admin's key is taken for nothing else: what it says here is
    /// what the service would say.
    /// </summary>
    private static FileKind KindOf(RuleFile file)
    {
        YamlReading reading = YamlReader.Read(file.Text, RuleParser.Nodes);
        if (reading.Problem is not null)
            return FileKind.Unknown;
        if (file.Name == ToolsetKey.Overrides || file.Name.EndsWith("/" + ToolsetKey.Overrides, StringComparison.Ordinal))
            return FileKind.Overrides;
        return reading.Documents.OfType<YamlNode.Mapping>().Any(IsObject) ? FileKind.DetectorRules : FileKind.Overrides;
    }

    private static bool IsObject(YamlNode.Mapping map) => (map["data"] as YamlNode.Mapping)?[ToolsetKey.Overrides] is null
        && (map["kind"] is YamlNode.Scalar || map["apiVersion"] is YamlNode.Scalar || (map["metadata"] is not null && map["spec"] is not null));

    private static IEnumerable<RuleProblem> ProblemsWithOverrides(RuleFile file)
    {
        OverrideSet read = OverrideParser.Parse(file.Text);
        if (read.Problem is not null)
            return read.Problems.Select(p => new RuleProblem(file.Name, p.Position, p.Message));
        int size = Encoding.UTF8.GetByteCount(file.Text);
        return size <= ConfigMapPlanner.LargestSize
            ? []
            : [new RuleProblem(file.Name, new YamlPosition(1, 1), $"the text has {size} bytes, but the whole ConfigMap may have only {ConfigMapPlanner.LargestSize}")];
    }

    private static IEnumerable<RuleProblem> WarningsOf(RuleFile file, RuleSet rules) => YamlReader.Read(file.Text).Documents is [YamlNode.Mapping root]
        ? OverrideHints.In(root, OverrideParser.Parse(file.Text), rules).Select(w => new RuleProblem(file.Name, w.Position, w.Message))
        : [];

    private static CheckedFile Checked(RuleFile file, FileKind kind, bool isValid)
    {
        if (!isValid)
            return new CheckedFile(file.Name, kind, 0, IsValid: false);
        int entries = kind == FileKind.DetectorRules ? RuleParser.Read(file).Rules.Length : OverrideParser.Parse(file.Text).Entries.Count;
        return new CheckedFile(file.Name, kind, entries, IsValid: true);
    }
}
