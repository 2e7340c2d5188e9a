using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rules;

/// <summary>What becomes of a user's rules beside the built-in ones.</summary>
public sealed class RuleSetTests
{
    private const string Disabled = "{apiVersion: toolset.kubernaut.io/v1alpha1, kind: DetectorRule, metadata: {name: NAME}, spec: {enabled: false}}";

    [Fact]
    public void A_rule_of_a_built_in_name_replaces_it()
    {
        RuleSet rules = Compose(RuleText.WithSpec("match: {name: mine}", "grafana"));
        Assert.IsType<Detection.NotMatched>(new Detector(rules).Detect(ServiceText.Parse("m/g app=grafana service:3000")));
        Assert.Equal("http://mine.m:80", Found(rules, "m/mine :80").Endpoint.ToString());
    }

    [Fact]
    public void A_disabled_rule_finds_nothing_and_leaves_its_type_to_annotations()
    {
        RuleSet rules = Compose(Disabled.Replace("NAME", "grafana", StringComparison.Ordinal));
        Assert.IsType<Detection.NotMatched>(new Detector(rules).Detect(ServiceText.Parse("m/g app=grafana service:3000")));
        Detection.Matched asked = Found(rules, "m/g :3000 @toolset=true @type=grafana");
        Assert.Equal(("grafana", "/api/health"), (asked.Type, asked.Health.Path));
    }

    [Fact]
    public void A_built_in_rule_that_is_off_is_switched_on_by_its_name_alone()
    {
        Assert.IsType<Detection.NotMatched>(new Detector(BuiltInRules.All).Detect(ServiceText.Parse("m/alertmanager web:9093")));
        RuleSet rules = Compose(Disabled.Replace("NAME", "alertmanager", StringComparison.Ordinal).Replace("false", "true", StringComparison.Ordinal));
        Detection.Matched found = Found(rules, "m/alertmanager web:9093");
        Assert.Equal(("alertmanager", "/-/healthy"), (found.Type, found.Health.Path));
        Assert.Equal(["alertmanager"], rules.ChangesSince(BuiltInRules.All).Replaced);
        Assert.NotEqual(BuiltInRules.All.Fingerprint, rules.Fingerprint);
    }

