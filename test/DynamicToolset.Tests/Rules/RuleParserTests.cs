using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rules;

public sealed class RuleParserTests
{
    [Theory]
    [InlineData("enabled: true")]
    [InlineData("type: other-type")]
    [InlineData("priority: 0")]
    [InlineData("priority: 1000")]
    [InlineData("compatible: yes")]
    [InlineData("match: {name: x, kind: ClusterIP, labels: {a: b}, selector: {c: d}, port: {number: 1}}")]
    [InlineData("match: {any: [{name: x}, {all: [{name: y}, {not: {kind: Headless}}]}]}")]
    [InlineData("match: {labels: {a: {operator: In, values: [b, c]}, d: {operator: DoesNotExist}}}")]
    [InlineData("match: {labels: {a: 1, b: true}}")]
    [InlineData("exclude: []")]
    [InlineData("exclude: [{name: x}, {labels: {a: {operator: Exists}}}]")]
    [InlineData("ports: [{name: web, number: 9090}, {name: {operator: Matches, values: ['http.*']}}, {targetPort: 8080}, {targetPort: http}]")]
    [InlineData("scheme: https")]
    [InlineData("path: /prometheus")]
    [InlineData("paths: [/a, /b/c]")]
    [InlineData("health: {path: /-/healthy, status: [200, 204, 401]}")]
    [InlineData("twins: {roleKeys: [app.kubernetes.io/component], prefer: [{name: x}]}")]
    [InlineData("toolset: {config: {url: \"{endpoint.url}/x\", of: \"{service.namespace}/{service.name}\", list: [1, true, null, {a: b}]}}")]
    [InlineData("toolset: {config: {key: \"${GRAFANA_API_KEY}\", other: \"{{ env.X }}\", shell: \"$(x)\", braces: \"{} {x}\", env: \"${a.b}\"}}")]
    public void Every_field_has_a_right_form(string line) => Assert.Empty(Read(RuleText.WithSpec(line)).Problems);

    [Fact]
    public void A_slash_at_the_end_of_a_prefix_is_none_of_it() =>
        Assert.Equal(["/a", "/b/c", ""], Read(RuleText.WithSpec("paths: [/a/, /b/c, /]")).Rules.Single().Rule.Paths);

