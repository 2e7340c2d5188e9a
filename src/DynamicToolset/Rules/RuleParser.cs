using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
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

    private readonly string _file;
    private readonly NodeCounter _nodes;
    private readonly List<RuleProblem> _problems = [];
    private readonly ConditionReader _conditions;

    private RuleParser(string file, NodeCounter nodes)
    {
        _file = file;
        _nodes = nodes;
        _conditions = new ConditionReader(Report);
    }

    /// <summary>In all files of a set together: the rules of the six built-in kinds have 1,500.</summary>
    public static Bound Nodes { get; } = YamlReader.Bounded("all detector rules", 50_000);

    public static RuleReading ReadAll(IEnumerable<RuleFile> files)
    {
        var nodes = new NodeCounter(Nodes);
        var rules = ImmutableArray.CreateBuilder<ParsedRule>();
        var problems = new List<RuleProblem>();
        foreach (RuleFile file in files)
        {
            RuleReading reading = Read(file, nodes);
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

    public static RuleReading Read(RuleFile file) => Read(file, new NodeCounter(Nodes));

    private static RuleReading Read(RuleFile file, NodeCounter nodes)
    {
        var parser = new RuleParser(file.Name, nodes);
        return RuleReading.Of([.. parser.Documents(file.Text).Select(parser.ReadRule).OfType<ParsedRule>()], parser._problems);
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

    private ParsedRule? ReadRule(YamlNode document)
    {
        if (document is not YamlNode.Mapping map)
        {
            Report(document.Position, "a rule must be a map with apiVersion, kind, metadata and spec");
            return null;
        }

        if (IsOfOthers(map, out YamlNode.Scalar? kind))
        {
            Report(kind.Position, $"this is no {Kind} but an object of kind {QuotedText.Of(kind.Text)}");
            return null;
        }

        var fields = new FieldReader(map, Report);
        RequireConstant(fields, "apiVersion", ApiVersion);
        RequireConstant(fields, "kind", Kind);
        YamlNode? metadata = fields.Required("metadata");
        YamlNode? spec = fields.Required("spec");
        fields.Done();
        if (metadata is null || spec is null || fields.Map(metadata, "\"metadata\"") is not { } names || fields.Map(spec, "\"spec\"") is not { } body)
            return null;
        string name = Name(names, "name") ?? "";
        YamlPosition position = names.Node("name")?.Position ?? names.Position;
        // Tools write these beside the name; they decide nothing.
        names.Node("labels");
        names.Node("annotations");
        names.Done();
        return new ParsedRule(ReadSpec(name, body), _file, position, Verbatim(document));
    }

    /// <summary>Both are other than ours: what its fields should be is none of our business. One alone is a slip.</summary>
    private static bool IsOfOthers(YamlNode.Mapping map, [NotNullWhen(true)] out YamlNode.Scalar? kind)
    {
        kind = map["kind"] as YamlNode.Scalar;
        return kind is not null && kind.Text != Kind && map["apiVersion"] is YamlNode.Scalar version && version.Text != ApiVersion;
    }

    private DetectorRule ReadSpec(string name, FieldReader spec)
    {
        bool isEnabled = spec.Flag("enabled", absent: true);
        string type = spec.Node("type") is null ? name : Name(spec, "type") ?? name;
        var rule = new DetectorRule(
            name,
            type,
            spec.Integer("priority", 0, DetectorRule.HighestPriority) ?? DetectorRule.DefaultPriority,
            isEnabled,
            spec.Flag("compatible", absent: false),
            Match(spec, isEnabled),
            [.. spec.Items("exclude").Select(e => _conditions.Read(e))],
            Ports(spec, isEnabled),
            spec.Choice("scheme", ("auto", SchemeChoice.Auto), ("http", SchemeChoice.Http), ("https", SchemeChoice.Https)) ?? SchemeChoice.Auto,
            Path(spec),
            Paths(spec),
            Health(spec),
            Config(spec),
            Twins(spec));
        spec.Done();
        return rule;
    }

    private Condition Match(FieldReader spec, bool isEnabled)
    {
        YamlNode? match = isEnabled ? spec.Required("match") : spec.Node("match");
        return match is null ? new Condition.Any([]) : _conditions.Read(match);
    }

    private ImmutableArray<PortCondition> Ports(FieldReader spec, bool isEnabled)
    {
        ImmutableArray<PortCondition> ports = [.. spec.Items("ports").Select(_conditions.Port)];
        if (isEnabled && ports.IsEmpty)
            Report(spec.Position, "\"ports\" is missing or empty: without a port there is no URL");
        return ports;
    }

    private string Path(FieldReader spec)
    {
        if (spec.Node("path") is not { } node)
            return "";
        if (node is YamlNode.Scalar scalar && UrlPath.IsPlain(scalar.Text))
            return scalar.Text;
        Report(node.Position, "\"path\" must be plain, such as /prometheus");
        return "";
    }

    private ImmutableArray<string> Paths(FieldReader spec)
    {
        ImmutableArray<YamlNode> items = spec.Items("paths");
        foreach (YamlNode item in items.Where(i => !UrlPath.IsPlain((i as YamlNode.Scalar)?.Text)))
            Report(item.Position, "a path must be plain, such as /grafana");
        return [.. items.OfType<YamlNode.Scalar>().Select(s => s.Text)];
    }

    private HealthCheckSpec? Health(FieldReader spec)
    {
        if (spec.Map("health") is not { } health)
            return null;
        string path = health.Required("path") is YamlNode.Scalar scalar ? scalar.Text : "/";
        if (!UrlPath.IsPlain(path))
            Report(health.Node("path")!.Position, "the health path must be plain, such as /-/healthy");
        // Below 200 an answer is not final, and 5xx is what unhealthy means.
        ImmutableArray<int> codes = health.Integers("status", 200, 499);
        health.Done();
        return new HealthCheckSpec(path, codes.IsEmpty ? AcceptedStatuses.Default : new AcceptedStatuses(codes));
    }

    private ToolsetValue.Map? Config(FieldReader spec)
    {
        if (spec.Map("toolset") is not { } toolset)
            return null;
        YamlNode? config = toolset.Required("config");
        toolset.Done();
        if (config is null)
            return null;
        if (config is not YamlNode.Mapping map)
        {
            Report(config.Position, "\"config\" must be a map");
            return null;
        }

        foreach (YamlProblem problem in ConfigTemplate.ProblemsOf(config))
            Report(problem.Position, problem.Message);
        return ToolsetValueReader.ReadMap(map);
    }

    private TwinRule Twins(FieldReader spec)
    {
        if (spec.Map("twins") is not { } twins)
            return TwinRule.None;
        var rule = new TwinRule(twins.Texts("roleKeys"), [.. twins.Items("prefer").Select(p => _conditions.Read(p))]);
        twins.Done();
        return rule;
    }

    private string? Name(FieldReader fields, string field)
    {
        if (fields.Required(field) is not { } node)
            return null;
        if (node is YamlNode.Scalar scalar && DnsName.IsLabel(scalar.Text))
            return scalar.Text;
        Report(node.Position, $"\"{field}\" must be of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 63 characters");
        return null;
    }

    /// <summary>Texts as they stand there: <c>yes</c> and <c>true</c> mean one thing in a configuration, and two in a condition.</summary>
    private static ToolsetValue Verbatim(YamlNode node) => node switch
    {
        YamlNode.Mapping map => new ToolsetValue.Map([.. map.Entries.Select(e => KeyValuePair.Create(e.Key, Verbatim(e.Value)))]),
        YamlNode.Sequence list => new ToolsetValue.List([.. list.Items.Select(Verbatim)]),
        YamlNode.Scalar scalar => new ToolsetValue.Text(scalar.IsPlain ? scalar.Text : $"\"{scalar.Text}\""),
        _ => throw new UnreachableException(),
    };

    private void RequireConstant(FieldReader fields, string name, string value)
    {
        if (fields.Required(name) is { } node && (node as YamlNode.Scalar)?.Text != value)
            Report(node.Position, $"\"{name}\" must be {value}");
    }

    private void Report(YamlPosition position, string message) => _problems.Add(new RuleProblem(_file, position, message));
}
