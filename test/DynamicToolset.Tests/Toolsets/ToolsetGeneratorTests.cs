using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.Toolsets;

public sealed class ToolsetGeneratorTests
{
    private const string Prometheus = "m/p app=prometheus web:9090";

    [Theory]
    [InlineData("", "kubernetes")]
    [InlineData("kubernetes: {enabled: false}", "kubernetes=off")]
    [InlineData("prometheus: {enabled: false}", "kubernetes (prometheus)")]
    [InlineData("prometheus: {config: {timeout: 5s}}", "kubernetes (prometheus)")]
    [InlineData("prometheus: {config: {url: null}}", "kubernetes (prometheus)")]
    [InlineData("prometheus: {config: {url: 'http://x'}}", "kubernetes prometheus")]
    [InlineData("prometheus: {url: 'http://x', timeout: 60s}", "kubernetes prometheus")]
    [InlineData("prometheus: {url: 'http://x', enabled: false}", "kubernetes prometheus=off")]
    [InlineData("prometheus: {timeout: 60s}", "kubernetes (prometheus)")]
    [InlineData("prometheus: {url: null}", "kubernetes (prometheus)")]
    [InlineData("prometheus: {url: 'http://x', config: {timeout: 5s}}", "kubernetes (prometheus)")]
    [InlineData("holmes: {url: u}", "kubernetes holmes")]
    [InlineData("jaeger: {}\ngrafana: {}", "kubernetes (grafana jaeger)")]
    [InlineData("mine: {}", "kubernetes (mine)")]
    [InlineData("mine: {config: {url: u}}", "kubernetes mine")]
    [InlineData("mine: {enabled: false}", "kubernetes (mine)")]
    [InlineData("mine: {enabled: false, url: u}", "kubernetes mine=off")]
    [InlineData("zzz: {url: u}\naaa: {url: u}\ngrafana: {config: {url: u}}\nprometheus: {config: {url: u}}", "kubernetes prometheus grafana aaa zzz")]
    public void Without_a_backend_only_kubernetes_and_what_the_admin_describes_is_there(string overrides, string toolsets) =>
        Assert.Equal(toolsets, Generate(overrides));

    [Theory]
    [InlineData("", "kubernetes prometheus")]
    [InlineData("prometheus: {enabled: false}", "kubernetes prometheus=off")]
    [InlineData("prometheus: {config: {timeout: 5s}}", "kubernetes prometheus")]
    [InlineData("prometheus: {timeout: 5s}", "kubernetes prometheus")]
    [InlineData("prometheus-m-p: {url: u}", "kubernetes prometheus prometheus-m-p")]
    [InlineData("kubernetes: {enabled: no}", "kubernetes=off prometheus")]
    [InlineData("grafana: {enabled: no}", "kubernetes prometheus (grafana)")]
    public void An_override_of_a_detected_backend_is_merged_into_it(string overrides, string toolsets) =>
        Assert.Equal(toolsets, Generate(overrides, Prometheus));

    [Fact]
    public void The_order_is_kubernetes_then_the_types_then_by_key() =>
        Assert.Equal(
            "kubernetes prometheus grafana jaeger elasticsearch aaa prometheus-n-p zzz",
            Generate("zzz: {url: u}\naaa: {url: u}", "m/e app=elasticsearch http:9200", "m/j app=jaeger query:16686", "m/g app=grafana service:3000", Prometheus, "n/p app=prometheus web:9090"));

    [Fact]
    public void An_override_for_a_toolset_that_is_there_keeps_what_it_does_not_name()
    {
        ToolsetList list = List("prometheus: {config: {timeout: 5s, extra: {a: 1}}, note: x}", Prometheus);
        Assert.Equal(
            "toolset: prometheus\nenabled: true\nconfig:\n  url: \"http://p.m:9090\"\n  timeout: \"5s\"\n  extra:\n    a: 1\nnote: \"x\"\n",
            string.Join('\n', ToolsetYaml.Emit(list.Toolsets[1]).Split('\n')[1..]));
        Assert.Equal(new ObjectKey("m", "p"), Assert.IsType<ToolsetSource.Service>(list.Toolsets[1].Source).Key);
    }

    [Fact]
    public void The_short_form_says_the_same_as_the_long_one()
    {
        ToolsetList list = List("prometheus: {timeout: 5s, enabled: no, description: mine}", Prometheus);
        Assert.Equal(
            "toolset: prometheus\nenabled: false\nconfig:\n  url: \"http://p.m:9090\"\n  timeout: \"5s\"\ndescription: \"mine\"\n",
            string.Join('\n', ToolsetYaml.Emit(list.Toolsets[1]).Split('\n')[1..]));
    }

    [Theory]
    [InlineData("loki: {enabled: false}", "kubernetes (loki)")]
    [InlineData("loki: {timeout: 5s}", "kubernetes (loki)")]
    [InlineData("loki: {url: 'http://l'}", "kubernetes loki")]
    [InlineData("tempo: {enabled: false}", "kubernetes (tempo)")]
    public void A_type_of_the_user_s_own_rules_waits_for_its_backend_like_a_built_in_one(string overrides, string toolsets)
    {
        RuleSet rules = BuiltInRules.With([new RuleFile("loki.yaml", RuleText.WithSpec("priority: 1", "loki"))]).RuleSet!;
        Assert.Equal(toolsets, Text(new ToolsetGenerator(rules, CredentialScope.Everywhere).Generate(NamesOf([]), Wanted(overrides))));
    }

