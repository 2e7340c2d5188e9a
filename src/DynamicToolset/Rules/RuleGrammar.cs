using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Forms;
using DynamicToolset.HealthCheck;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>How a rule is written: every field there is, declared here and nowhere else.</summary>
internal static class RuleGrammar
{
    private const string SpecExample = "{match: {name: grafana}, ports: [{number: 3000}], health: {path: /health}, toolset: {config: {}}}";

    private static readonly ScalarForm<string> Label = ScalarForm.Text(
        "of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 63 characters", "x", text => DnsName.IsLabel(text));

    private static readonly ScalarForm<string> Path = ScalarForm.Text(
        "a plain path, such as /prometheus", "/prometheus", text => UrlPath.IsPlain(text));

    private static readonly ListForm<Condition> Conditions = new(ConditionGrammar.Condition, "conditions");

    private static readonly Field<bool> Enabled = new("enabled", ScalarForm.Flag);

    private static readonly Field<string> Type = new("type", Label);

    private static readonly Field<int> Priority = new("priority", ScalarForm.Whole(0, DetectorRule.HighestPriority));

    private static readonly Field<bool> Compatible = new("compatible", ScalarForm.Flag);

    private static readonly Field<Condition> Match = new("match", ConditionGrammar.Condition);

    private static readonly Field<ImmutableArray<Condition>> Exclude = new("exclude", Conditions);

    private static readonly Field<ImmutableArray<PortCondition>> Ports =
        new("ports", new ListForm<PortCondition>(ConditionGrammar.Port, "ports", mayBeEmpty: false));

    private static readonly Field<string> Product = new("product", Label);

    private static readonly Field<Fingerprint> Fingerprint = new("fingerprint", FingerprintGrammar.Fingerprint);

    private static readonly Field<Question> Question = new("question", QuestionGrammar.Question);

    private static readonly Field<SchemeChoice> Scheme = new(
        "scheme", ScalarForm.Word(("auto", SchemeChoice.Auto), ("http", SchemeChoice.Http), ("https", SchemeChoice.Https)));

    private static readonly Field<string> Prefix = new("path", Path);

    private static readonly Field<ImmutableArray<string>> Prefixes = new("paths", new ListForm<string>(Path, "paths"));

    private static readonly Field<string> HealthPath = new("path", Path);

    private static readonly Field<bool> Check = new("check", ScalarForm.Word(("http", false), (EndpointUrl.Tcp, true)));

    /// <summary>Below 200 an answer is not final, and 5xx is what unhealthy means.</summary>
    private static readonly Field<ImmutableArray<int>> Statuses =
        new("status", new ListForm<int>(ScalarForm.Whole(200, 499), "codes", mayBeEmpty: false));

    private static readonly Field<HealthCheckSpec> Health = new("health", new MapForm<HealthCheckSpec>(
        "a map with path, and status where it is not 200, 204, 401 and 403; or with check: tcp",
        "{path: /health}",
        MakeHealth,
        HealthPath,
        Statuses,
        Check));

    private static readonly Field<ToolsetValue.Map> Config = new(
        "config",
        new TreeForm("a map", "{}", config => ConfigTemplate.ProblemsOf(config).Concat(ConfigGrammar.UnsentIn(config)), ConfigGrammar.Known),
        isRequired: true);

    private static readonly Field<ToolsetValue.Map> Toolset = new(
        "toolset", new MapForm<ToolsetValue.Map>("a map with config", "{config: {}}", (fields, _) => fields.Get(Config), Config));

    private static readonly Field<ImmutableArray<string>> RoleKeys = new(
        "roleKeys", new ListForm<string>(ScalarForm.Text("a text that is not empty", "role", text => text.Length > 0), "keys"));

    private static readonly Field<ImmutableArray<Condition>> Prefer = new("prefer", Conditions);

    private static readonly Field<ImmutableArray<Condition>> BeforeAll = new("beforeAll", new ListForm<Condition>(ConditionGrammar.Condition, "conditions"));

    private static readonly Field<TwinRule> Twins = new("twins", new MapForm<TwinRule>(
        "a map with roleKeys, prefer and beforeAll",
        "{}",
        (fields, _) => new TwinRule(fields.Get(RoleKeys, []), fields.Get(Prefer, []), fields.Get(BeforeAll, [])),
        RoleKeys,
        Prefer,
        BeforeAll));

