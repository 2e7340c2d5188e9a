using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;
using DynamicToolset.Yaml;
using Generation = DynamicToolset.Holmes.Generation.HolmesFile;

namespace DynamicToolset.Tests.Holmes;

/// <summary>
/// A header or a credential that HTTP does not send fails in HolmesGPT with an error that has the value in it. It is refused wherever it may come
/// from, and nobody repeats it.
/// </summary>
public sealed class UnsentValueTests
{
    /// <summary>Part of what each bad config says.</summary>
    private const string Secret = "S3cret";

    public static TheoryData<string, string> Bad { get; } = new()
    {
        { "headers: {X-Tenant: \"it’s S3cret\"}", "header-value" },
        { "headers: {X-Tenant: \" S3cret\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret \"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret\\tx\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret\\r\\nX-Other: a\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret\\n\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret\\u0007\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret\\u007f\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret\\u0085\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret é\"}", "header-value" },
        { "headers: {X-Tenant: \"S3cret 😀\"}", "header-value" },
        { "headers: {Authorization: \"S3cret ${TOKEN} \"}", "header-value" },
        { "additional_headers: {X-Tenant: \"S3cret \"}", "header-value" },
        { "default_headers: {X-Tenant: \"S3cret \"}", "header-value" },
        { "headers: {Host: S3cret}", "header-name" },
        { "headers: {content-length: S3cret}", "header-name" },
        { "headers: {Transfer-Encoding: S3cret}", "header-name" },
        { "headers: {CONNECTION: S3cret}", "header-name" },
        { "headers: {TE: S3cret}", "header-name" },
        { "headers: {Upgrade: S3cret}", "header-name" },
        { "headers: {'X Tenant': S3cret}", "header-name" },
        { "headers: {'X-Tenant:': S3cret}", "header-name" },
        { "headers: {\"X-Tenant\\n\": S3cret}", "header-name" },
        { "headers: {Xé: S3cret}", "header-name" },
        { "headers: {'': S3cret}", "header-name" },
        { "headers: {X-Tenant: a, x-tenant: S3cret}", "header-name" },
        { "apiKey: \"S3cret\\n\"", "credential" },
        { "api_key: \"S3cret\\r\\nX: y\"", "credential" },
        { "api_key: \"S3cret ${KEY} \"", "credential" },
        { "bearer_token: \"S3cret’\"", "credential" },
        { "username: \"S3cret:a\"", "credential" },
        { "username: \"S3cret\\u001b[2J\"", "credential" },
        { "password: \"S3cret\\n\"", "credential" },
        { "password: \"S3cret’\"", "credential" },
        { "client_secret: \"S3cret\\n\"", "credential" },
        { "auth: {type: bearer, token: \"S3cret\\n\"}", "credential" },
        { "auth: {type: header, name: X-Key, value: \"S3cret \"}", "header-value" },
        { "auth: {type: header, name: Host, value: S3cret}", "header-name" },
    };

    public static TheoryData<string> Good { get; } =
    [
        "headers: {X-Tenant: \"a b\", X-Empty: '', Authorization: \"Bearer ${TOKEN}\", X-Marks: '!\"#$%&()*+,-./:;<=>?@[]^_|~'}",
        "headers: {Authorization: \"{{ env.TOKEN }}\", X_Y: a, x.y: b}",
        "headers: {url: shop, Hostname: a, X-Host: b, Connections: c}",
        "headers: {X-Tenant: null}",
        "apiKey: \"${KEY}\"", "api_key: ''", "username: \"${USER_NAME}\"", "password: \"pässword ß\"", "max_tokens: \"a\\n\"", "note: \"a\\nb ’\"",
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void Overrides_are_refused_at_the_place_with_the_reason(string config, string rule)
    {
        foreach (string text in new[] { $"shop: {{config: {{{config}}}}}", $"shop: {{{config}}}" })
            AssertTold(OverrideParser.Parse(text).Problem, rule, text.IndexOf(config, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_rule_is_refused_likewise(string config, string rule)
    {
        string line = $"toolset: {{config: {{{config}}}}}";
        // The empty key is one in itself.
        RuleProblem problem = RuleParser.Read(new RuleFile("x", RuleText.WithSpec(line))).Problems[^1];
        AssertTold(new YamlProblem(problem.Position, problem.Message), rule, line.IndexOf(config, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_file_for_HolmesGPT_has_a_problem_there(string config, string rule)
    {
        HolmesProblem[] problems = [.. HolmesLinter.Lint(File(config), HolmesTarget.Current, []).Where(p => p.Rule.Consequence.Contains("its prompt", StringComparison.Ordinal))];
        Assert.Equal([rule], problems.Select(p => p.Rule.Id));
        Assert.All(problems, p => Assert.DoesNotContain(Secret, p.Message, StringComparison.Ordinal));
    }

    /// <summary>Overrides and rules say no such thing; what comes another way is left out and told.</summary>
    [Theory]
    [MemberData(nameof(Bad))]
    public void The_generator_leaves_it_out(string config, string rule)
    {
        Assert.NotEmpty(rule);
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            foreach (string type in new[] { "prometheus", "grafana", "jaeger", "elasticsearch", "custom" })
            {
                Generation file = new HolmesGenerator(new HolmesProfile(target, [])).Generate([new Toolset("shop", type, Body(config), new ToolsetSource.Override())]);
                Assert.DoesNotContain(Secret, file.Text, StringComparison.Ordinal);
                Assert.NotEmpty(file.LeftOut);
                Assert.All(file.LeftOut, o => Assert.DoesNotContain(Secret, o.ToString(), StringComparison.Ordinal));
                Assert.Empty(HolmesLinter.Lint(file.Text, target, []));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void What_can_be_sent_is_taken(string config)
    {
        Assert.Null(OverrideParser.Parse($"shop: {{config: {{{config}}}}}").Problem);
        Assert.Null(OverrideParser.Parse($"shop: {{{config}}}").Problem);
        Assert.Empty(RuleParser.Read(new RuleFile("x", RuleText.WithSpec($"toolset: {{config: {{{config}}}}}"))).Problems);
        Assert.DoesNotContain(HolmesLinter.Lint(File(config), HolmesTarget.Current, []), p => p.Rule.Consequence.Contains("its prompt", StringComparison.Ordinal));
    }

    private static void AssertTold(YamlProblem? problem, string rule, int start)
    {
        Assert.NotNull(problem);
        Assert.True(problem.Position.Column > start, problem.ToString());
        Assert.StartsWith(rule switch { "header-name" => "a header's name ", "header-value" => "a header's value ", _ => "a credential " }, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem.Message, StringComparison.Ordinal);
    }

    private static string File(string config) => $"toolsets: {{grafana/dashboards: {{enabled: true, config: {{url: 'http://a.b:80', {config}}}}}}}";

    private static ToolsetValue.Map Body(string config) =>
        ToolsetValueReader.ReadMap((YamlNode.Mapping)YamlReader.Read($"{{config: {{url: 'http://a.b:80', {config}}}}}").Documents.Single());
}