    /// <summary>The arrow stands before the place that the first problem names; what follows from it may be told after it.</summary>
    [Theory]
    [InlineData("→prioritty: 7", "unknown field \"prioritty\": known are enabled, type, priority")]
    [InlineData("enabled: →maybe", "\"enabled\" must be true or false")]
    [InlineData("enabled: →[]", "\"enabled\" must be true or false")]
    [InlineData("type: →Loki", "\"type\" must be of the form [a-z0-9]([-a-z0-9]*[a-z0-9])?")]
    [InlineData("type: →{a: b}", "\"type\" must be of the form")]
    [InlineData("priority: →-1", "\"priority\" must be a whole number from 0 to 1000")]
    [InlineData("priority: →1001", "\"priority\" must be a whole number from 0 to 1000")]
    [InlineData("priority: →1.5", "\"priority\" must be a whole number from 0 to 1000")]
    [InlineData("priority: →'7'", "\"priority\" must be a whole number from 0 to 1000")]
    [InlineData("priority: →99999999999999999999", "\"priority\" must be a whole number from 0 to 1000")]
    [InlineData("compatible: →2", "\"compatible\" must be true or false")]
    [InlineData("match: →x", "\"match\" must be a condition, which is a map")]
    [InlineData("match: →[{name: x}]", "\"match\" must be a condition, which is a map")]
    [InlineData("match: →{}", "a condition must not be empty")]
    [InlineData("match: →{labels: {}}", "a condition must not be empty")]
    [InlineData("match: {→label: {a: b}}", "unknown field \"label\": known are labels, selector")]
    [InlineData("match: {labels: →[a]}", "\"labels\" must be a map")]
    [InlineData("match: {labels: {a: →[b]}}", "a value of \"labels\" must be a text, or {operator: …, values: […]}")]
    [InlineData("match: {labels: {a: →{values: [b]}}}", "the field \"operator\" is missing")]
    [InlineData("match: {labels: {a: {operator: →in, values: [b]}}}", "\"operator\" must be one of In, NotIn, Exists, DoesNotExist, Matches, EndsWithWord, HasWord")]
    [InlineData("match: {labels: {a: {operator: →'0', values: [b]}}}", "\"operator\" must be one of")]
    [InlineData("match: {labels: {a: →{operator: In}}}", "In needs \"values\"")]
    [InlineData("match: {labels: {a: {operator: In, values: →[]}}}", "\"values\" must be a list of texts, and not an empty one")]
    [InlineData("match: {labels: {a: →{operator: Exists, values: [b]}}}", "Exists takes no \"values\"")]
    [InlineData("match: {labels: {a: {operator: In, values: →b}}}", "\"values\" must be a list")]
    [InlineData("match: {labels: {a: {operator: In, values: [b, →{}]}}}", "an entry of \"values\" must be a text")]
    [InlineData("match: {labels: {a: {operator: In, →value: [b], values: [b]}}}", "unknown field \"value\"")]
    [InlineData("match: {name: →{operator: Matches, values: ['a)|(?:b']}}", "this is not a valid regular expression")]
    [InlineData("match: {labels: {a: →{operator: HasWord, values: ['']}}}", "a word must have characters")]
    [InlineData("match: {kind: →ExternalIP}", "\"kind\" must be one of ClusterIP, Headless, NodePort, LoadBalancer, ExternalName, or {operator: …, values: […]}")]
    [InlineData("match: {port: →9090}", "\"port\" must be a map with name, number or targetPort")]
    [InlineData("match: {port: →{}}", "a port must have a name, a number or a targetPort")]
    [InlineData("match: {any: →[]}", "\"any\" must be a list of conditions, and not an empty one")]
    [InlineData("match: {any: →{name: x}}", "\"any\" must be a list of conditions")]
    [InlineData("match: {any: [{name: x}, →{}]}", "a condition must not be empty")]
    [InlineData("match: {not: →{}}", "a condition must not be empty")]
    [InlineData("exclude: →{name: x}", "\"exclude\" must be a list")]
    [InlineData("ports: [→80]", "an entry of \"ports\" must be a map with name, number or targetPort")]
    [InlineData("ports: [{number: →0}]", "\"number\" must be a whole number from 1 to 65535")]
    [InlineData("ports: [{number: →65536}]", "\"number\" must be a whole number from 1 to 65535")]
    [InlineData("ports: [{→prot: 80, name: x}]", "unknown field \"prot\": known are name, number, targetPort")]
    [InlineData("scheme: →ftp", "\"scheme\" must be one of auto, http, https")]
    [InlineData("path: →prometheus", "\"path\" must be a plain path, such as /prometheus")]
    [InlineData("paths: [/a, →//evil]", "an entry of \"paths\" must be a plain path, such as /prometheus")]
    [InlineData("paths: [→/a/../b]", "an entry of \"paths\" must be a plain path")]
    [InlineData("health: →/health", "\"health\" must be a map")]
    [InlineData("health: {path: →http://evil/}", "\"path\" must be a plain path")]
    [InlineData("health: {path: /, status: [200, →500]}", "an entry of \"status\" must be a whole number from 200 to 499")]
    [InlineData("health: {path: /, →interval: 5s}", "unknown field \"interval\": known are path, status")]
    [InlineData("toolset: {config: →[]}", "\"config\" must be a map")]
    [InlineData("toolset: {config: {url: →\"{endpoint.host}\"}}", "unknown placeholder: known are {endpoint.url}, {service.name} and {service.namespace}")]
    [InlineData("toolset: {config: {a: [{b: →\"x{service.labels}\"}]}}", "unknown placeholder")]
    [InlineData("toolset: {config: {→\"\": x}}", "a key must have 1 to 128 characters")]
    [InlineData("twins: {roleKeys: →app}", "\"roleKeys\" must be a list")]
    [InlineData("twins: {prefer: [→{}]}", "a condition must not be empty")]
    [InlineData("match: {labels: {app: {operator: →[thing]}}}", "\"operator\" must be one of In, NotIn, Exists, DoesNotExist, Matches, EndsWithWord, HasWord")]
    [InlineData("match: {labels: {app: {operator: In, values: [→null]}}}", "an entry of \"values\" must be a text, and not null")]
    [InlineData("match: {labels: {→'': x}}", "a key must have characters")]
    [InlineData("match: {name: {operator: NotIn, values: [x, →'']}}", "an entry of \"values\" must be a text that is not empty")]
    [InlineData("match: {name: →''}", "\"name\" must be a text that is not empty")]
    [InlineData("health: {path: →[/]}", "\"path\" must be a plain path")]
    [InlineData("health: {path: /, status: →[]}", "\"status\" must be a list of codes, and not an empty one")]
    [InlineData("exclude:→", "\"exclude\" must be a list of conditions, and not null")]
    [InlineData("ports: →[]", "\"ports\" must be a list of ports, and not an empty one")]
    [InlineData("toolset: {config: {url: →[x]}}", "\"url\" must be a text, such as http://host:port")]
    [InlineData("toolset: {config: {headers: {→Host: x}}}", "a header's name is a header that the client sets itself: remove it")]
    [InlineData("toolset: {config: {headers: {X: →'x '}}}", "a header's value begins or ends with a space")]
    public void A_wrong_form_is_told_with_its_place(string line, string message)
    {
        int column = line.IndexOf('→', StringComparison.Ordinal);
        string text = RuleText.WithSpec(line.Remove(column, 1));
        RuleProblem problem = Read(text).Problems[0];
        Assert.Equal(("rule.yaml", RuleText.SpecLine, column + "  ".Length + 1), (problem.File, problem.Position.Line, problem.Position.Column));
        Assert.StartsWith(message, problem.Message);
    }

