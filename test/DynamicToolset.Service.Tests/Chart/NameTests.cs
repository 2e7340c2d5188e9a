using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>Releases do not meet, and each one's objects find each other.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("dynamic-toolset", "kubernaut-system", "dynamic-toolset", "dynamic-toolset")]
    [InlineData("my-dynamic-toolset", "kubernaut-system", "my-dynamic-toolset", "my-dynamic-toolset")]
    [InlineData("blue", "kubernaut-system", "blue-dynamic-toolset", "blue-dynamic-toolset")]
    [InlineData("dynamic-toolset", "team-a", "dynamic-toolset", "dynamic-toolset-team-a")]
    [InlineData("blue", "team-a", "blue-dynamic-toolset", "blue-dynamic-toolset-team-a")]
    public async Task Objects_are_called_by_the_release_and_those_of_the_cluster_by_the_namespace_too(
        string release, string ns, string name, string clusterName)
    {
        Rendering rendering = await Rendering.OfAsync("", release, ns);
        Assert.NotNull(rendering.At($"Deployment/{name}"));
        Assert.NotNull(rendering.At($"ClusterRole/{clusterName}-reader"));
        Assert.Equal(clusterName, (string?)rendering.At($"ClusterRoleBinding/{clusterName} roleRef name"));
    }

    [Theory]
    [InlineData("dynamic-toolset", "kubernaut-system", "dynamic-toolset", "team-a")]
    [InlineData("dynamic-toolset", "team-a", "dynamic-toolset", "team-b")]
    [InlineData("blue", "team-a", "green", "team-a")]
    public async Task Two_releases_have_no_object_in_common(string release, string ns, string otherRelease, string otherNamespace)
    {
        const string Everything =
            "{proxyChecks: true, namespaces: [shared], configMap: {namespace: holmes}, holmesgpt: {readers: [{name: r, namespace: a}]}, detectors: {rules: {a.yaml: x}}, "
            + "ha: {enabled: true}, serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboards: {enabled: true}}";
        Rendering one = await Rendering.OfAsync(Everything, release, ns);
        Rendering other = await Rendering.OfAsync(Everything, otherRelease, otherNamespace);
        Assert.Empty(one.Objects.Select(Place).Intersect(other.Objects.Select(Place)));
        Assert.Equal(one.Objects.Length, one.Objects.Select(Place).Distinct().Count());

        static string Place(JsonObject o) => $"{o["metadata"]!["namespace"]} {Rendering.IdOf(o)}";
    }

    [Theory]
    [InlineData("dynamic-toolset", "")]
    [InlineData("blue", "")]
    [InlineData("blue", "nameOverride: other")]
    [InlineData("blue", "fullnameOverride: other")]
    public async Task What_selects_pods_selects_those_of_its_own_release_and_not_that_of_the_test(string release, string values)
    {
        Rendering rendering = await Rendering.OfAsync($"{{ha: {{enabled: true}}{(values.Length > 0 ? $", {values}" : "")}}}", release);
        JsonObject pods = rendering.Objects.Single(o => (string?)o["kind"] == "Deployment")["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();
        JsonObject test = rendering.Objects.Single(o => (string?)o["kind"] == "Pod")["metadata"]!["labels"]!.AsObject();
        JsonObject[] selectors = [.. rendering.Objects.SelectMany(SelectorsOf)];
        Assert.Equal(6, selectors.Length);
        Assert.All(selectors, selector =>
        {
            Assert.Equal(release, (string?)selector["app.kubernetes.io/instance"]);
            Assert.True(Selects(selector, pods));
            Assert.False(Selects(selector, test));
        });
    }

    [Fact]
    public async Task A_ServiceMonitor_finds_the_Service_of_its_own_release()
    {
        Rendering rendering = await Rendering.OfAsync("serviceMonitor: {enabled: true}", "blue");
        JsonObject selector = rendering.At("ServiceMonitor/blue-dynamic-toolset spec selector matchLabels")!.AsObject();
        Assert.True(Selects(selector, rendering.At("Service/blue-dynamic-toolset metadata labels")!.AsObject()));
        Assert.False(Selects(selector, (await Rendering.OfAsync("", "green")).At("Service/green-dynamic-toolset metadata labels")!.AsObject()));
    }

    [Fact]
    public async Task A_long_name_is_cut_where_a_Service_may_have_no_longer_one()
    {
        string release = new('r', 53);
        Rendering rendering = await Rendering.OfAsync("ha: {enabled: true}", release);
        Assert.All(rendering.Objects.Where(o => (string?)o["kind"] is "Service" or "Deployment"), o => Assert.InRange(((string)o["metadata"]!["name"]!).Length, 1, 63));
        Assert.All(rendering.Objects.SelectMany(o => o["metadata"]!["labels"]!.AsObject()), label => Assert.InRange(((string)label.Value!).Length, 1, 63));
    }

    /// <summary>YAML takes these for true, for no and for a number.</summary>
    [Fact]
    public async Task A_name_is_a_text_whatever_YAML_would_take_it_for()
    {
        Rendering rendering = await Rendering.OfAsync(
            "{fullnameOverride: 'y', namespaces: ['1e3'], configMap: {name: 'no', namespace: '0'}, holmesgpt: {readers: [{name: 'n', namespace: '7'}]}, ha: {enabled: true}}", "on", "123");
        Assert.Equal("123", (string?)rendering.At("Deployment/y metadata namespace"));
        Assert.Equal("on", (string?)rendering.At("Deployment/y spec selector matchLabels app.kubernetes.io/instance"));
        Assert.Equal("no", (string?)rendering.At("Role/y-123 rules 0 resourceNames 0"));
        Assert.All(rendering.Objects.SelectMany(NamesIn), name => Assert.Equal(JsonValueKind.String, name.GetValueKind()));
    }

    [Fact]
    public async Task Every_object_bears_the_labels_of_its_release() => Assert.All(
        (await Rendering.OfAsync("ha: {enabled: true}", "blue")).Objects,
        o => Assert.Equal("blue", (string?)o["metadata"]!["labels"]!["app.kubernetes.io/instance"]));

    /// <summary>Pods of the Deployment, of the Service, of the policy, of the budget, and those to be spread.</summary>
    private static IEnumerable<JsonObject> SelectorsOf(JsonObject o)
    {
        JsonNode? spec = o["spec"];
        IEnumerable<JsonNode?> found = (string?)o["kind"] switch
        {
            "Service" => [spec!["selector"]],
            "Deployment" => [spec!["selector"]!["matchLabels"], .. spec["template"]!["spec"]!["topologySpreadConstraints"]!.AsArray().Select(c => c!["labelSelector"]!["matchLabels"])],
            "NetworkPolicy" => [spec!["podSelector"]!["matchLabels"]],
            "PodDisruptionBudget" => [spec!["selector"]!["matchLabels"]],
            _ => [],
        };
        return found.Select(s => s!.AsObject());
    }

    private static IEnumerable<JsonNode> NamesIn(JsonNode? node) => node switch
    {
        JsonObject map => map.Where(p => p.Key is "name" or "namespace" or "serviceAccountName" && p.Value is JsonValue).Select(p => p.Value!)
            .Concat(map.SelectMany(p => NamesIn(p.Value))),
        JsonArray list => list.SelectMany(NamesIn),
        _ => [],
    };

    private static bool Selects(JsonObject selector, JsonObject labels) => selector.All(s => JsonNode.DeepEquals(labels[s.Key], s.Value));
}
