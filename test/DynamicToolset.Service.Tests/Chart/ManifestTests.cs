using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.Deploy;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>The chart brings what the manifests of <c>deploy</c> bring, object by object. What differs is meant, and stands here.</summary>
public sealed class ManifestTests
{
    /// <summary>Each tool's own labels.</summary>
    private static readonly string[] ToolLabels = ["app.kubernetes.io/managed-by", "app.kubernetes.io/version", "helm.sh/chart"];

    [Theory]
    // Helm makes the namespace itself, without labels (--create-namespace); the pod is that of helm test.
    [InlineData("deploy/base", "", "Namespace/kubernaut-system", "Pod/dynamic-toolset-test")]
    [InlineData("deploy/overlays/ha", "ha: {enabled: true}", "Namespace/kubernaut-system", "Pod/dynamic-toolset-test")]
    public async Task The_chart_is_what_Kustomize_makes(string folder, string values, params string[] differences)
    {
        Dictionary<string, string> expected = Comparable(await KustomizeAsync(folder));
        Dictionary<string, string> actual = Comparable(await Rendering.OfAsync(values));
        IEnumerable<string> inOne = [.. expected.Keys.Except(actual.Keys), .. actual.Keys.Except(expected.Keys)];
        Assert.Equal(differences.Order(StringComparer.Ordinal), inOne.Order(StringComparer.Ordinal));
        Assert.All(expected.Keys.Intersect(actual.Keys), id => Assert.Equal(expected[id], actual[id]));
    }

    [Theory]
    [InlineData("proxyChecks: true", "deploy/proxy-checks/rbac.yaml", "ClusterRole/dynamic-toolset-proxy-checks")]
    [InlineData("proxyChecks: true", "deploy/proxy-checks/rbac.yaml", "ClusterRoleBinding/dynamic-toolset-proxy-checks")]
    [InlineData("configMap: {namespace: holmes}", "deploy/holmesgpt/rbac.yaml", "RoleBinding/dynamic-toolset")]
    public async Task The_chart_is_what_the_files_beside_the_base_say(string values, string file, string id)
    {
        Rendering shipped = Rendering.Read(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, file), TestContext.Current.CancellationToken));
        Assert.Equal(Text(shipped.Get(id)), Text((await Rendering.OfAsync(values)).Get(id), withoutLabels: true));
    }

    /// <summary>The Lease lies beside the ConfigMap, so that the role has it too.</summary>
    [Theory]
    [InlineData("configMap: {namespace: holmes}", "deploy/holmesgpt/rbac.yaml", "Role/dynamic-toolset", "Role/dynamic-toolset")]
    [InlineData("holmesgpt: {readers: [{name: r, namespace: a}]}", "deploy/holmesgpt/reader-rbac.yaml", "Role/toolset-reader", "Role/dynamic-toolset-reader")]
    public async Task Whoever_works_with_the_ConfigMap_elsewhere_has_the_rights_of_the_file(string values, string file, string theirs, string ours)
    {
        Rendering shipped = Rendering.Read(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, file), TestContext.Current.CancellationToken));
        JsonObject role = (await Rendering.OfAsync(values)).Get(ours);
        JsonObject shippedRole = shipped.Get(theirs);
        Assert.True(JsonNode.DeepEquals(shippedRole["rules"], role["rules"]), role.ToJsonString());
        Assert.Equal((string?)shippedRole["metadata"]!["namespace"], (string?)role["metadata"]!["namespace"]);
    }

    /// <summary>Only what the ServiceMonitor selects differs: the Service of its own release.</summary>
    [Fact]
    public async Task Monitoring_is_that_of_its_folder()
    {
        const string Selected = "spec selector matchLabels";
        Rendering expected = await KustomizeAsync("deploy/monitoring");
        Rendering actual = await Rendering.OfAsync("{serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboards: {enabled: true}}");
        Assert.Equal(3, expected.Objects.Length);
        foreach (string id in expected.Objects.Select(Rendering.IdOf))
        {
            (JsonNode wanted, JsonNode found) = (expected.Get(id).DeepClone(), actual.Get(id).DeepClone());
            foreach ((string label, JsonNode? value) in wanted["metadata"]!["labels"]!.AsObject())
                Assert.Equal((string?)value, (string?)found["metadata"]!["labels"]![label]);
            wanted["metadata"]!.AsObject().Remove("labels");
            found["metadata"]!.AsObject().Remove("labels");
            foreach (string label in (string[])["app.kubernetes.io/name", "app.kubernetes.io/instance"])
                (found["spec"]?["selector"]?["matchLabels"] as JsonObject)?.Remove(label);
            Assert.Equal(Sorted(wanted), Sorted(found));
        }

        Assert.Equal("dynamic-toolset", (string?)actual.At($"ServiceMonitor/dynamic-toolset {Selected} app"));
    }

    private static async Task<Rendering> KustomizeAsync(string folder) => Rendering.Read((await RenderedManifests.OfAsync(folder)).Text);

    private static Dictionary<string, string> Comparable(Rendering rendering) => rendering.Objects.ToDictionary(Rendering.IdOf, o => Text(o));

    /// <summary>
    /// Without what is meant to differ: the tool's labels, and the default protocol, which a server-side apply has to write out. The order of variables
    /// means nothing, and a patch of Kustomize puts its own first.
    /// </summary>
    private static string Text(JsonObject manifest, bool withoutLabels = false)
    {
        JsonObject copy = manifest.DeepClone().AsObject();
        JsonObject metadata = copy["metadata"]!.AsObject();
        foreach (string label in ToolLabels)
            (metadata["labels"] as JsonObject)?.Remove(label);
        if (withoutLabels)
            metadata.Remove("labels");
        foreach (JsonNode? container in copy["spec"]?["template"]?["spec"]?["containers"]?.AsArray() ?? [])
            container!["env"] = new JsonArray([.. container["env"]!.AsArray().OrderBy(e => (string?)e!["name"], StringComparer.Ordinal).Select(e => e!.DeepClone())]);
        return Sorted(copy).Replace(",\"protocol\":\"TCP\"", "", StringComparison.Ordinal);
    }

    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject map => $"{{{string.Join(',', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"\"{p.Key}\":{Sorted(p.Value)}"))}}}",
        JsonArray list => $"[{string.Join(",", list.Select(Sorted))}]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