    /// <summary>What .NET's engine without backtracking cannot do in linear time is refused, whoever needs it.</summary>
    [Theory]
    [InlineData("(", "this is not a valid regular expression")]
    [InlineData("[z-a]", "this is not a valid regular expression")]
    [InlineData("a**", "this is not a valid regular expression")]
    [InlineData(@"(?<=a)b", "a regular expression may have no lookaround")]
    [InlineData(@"a(?!b)", "a regular expression may have no lookaround")]
    [InlineData(@"(?<x>a)\k<x>", "a regular expression may have no lookaround, backreference")]
    [InlineData(@"(?>a+)b", "a regular expression may have no lookaround, backreference, atomic group")]
    [InlineData(@"((a{1000}){1000}){1000}", "a regular expression may have no lookaround, backreference, atomic group or huge repetition")]
    public void An_expression_that_is_none_or_may_be_slow_is_refused(string expression, string message)
    {
        RuleProblem problem = Assert.Single(Read(RuleText.WithSpec($"match: {{name: {{operator: Matches, values: ['{expression}']}}}}")).Problems);
        Assert.Equal(17, problem.Position.Column);
        Assert.StartsWith(message, problem.Message);
    }

    [Theory]
    [InlineData(256, 100, 16, true)]
    [InlineData(257, 1, 1, false)]
    [InlineData(1, 101, 1, false)]
    [InlineData(1, 1, 17, false)]
    public void Sizes_are_bounded(int longestExpression, int values, int depth, bool isTaken)
    {
        string expression = new('a', longestExpression);
        string condition = $"{{name: {{operator: Matches, values: [{string.Join(", ", Enumerable.Repeat(expression, values))}]}}}}";
        for (int i = 1; i < depth; i++)
            condition = $"{{not: {condition}}}";
        Assert.Equal(isTaken, Read(RuleText.WithSpec($"match: {condition}")).Problems.IsEmpty);
    }

    [Fact]
    public void A_file_and_the_rules_of_all_files_are_bounded()
    {
        string comment = "#" + new string('x', 256 * 1024);
        Assert.Equal("rule.yaml:1:1: the file has more than 256 Ki characters", Assert.Single(Read(comment).Problems).ToString());
        RuleFile[] files = [.. Enumerable.Range(0, 1001).Select(i => new RuleFile("f.yaml", RuleText.WithSpec("priority: 1", $"r{i}")))];
        Assert.Empty(RuleParser.ReadAll(files[..1000]).Problems);
        Assert.Equal("f.yaml:3:18: more than 1000 rules", Assert.Single(RuleParser.ReadAll(files).Problems).ToString());
    }