    private static readonly Field<(string Name, YamlPosition Place)> Name = new(
        "name",
        new MadeForm<string, (string, YamlPosition)>(Label.Allowed, Label.Example, () => Label, (name, node, _) => (name, node.Position)),
        isRequired: true);

    private static readonly Field<(string Name, YamlPosition Place)> Metadata = new(
        "metadata",
        // Tools add labels and annotations next to the name; they have no effect.
        new MapForm<(string, YamlPosition)>(
            "a map with name", "{name: x}", (fields, _) => fields.Get(Name), Name, OfTools("labels"), OfTools("annotations")),
        isRequired: true);

    private static readonly Field<DetectorRule> Spec = new(
        "spec",
        new MapForm<DetectorRule>(
            "a map with match, ports and others",
            SpecExample,
            MakeSpec,
            Enabled, Type, Priority, Compatible, Match, Exclude, Ports, Scheme, Prefix, Prefixes, Health, Product, Fingerprint, Question, Toolset, Twins),
        isRequired: true);

    private static readonly Field<string> ApiVersion = new("apiVersion", ScalarForm.Word((RuleParser.ApiVersion, "")), isRequired: true);

    private static readonly Field<string> Kind = new("kind", ScalarForm.Word((RuleParser.Kind, "")), isRequired: true);

    /// <summary>One document of a rule file, with the place of its name.</summary>
    public static MapForm<(DetectorRule Rule, YamlPosition Place)> Document { get; } = new(
        "a map with apiVersion, kind, metadata and spec",
        $"{{apiVersion: {RuleParser.ApiVersion}, kind: {RuleParser.Kind}, metadata: {{name: x}}, spec: {SpecExample}}}",
        (fields, _) => (Named(fields.Get(Spec), fields.Get(Metadata).Name), fields.Get(Metadata).Place),
        ApiVersion, Kind, Metadata, Spec);

    private static Field<ImmutableArray<KeyValuePair<string, string>>> OfTools(string name) =>
        new(name, new PairsForm<string>("a map of texts", ScalarForm.Text("a text", "x", _ => true), "app", _ => null));

    private static HealthCheckSpec MakeHealth(Fields fields, Action<string> refuse)
    {
        bool isConnection = fields.Get(Check, false);
        string? path = fields.Find(HealthPath);
        ImmutableArray<int> codes = fields.Get(Statuses, []);
        if (!isConnection && path is null)
            refuse($"the field \"{HealthPath.Name}\" is missing");
        if (isConnection && (path is not null || !codes.IsEmpty))
            refuse($"\"{HealthPath.Name}\" and \"{Statuses.Name}\" are of HTTP: with check: {EndpointUrl.Tcp} only a connection is tried");
        if (isConnection)
            return HealthCheckSpec.Connection;
        return new HealthCheckSpec(path ?? "/", codes.IsEmpty ? AcceptedStatuses.Default : new AcceptedStatuses(codes));
    }

    private static DetectorRule Named(DetectorRule spec, string name) => spec with { Name = name, Type = spec.Type.Length == 0 ? name : spec.Type };

    /// <summary>The name is not known yet, and the type is empty where it is not given.</summary>
    private static DetectorRule MakeSpec(Fields fields, Action<string> refuse)
    {
        bool isEnabled = fields.Get(Enabled, true);
        ImmutableArray<PortCondition> ports = fields.Get(Ports, []);
        Condition? match = fields.Find(Match);
        // Of a rule that only says so the rest is that of the built-in one of its name.
        bool isSwitch = fields.Get(Enabled, false) && fields.Count == 1;
        if (isEnabled && match is null && !isSwitch)
            refuse($"the field \"{Match.Name}\" is missing");
        if (isEnabled && ports.IsEmpty && !isSwitch)
            refuse($"the field \"{Ports.Name}\" is missing: without a port there is no URL");
        return new DetectorRule(
            Name: "",
            fields.Get(Type, ""),
            fields.Get(Priority, DetectorRule.DefaultPriority),
            isEnabled,
            fields.Get(Compatible, false),
            match ?? new Condition.Any([]),
            fields.Get(Exclude, []),
            ports,
            fields.Get(Scheme, SchemeChoice.Auto),
            fields.Get(Prefix, ""),
            [.. fields.Get(Prefixes, []).Select(p => p.TrimEnd('/'))],
            fields.Find(Health),
            fields.Find(Toolset),
            fields.Get(Twins, TwinRule.None))
        {
            Product = fields.Get(Product, ""),
            Fingerprint = fields.Find(Fingerprint),
            Question = fields.Find(Question),
        };
    }
}
