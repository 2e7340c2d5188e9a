using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Messages;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>Reads rule files: strictly, with the position of every problem, and without any text that could make it slow.</summary>
public sealed class RuleParser
{
    public const string ApiVersion = "toolset.kubernaut.io/v1alpha1";

    public const string Kind = "DetectorRule";

    /// <summary>In UTF-16 code units.</summary>
    private const int LongestFile = 256 * 1024;

    private const int MostRules = 1000;

    /// <summary>Of one file: who has mended these may ask again.</summary>
    private const int MostProblems = 100;

    private readonly string _file;
    private readonly NodeCounter _nodes;
    private readonly NodeCounter _expressions;
    private readonly List<RuleProblem> _problems = [];

    private RuleParser(string file, NodeCounter nodes, NodeCounter expressions)
    {
        _file = file;
        _nodes = nodes;
        _expressions = expressions;
    }

    /// <summary>In all files of a set together: a thousand small rules have 40,000.</summary>
    public static Bound Nodes { get; } = YamlReader.Bounded("all detector rules", 50_000);

    /// <summary>Each takes milliseconds to compile, and a MiB while it is used.</summary>
    public static Bound Expressions { get; } = new("all detector rules", 100, "regular expressions", "the text is refused, with the place");

    public static RuleReading ReadAll(IEnumerable<RuleFile> files)
    {
        var nodes = new NodeCounter(Nodes);
        var expressions = new NodeCounter(Expressions);
        var rules = ImmutableArray.CreateBuilder<ParsedRule>();
        var problems = new List<RuleProblem>();
        foreach (RuleFile file in files.TakeWhile(_ => !nodes.IsExceeded && !expressions.IsExceeded))
        {
            RuleReading reading = Read(file, nodes, expressions);
            rules.AddRange(reading.Rules);
            problems.AddRange(reading.Problems);
        }

        problems.AddRange(rules
            .GroupBy(r => r.Rule.Name)
            .SelectMany(same => same.Skip(1).Select(r => r.Problem($"a second rule with this name: the first is in {same.First().File}"))));
        if (rules.Count > MostRules)
            problems.Add(rules[MostRules].Problem($"more than {MostRules} rules"));
        return RuleReading.Of(rules.ToImmutable(), problems);
    }

    public static RuleReading Read(RuleFile file) => Read(file, new NodeCounter(Nodes), new NodeCounter(Expressions));

    private static RuleReading Read(RuleFile file, NodeCounter nodes, NodeCounter expressions)
    {
        var parser = new RuleParser(file.Name, nodes, expressions);
        IEnumerable<YamlNode> documents = parser.Documents(file.Text).TakeWhile(parser.HasFewExpressions);
        return RuleReading.Of([.. documents.Select(parser.ReadRule).OfType<ParsedRule>()], parser._problems);
    }

    private ImmutableArray<YamlNode> Documents(string text)
    {
        if (text.Length > LongestFile)
        {
            Report(new YamlPosition(1, 1), $"the file has more than {LongestFile / 1024} Ki characters");
            return [];
        }

        YamlReading reading = YamlReader.Read(text, _nodes);
        if (reading.Problem is { } problem)
            Report(problem.Position, problem.Message);
        return reading.Documents;
    }

    /// <summary>Before any is compiled: ten thousand would take minutes.</summary>
    private bool HasFewExpressions(YamlNode document)
    {
        try
        {
            foreach (YamlNode expression in ConditionGrammar.ExpressionsIn(document))
                _expressions.Add(expression.Position);
            return true;
        }
        catch (YamlProblemException e)
        {
            Report(e.Problem.Position, e.Problem.Message);
            return false;
        }
    }

    private ParsedRule? ReadRule(YamlNode document)
    {
        if (IsOfOthers(document as YamlNode.Mapping, out YamlNode.Scalar? kind))
        {
            Report(kind.Position, $"this is an object of kind {QuotedText.Of(kind.Text)}, not a {Kind}");
            return null;
        }

        return RuleGrammar.Document.TryRead(document, "a rule", Report, out var read)
            ? new ParsedRule(read.Rule, _file, read.Place, Verbatim(document))
            : null;
    }

    /// <summary>Both are other than ours: what its fields should be is none of our business. One alone is a slip.</summary>
    private static bool IsOfOthers(YamlNode.Mapping? map, [NotNullWhen(true)] out YamlNode.Scalar? kind)
    {
        kind = map?["kind"] as YamlNode.Scalar;
        return kind is not null && kind.Text != Kind && map!["apiVersion"] is YamlNode.Scalar version && version.Text != ApiVersion;
    }

    /// <summary>Texts exactly as written: <c>yes</c> and <c>true</c> are the same in a configuration, but differ in a condition.</summary>
    private static ToolsetValue Verbatim(YamlNode node) => node switch
    {
        YamlNode.Mapping map => new ToolsetValue.Map([.. map.Entries.Select(e => KeyValuePair.Create(e.Key, Verbatim(e.Value)))]),
        YamlNode.Sequence list => new ToolsetValue.List([.. list.Items.Select(Verbatim)]),
        YamlNode.Scalar scalar => new ToolsetValue.Text(scalar.IsPlain ? scalar.Text : $"\"{scalar.Text}\""),
        _ => throw new UnreachableException(),
    };

    private void Report(YamlPosition position, string message)
    {
        if (_problems.Count < MostProblems)
            _problems.Add(new RuleProblem(_file, position, message));
    }
}