    [Theory]
    [InlineData(50, 50, true)]
    [InlineData(50, 51, false)]
    public void Expressions_are_counted_over_all_files(int one, int other, bool isTaken)
    {
        RuleReading reading = RuleParser.ReadAll([new RuleFile("a.yaml", Matching(one, "a")), new RuleFile("b.yaml", Matching(other, "b"))]);
        Assert.Equal(isTaken, reading.Problems.IsEmpty);
        Assert.All(reading.Problems, p => Assert.Contains($"more than {RuleParser.Expressions}", p.Message, StringComparison.Ordinal));

        static string Matching(int expressions, string name) => RuleText.WithSpec(
            $"match: {{name: {{operator: Matches, values: [{string.Join(", ", Enumerable.Range(0, expressions).Select(i => $"x{i}"))}]}}}}", name);
    }

    [Theory]
    [InlineData("- a", "1:1: a rule must be a map with apiVersion, kind, metadata and spec")]
    [InlineData("apiVersion: v1\nkind: DetectorRule\nmetadata: {name: x}\nspec: {enabled: false}", "1:13: \"apiVersion\" must be toolset.kubernaut.io/v1alpha1")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: Rule\nmetadata: {name: x}\nspec: {enabled: false}", "2:7: \"kind\" must be DetectorRule")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {}\nspec: {enabled: false}", "3:11: the field \"name\" is missing")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {name: A}\nspec: {enabled: false}", "3:18: \"name\" must be of the form")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {name: x, namespace: y}\nspec: {enabled: false}", "3:21: unknown field \"namespace\"")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {name: x}\nspec: {enabled: false}\nstatus: {}", "5:1: unknown field \"status\"")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {name: x}", "1:1: the field \"spec\" is missing")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {name: x}\nspec: {}", "4:7: the field \"match\" is missing")]
    [InlineData("kind: DetectorRule\nkind: DetectorRule", "2:1: ")]
    [InlineData("a: &x b\nc: *x", "2:4: ")]
    [InlineData("a: [", "2:1: ")]
    public void The_outer_form_is_checked_too(string text, string problem) =>
        Assert.Contains(Read(text).Problems, p => p.ToString().StartsWith($"rule.yaml:{problem}", StringComparison.Ordinal));

    [Fact]
    public void One_reading_names_every_problem_and_gives_no_rule()
    {
        RuleReading reading = Read(RuleText.WithSpec("priority: x") + "---\n" + RuleText.WithSpec("scheme: x") + "---\n" + RuleText.WithSpec("priority: 1"));
        Assert.Equal(["rule.yaml:5:13: \"priority\" must be a whole number from 0 to 1000", "rule.yaml:15:11: \"scheme\" must be one of auto, http, https"], reading.Problems.Select(p => p.ToString()));
        Assert.Empty(reading.Rules);
    }

    [Fact]
    public void Two_rules_of_one_name_are_a_problem_in_one_file_and_in_two()
    {
        string text = RuleText.WithSpec("priority: 1");
        RuleProblem inOne = Assert.Single(RuleParser.ReadAll([new RuleFile("a.yaml", text + "---\n" + text)]).Problems);
        Assert.Equal("a.yaml:13:18: a second rule with this name: the first is in a.yaml", inOne.ToString());
        RuleProblem inTwo = Assert.Single(RuleParser.ReadAll([new RuleFile("a.yaml", text), new RuleFile("b.yaml", text)]).Problems);
        Assert.Equal("b.yaml:3:18: a second rule with this name: the first is in a.yaml", inTwo.ToString());
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        DetectorRule rule = RuleText.Parse(RuleText.WithSpec("exclude: []"));
        Assert.Equal(("x", "x", 100, true, false, SchemeChoice.Auto, ""), (rule.Name, rule.Type, rule.Priority, rule.IsEnabled, rule.IsCompatible, rule.Scheme, rule.Path));
        Assert.Empty(rule.Paths);
    }

    private static RuleReading Read(string text) => RuleParser.Read(new RuleFile("rule.yaml", text));
}
