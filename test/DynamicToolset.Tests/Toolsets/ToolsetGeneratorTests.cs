using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

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
    [InlineData("jaeger: {}\ngrafana: {}", "kubernetes (grafana jaeger)")]
    [InlineData("mine: {}", "kubernetes mine")]
    [InlineData("mine: {enabled: false}", "kubernetes mine=off")]
    [InlineData("zzz: {}\naaa: {}\ngrafana: {config: {url: u}}\nprometheus: {config: {url: u}}", "kubernetes prometheus grafana aaa zzz")]
    public void Without_a_backend_only_kubernetes_and_what_the_admin_describes_is_there(string overrides, string toolsets) =>
        Assert.Equal(toolsets, Generate(overrides));

    [Theory]
    [InlineData("", "kubernetes prometheus")]
    [InlineData("prometheus: {enabled: false}", "kubernetes prometheus=off")]
    [InlineData("prometheus: {config: {timeout: 5s}}", "kubernetes prometheus")]
    [InlineData("prometheus-m-p: {}", "kubernetes prometheus prometheus-m-p")]
    public void An_override_of_a_detected_backend_is_merged_into_it(string overrides, string toolsets) =>
        Assert.Equal(toolsets, Generate(overrides, Prometheus));

    [Fact]
    public void The_order_is_kubernetes_then_the_types_then_by_key() =>
        Assert.Equal(
            "kubernetes prometheus grafana jaeger elasticsearch aaa prometheus-n-p zzz",
            Generate("zzz: {}\naaa: {}", "m/e app=elasticsearch http:9200", "m/j app=jaeger query:16686", "m/g app=grafana service:3000", Prometheus, "n/p app=prometheus web:9090"));

    [Fact]
    public void An_override_for_a_toolset_that_is_there_keeps_what_it_does_not_name()
    {
        ToolsetList list = List("prometheus: {config: {timeout: 5s, extra: {a: 1}}, note: x}", Prometheus);
        Assert.Equal(
            "toolset: prometheus\nenabled: true\nconfig:\n  url: \"http://p.m:9090\"\n  timeout: \"5s\"\n  extra:\n    a: 1\nnote: \"x\"\n",
            string.Join('\n', ToolsetYaml.Emit(list.Toolsets[1]).Split('\n')[1..]));
        Assert.Equal(new ToolsetSource.Service(new ObjectKey("m", "p")), list.Toolsets[1].Source);
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

    private static string Generate(string overrides, params string[] services)
    {
        ToolsetList list = List(overrides, services);
        string toolsets = string.Join(' ', list.Toolsets.Select(t => t.IsEnabled ? t.Name : t.Name + "=off"));
        return list.Dormant.IsEmpty ? toolsets : $"{toolsets} ({string.Join(' ', list.Dormant)})";
    }

    private static ToolsetList List(string overrides, params string[] services)
    {
        ImmutableArray<NamedEndpoint> endpoints = new NameResolver(BuiltInRules.All, []).Resolve(
            new Detector(BuiltInRules.All).DetectAll(ServiceText.ParseAll(services)).Cast<Detection.Matched>(), Incumbents.None);
        OverrideSet wanted = OverrideParser.Parse(overrides);
        Assert.Null(wanted.Problem);
        return new ToolsetGenerator(BuiltInRules.All).Generate(endpoints, wanted.Entries);
    }
}