    [Fact]
    public void One_map_of_as_many_keys_as_are_read_is_merged_in_a_moment()
    {
        string text = "prometheus:\n" + string.Concat(Enumerable.Range(0, 14_998).Select(i => $"  k{i}: 1\n"));
        Assert.Equal(15_000, ((ToolsetValue.Map)List(text, Prometheus).Toolsets[1].Body["config"]!).Entries.Length);
    }

    [Fact]
    public void A_toolset_of_the_admin_s_own_is_enabled_unless_it_says_otherwise()
    {
        Toolset mine = List("mine: {config: {url: u}}").Toolsets[1];
        Assert.True(mine.IsEnabled);
        Assert.Equal("custom", mine.Type);
        Assert.Equal(new ToolsetSource.Override(), mine.Source);
        Assert.Equal("prometheus", List("prometheus: {config: {url: u}}").Toolsets[1].Type);
    }

    /// <summary>What stands before the bar is left of the Grafana's configuration, and behind it what it does without.</summary>
    [Theory]
    [InlineData("", "", "url apiKey |")]
    [InlineData("m", "", "url apiKey |")]
    [InlineData("other,m", "", "url apiKey |")]
    [InlineData("other", "", "url | config.apiKey")]
    [InlineData("other", "grafana: {config: {apiKey: null}}", "url apiKey |")]
    [InlineData("other", "grafana: {config: {apiKey: plain}}", "url apiKey |")]
    [InlineData("other", "grafana: {config: {apiKey: '${OTHER}'}}", "url | config.apiKey")]
    [InlineData("other", "grafana: {apiKey: 'x${OTHER}y'}", "url | config.apiKey")]
    [InlineData("other", "grafana: {config: {headers: {Authorization: 'Bearer ${T}', X-Team: a}}}", "url headers | config.apiKey, config.headers.Authorization")]
    [InlineData("other", "grafana: {config: {headers: {Authorization: 'Bearer ${T}'}}}", "url | config.apiKey, config.headers.Authorization")]
    [InlineData("other", "grafana: {config: {list: [a, '${T}', [{x: '{{ env.T }}'}]]}}", "url list | config.apiKey, config.list[1], config.list[2][0].x")]
    [InlineData("other", "grafana: {config: {empty: {}, none: []}}", "url empty none | config.apiKey")]
    [InlineData("other", "grafana: {config: {}, note: '{{ env.T }}'}", "url | config.apiKey, note")]
    [InlineData("other", "grafana: {config: {url: 'http://mine'}}", "url apiKey |")]
    [InlineData("other", "grafana: {url: 'http://mine'}", "url apiKey |")]
    [InlineData("other", "grafana: {config: {url: null}}", "url | config.apiKey")]
    public void References_to_secrets_are_for_Services_of_the_trusted_namespaces(string trusted, string overrides, string expected)
    {
        var scope = new CredentialScope([.. trusted.Split(',', StringSplitOptions.RemoveEmptyEntries)]);
        ToolsetList list = List(scope, overrides, "m/g app=grafana service:3000");
        string keys = string.Join(' ', ((ToolsetValue.Map)list.Toolsets[1].Body["config"]!).Entries.Select(e => e.Key));
        Assert.Equal(expected, $"{keys} | {string.Concat(list.Withheld.Select(w => w.Paths))}".TrimEnd());
        Assert.All(list.Withheld, w => Assert.Equal(("grafana", new ObjectKey("m", "g")), (w.Toolset, w.Service)));
    }

    [Fact]
    public void A_toolset_of_the_admin_s_own_keeps_its_references() =>
        Assert.Empty(List(new CredentialScope(["other"]), "mine: {url: u, apiKey: '${T}'}").Withheld);

    [Theory]
    [InlineData("grafana: {timeout: 5s}", "grafana-a, grafana-b")]
    [InlineData("jaeger: {timeout: 5s}", "")]
    public void An_override_that_waits_for_a_name_tells_which_others_there_are(string overrides, string others)
    {
        const string Pinned = "app=grafana service:3000 @toolset=true @type=grafana @name=grafana-";
        DormantOverride dormant = Assert.Single(List(overrides, $"m/a {Pinned}a", $"m/b {Pinned}b").Dormant);
        Assert.Equal((DormancyReason.NoBackend, others), (dormant.Reason, dormant.Others));
    }

    private static string Generate(string overrides, params string[] services) => Text(List(overrides, services));

    private static string Text(ToolsetList list)
    {
        string toolsets = string.Join(' ', list.Toolsets.Select(t => t.IsEnabled ? t.Name : t.Name + "=off"));
        return list.Dormant.IsEmpty ? toolsets : $"{toolsets} ({string.Join(' ', list.Dormant.Select(d => d.Name))})";
    }

    private static ToolsetList List(string overrides, params string[] services) => List(CredentialScope.Everywhere, overrides, services);

    private static ToolsetList List(CredentialScope credentials, string overrides, params string[] services)
    {
        ImmutableArray<Detection.Matched> found = [.. new Detector(BuiltInRules.All).DetectAll(ServiceText.ParseAll(services)).Cast<Detection.Matched>()];
        return new ToolsetGenerator(BuiltInRules.All, credentials).Generate(NamesOf(found), Wanted(overrides));
    }

    private static GivenNames NamesOf(ImmutableArray<Detection.Matched> found) =>
        new NameResolver(BuiltInRules.All, []).Resolve(found, _ => true, Incumbents.None);

    private static ImmutableSortedDictionary<string, ToolsetValue.Map> Wanted(string overrides)
    {
        OverrideSet wanted = OverrideParser.Parse(overrides);
        Assert.Null(wanted.Problem);
        return wanted.Entries;
    }
}
