using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Validation;

namespace DynamicToolset.Tests.Overrides;

/// <summary>What is said of overrides that somebody hardly meant as they stand.</summary>
public sealed class OverrideHintsTests
{
    private const string Unknown = "this is not a type and has no config.url, so it has an effect only while a Service has this name: ";
    private const string NoUrl = "this is not a URL: begin it with http:// or https://, as in http://name.namespace:9090";
    private const string Template = "this template is not rendered, and is used as it is: render it with helm template";
    private const string NotRead = "nothing reads this key";

    public static TheoryData<string, string> Slips { get; } = new()
    {
        { "elastic: {enabled: false}", $"1:1: {Unknown}did you mean elasticsearch?" },
        { "es: {enabled: false}", $"1:1: {Unknown}did you mean elasticsearch?" },
        { "prom: {enabled: false}", $"1:1: {Unknown}did you mean prometheus?" },
        { "k8s: {enabled: false}", $"1:1: {Unknown}did you mean kubernetes?" },
        { "victoriametrics: {enabled: false}", $"1:1: {Unknown}did you mean prometheus?" },
        { "grafana-toolset: {enabled: false}", $"1:1: {Unknown}did you mean grafana?" },
        { "kubernetes-toolset: {enabled: false}", $"1:1: {Unknown}did you mean kubernetes?" },
        { "holmes-toolsets: {enabled: false}", $"1:1: {Unknown}this is not the name of one toolset, but of the file with all of them: write one name, such as kubernetes" },
        { "prometheus: {config: {url: prometheus.m:9090}}", $"1:28: {NoUrl}" },
        { "prometheus: {url: //prometheus.m:9090}", $"1:19: {NoUrl}" },
        { "mine: {config: {url: 'ftp://m'}}", $"1:22: {NoUrl}" },
        { "prometheus: {config: {prometheus_url: prometheus.m}}", $"1:39: {NoUrl}" },
        { "grafana: {config: {prometheus_url: 'http://g'}}", $"1:20: {NotRead} of this toolset: write \"url\"" },
        { "prometheus: {api_url: 'http://p'}", $"1:14: {NotRead} of this toolset: write \"url\"" },
        { "jaeger: {config: {api_url: 'http://j'}}", $"1:19: {NotRead} of this toolset: write \"url\"" },
        { "grafana: {config: {URL: 'http://g'}}", $"1:20: {NotRead}: did you mean \"url\"?" },
        { "grafana: {config: {enabled: false}}", $"1:20: {NotRead} here: move it out of \"config\", to the same level" },
        { "grafana: {url: 'http://g', config: {}}", $"1:11: {NotRead} here: move it into \"config\"" },
        { "grafana: {config: {url: '{{ .Values.grafana.url }}'}}", $"1:25: {Template}" },
        { "grafana: {config: {org: ['{{ include \"x\" . }}']}}", $"1:26: {Template}" },
        { "grafana: {description: '{{- .Release.Name }}'}", $"1:24: {Template}" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_likely_slip_is_told_with_its_place_and_what_to_write(string text, string told)
    {
        FileCheck check = FileCheck.Of([new RuleFile("overrides.yaml", text)]);
        Assert.Empty(check.Problems);
        Assert.Equal($"overrides.yaml:{told}", Assert.Single(check.Warnings).ToString());
    }

    [Theory]
    [InlineData("prometheus: {config: {prometheus_url: 'https://p'}}")]
    [InlineData("grafana: {config: {api_url: 'http://g'}}")]
    [InlineData("grafana: {url: 'HTTP://g', apiKey: '${KEY}'}")]
    [InlineData("grafana: {config: {url: '${GRAFANA_URL}'}}")]
    [InlineData("grafana: {config: {url: '{{ env.GRAFANA_URL }}', api_key: '{{ env.KEY }}'}}")]
    [InlineData("grafana: {config: {url: null}}")]
    [InlineData("elastic: {url: 'http://e', note: {url: other}}")]
    [InlineData("kubernetes: {enabled: false}")]
    public void What_may_well_be_meant_is_not(string text)
    {
        FileCheck check = FileCheck.Of([new RuleFile("overrides.yaml", text)]);
        Assert.Empty(check.Problems);
        Assert.Empty(check.Warnings);
    }

    [Theory]
    [InlineData("grafana: {{ .Values.x }}\n", "1:11: ")]
    [InlineData("{{- if .Values.x }}\ngrafana: {}\n{{- end }}\n", "1:2: ")]
    [InlineData("grafana:\n  enabled: '{{ .Values.x }}'\n", "2:12: \"enabled\" must be true or false")]
    public void A_template_is_told_to_be_rendered_first(string text, string told)
    {
        string problem = OverrideParser.Parse(text).Problem!.ToString();
        Assert.StartsWith(told, problem, StringComparison.Ordinal);
        Assert.EndsWith(". It looks like a template: render it first, for example with helm template", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("template", OverrideParser.Parse($"a: {{b: '{{{{ x }}}}'}}\n{text.Replace("{{", "[", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal)}").Problem!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_a_text_are_told_in_their_order()
    {
        FileCheck check = FileCheck.Of([new RuleFile("overrides.yaml", "A: {}\nb:\n  enabled: 3\n  config: x\nc: {enabled: true}\noverrides: {}\n")]);
        Assert.Equal(["1:1", "3:12", "4:11", "6:1"], check.Problems.Select(p => $"{p.Position}"));
        string many = string.Concat(Enumerable.Range(0, 5000).Select(i => $"A{i}: {{}}\n"));
        Assert.Equal(100, OverrideParser.Parse(many).Problems.Count());
    }

    [Fact]
    public void Of_many_slips_the_first_are_told() =>
        Assert.Equal(100, OverrideParser.Parse(string.Concat(Enumerable.Range(0, 5000).Select(i => $"a{i}: {{URL: x}}\n"))).Slips.Length);
}