    [Fact]
    public void What_is_no_built_in_rule_cannot_be_switched_on_by_its_name_alone()
    {
        string text = Disabled.Replace("NAME", "mine", StringComparison.Ordinal).Replace("false", "true", StringComparison.Ordinal);
        RuleSetReading reading = BuiltInRules.With([new RuleFile("rule.yaml", text)]);
        Assert.Null(reading.RuleSet);
        Assert.Contains("there is no built-in rule of this name", Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
    }

    /// <summary>What stands beside it would be passed over.</summary>
    [Fact]
    public void A_rule_that_says_more_than_that_it_is_on_is_a_rule_of_its_own()
    {
        string text = Disabled.Replace("NAME", "alertmanager", StringComparison.Ordinal).Replace("enabled: false", "enabled: true, priority: 7", StringComparison.Ordinal);
        Assert.Contains(RuleParser.Read(new RuleFile("rule.yaml", text)).Problems, p => p.Message == "the field \"match\" is missing");
    }

    [Fact]
    public void What_is_checked_by_a_connection_has_a_URL_that_says_so()
    {
        RuleSet rules = Compose(RuleText.WithSpec("health: {check: tcp}", "broker"));
        Detection.Matched found = Found(rules, "m/b app=x :80");
        Assert.Equal(("tcp://b.m:80", ""), (found.Endpoint.ToString(), found.Health.Path));
        Assert.Equal("connect tcp://b.m:80", found.Health.Action);
        Assert.Equal("tcp://b.m:80", Found(rules, "m/b :80 @toolset=true @type=broker").Endpoint.ToString());
        foreach (string annotation in (string[])["@scheme=https", "@health=/x"])
            Assert.Contains("has no effect", Assert.IsType<Detection.Rejected>(new Detector(rules).Detect(ServiceText.Parse($"m/b :80 @toolset=true @type=broker {annotation}"))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_for_a_type_that_another_defines_needs_neither_health_nor_toolset()
    {
        RuleSet rules = Compose("""
            {apiVersion: toolset.kubernaut.io/v1alpha1, kind: DetectorRule, metadata: {name: cortex},
             spec: {type: prometheus, compatible: true, match: {name: cortex}, ports: [{number: 80}]}}
            """);
        Detection.Matched found = Found(rules, "m/cortex :80");
        Assert.Equal(("prometheus", "cortex", "/-/healthy", true), (found.Type, found.Rule, found.Health.Path, found.IsCompatible));
    }

    [Theory]
    [InlineData("x", "type: nowhere", "3:18: no rule defines the type nowhere: add one with that name")]
    [InlineData("kubernetes", "priority: 1", "3:18: the type kubernetes is reserved: choose another name")]
    [InlineData("overrides", "priority: 1", "3:18: the type overrides is reserved: choose another name")]
    [InlineData("custom", "priority: 1", "3:18: the type custom is reserved: choose another name")]
    [InlineData("x", "type: custom", "3:18: the type custom is reserved: choose another name")]
    public void A_type_must_be_defined_and_free(string name, string line, string problem)
    {
        RuleSetReading reading = BuiltInRules.With([new RuleFile("rule.yaml", RuleText.WithSpec(line, name))]);
        Assert.Null(reading.RuleSet);
        Assert.Equal($"rule.yaml:{problem}", Assert.Single(reading.Problems).ToString());
    }

    [Theory]
    [InlineData("health")]
    [InlineData("toolset")]
    public void The_rule_that_defines_a_type_is_complete(string field)
    {
        string text = RuleText.WithSpec("priority: 1", "pyroscope");
        text = string.Join('\n', text.Split('\n').Where(l => !l.StartsWith($"  {field}:", StringComparison.Ordinal)));
        RuleProblem problem = Assert.Single(BuiltInRules.With([new RuleFile("rule.yaml", text)]).Problems);
        Assert.Equal("rule.yaml:3:18: \"health\" and \"toolset\" are missing: this rule defines its type", problem.ToString());
    }

    /// <summary>Else the Services of the others would be of a type that nobody can make a toolset of.</summary>
    [Theory]
    [InlineData("prometheus", "type: grafana", "detectors/thanos.yaml:", "rules.yaml")]
    [InlineData("pyroscope", "enabled: false", "rules.yaml:", "rules.yaml")]
    public void A_type_that_others_are_for_cannot_lose_its_definition(string name, string line, string place, string definition)
    {
        string definer = string.Join('\n', RuleText.WithSpec(line, name).Split('\n').Where(l => !l.StartsWith("  health:", StringComparison.Ordinal)));
        string text = definer + "---\n" + RuleText.WithSpec($"type: {name}", "other");
        ImmutableArray<RuleProblem> problems = BuiltInRules.With([new RuleFile("rules.yaml", text)]).Problems;
        Assert.Contains(problems, p => p.ToString().StartsWith(place, StringComparison.Ordinal)
            && p.Message == $"no rule defines the type {name}: the one with that name, in {definition}, is for another type or lacks \"health\" or \"toolset\"");
    }

    [Fact]
    public void There_are_at_most_a_hundred_types_since_each_is_the_value_of_a_label()
    {
        ImmutableArray<RuleFile> files = [.. Enumerable.Range(0, 101).Select(i => new RuleFile("f.yaml", RuleText.WithSpec("priority: 1", $"r{i:d3}")))];
        Assert.Empty(BuiltInRules.With(files[..100]).Problems);
        Assert.Equal("f.yaml:3:18: more than 100 types", Assert.Single(BuiltInRules.With(files).Problems).ToString());
    }

    [Theory]
    [InlineData("priority: 2", "replaced x")]
    [InlineData("match: {labels: {app: y}}", "replaced x")]
    [InlineData("exclude: [{name: z}]", "replaced x")]
    [InlineData("toolset: {config: {url: \"{endpoint.url}\", more: 1}}", "replaced x")]
    [InlineData("priority: 1 # a comment", "")]
    [InlineData("priority:   1", "")]
    public void Two_sets_differ_by_what_their_rules_say(string line, string changes) =>
        Assert.Equal(changes, Compose(RuleText.WithSpec(line)).ChangesSince(Compose(RuleText.WithSpec("priority: 1"))).ToString());

    [Fact]
    public void Changes_name_what_is_added_replaced_and_removed()
    {
        RuleSet before = Compose(RuleText.WithSpec("priority: 1", "a") + "---\n" + RuleText.WithSpec("priority: 1", "b"));
        RuleSet now = Compose(RuleText.WithSpec("priority: 2", "b") + "---\n" + RuleText.WithSpec("priority: 1", "grafana") + "---\n" + RuleText.WithSpec("priority: 1", "c"));
        Assert.Equal("added c; replaced b, grafana; removed a", now.ChangesSince(before).ToString());
        Assert.True(now.ChangesSince(now).IsEmpty);
    }

    [Fact]
    public void A_bad_set_leaves_the_last_good_one_in_force()
    {
        RuleState good = new RuleState(BuiltInRules.All, []).Next(BuiltInRules.With([new RuleFile("x.yaml", RuleText.WithSpec("priority: 1"))]));
        RuleState bad = good.Next(BuiltInRules.With([new RuleFile("x.yaml", "{")]));
        Assert.Same(good.InForce, bad.InForce);
        Assert.NotEmpty(bad.Problems);
        RuleState mended = bad.Next(BuiltInRules.With([new RuleFile("x.yaml", RuleText.WithSpec("priority: 1"))]));
        Assert.Same(good.InForce, mended.InForce);
        Assert.Empty(mended.Problems);
    }

    private static RuleSet Compose(string text)
    {
        RuleSetReading reading = BuiltInRules.With([new RuleFile("rules.yaml", text)]);
        Assert.Empty(reading.Problems);
        return reading.RuleSet!;
    }

    private static Detection.Matched Found(RuleSet rules, string service) => Assert.IsType<Detection.Matched>(new Detector(rules).Detect(ServiceText.Parse(service)));
}
