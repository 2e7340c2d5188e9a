using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class KubeApiContract
{
    [Theory, InlineData(1), InlineData(4), InlineData(11), InlineData(500)]
    public async Task Pages_join_to_the_whole_list(int pageSize)
    {
        for (int i = 0; i < 11; i++)
            await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed($"s-{i}"));
        KubeList<ServiceRecord> list = await Cluster.ClientFor(Cluster.Connection, pageSize).ListServicesAsync(Cluster.Namespace, Stop);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"s-{i}").Order(StringComparer.Ordinal), list.Items.Select(item => item.Key.Name));
    }

    [Fact]
    public async Task Later_pages_show_the_state_of_the_first()
    {
        foreach (string name in new[] { "a", "b", "c" })
            await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named(name));
        JsonObject first = await Cluster.GetAsync($"{Cluster.ConfigMaps}?limit=1");
        await Cluster.DeleteAsync($"{Cluster.ConfigMaps}/b");
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("d"));

        JsonObject rest = await Cluster.GetAsync($"{Cluster.ConfigMaps}?limit=10&continue={ContinueOf(first)}");
        Assert.Equal(["b", "c"], NamesIn(rest));
        Assert.Equal(VersionOf(first), VersionOf(rest));
    }

    [Fact]
    public async Task A_continue_token_that_has_expired_is_gone()
    {
        foreach (string name in new[] { "a", "b", "c" })
            await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named(name));
        JsonObject first = await Cluster.GetAsync($"{Cluster.ConfigMaps}?limit=1");
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("d"));
        await Cluster.ExpireListsAsync();

        (int code, JsonObject status) = await Cluster.AskAsync(HttpMethod.Get, $"{Cluster.ConfigMaps}?limit=1&continue={ContinueOf(first)}");
        Assert.Equal((410, "Expired"), (code, (string?)status["reason"]));
    }

    [Fact]
    public async Task A_list_at_a_version_that_is_not_reached_yet_times_out()
    {
        (int code, JsonObject status) = await Cluster.AskAsync(HttpMethod.Get, $"{Cluster.ConfigMaps}?resourceVersion=999999999");
        Assert.Equal((504, "Timeout"), (code, (string?)status["reason"]));
        Assert.Equal("ResourceVersionTooLarge", (string?)status["details"]!["causes"]![0]!["reason"]);
    }

    [Fact]
    public async Task A_list_of_a_namespace_holds_nothing_of_another()
    {
        await Cluster.PostAsync("/api/v1/namespaces", ContractCluster.Named(Cluster.Namespace + "-b"));
        await Cluster.PostAsync($"/api/v1/namespaces/{Cluster.Namespace}-b/services", ContractCluster.ServiceNamed("other"));
        await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("own"));
        KubeList<ServiceRecord> list = await Api.ListServicesAsync(Cluster.Namespace, Stop);
        Assert.Equal(["own"], list.Items.Select(item => item.Key.Name));
    }

    [Fact]
    public async Task A_list_of_the_cluster_holds_every_namespace()
    {
        await Cluster.PostAsync("/api/v1/namespaces", ContractCluster.Named(Cluster.Namespace + "-b"));
        await Cluster.PostAsync($"/api/v1/namespaces/{Cluster.Namespace}-b/services", ContractCluster.ServiceNamed("other"));
        await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("own"));
        KubeList<ServiceRecord> list = await Cluster.ClientFor(Cluster.Connection, pageSize: 1).ListServicesAsync(null, Stop);
        Assert.Contains(new ObjectKey(Cluster.Namespace, "own"), list.Items.Select(item => item.Key));
        Assert.Contains(new ObjectKey(Cluster.Namespace + "-b", "other"), list.Items.Select(item => item.Key));
    }

    [Fact]
    public async Task A_list_of_a_namespace_that_is_not_there_is_empty()
    {
        KubeList<ServiceRecord> list = await Api.ListServicesAsync("nowhere", Stop);
        Assert.Empty(list.Items);
        Assert.NotEmpty(list.ResourceVersion);
    }

    [Fact]
    public async Task A_list_by_name_holds_that_ConfigMap_alone()
    {
        await Cluster.GivenAsync(("a", "1"));
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("other"));
        KubeList<ConfigMapRecord> list = await Api.ListConfigMapAsync(Cluster.Key, Stop);
        Assert.Equal(Cluster.Key, Assert.Single(list.Items).Key);
    }

    [Fact]
    public async Task A_list_by_name_is_empty_where_there_is_none()
    {
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("other"));
        Assert.Empty((await Api.ListConfigMapAsync(Cluster.Key, Stop)).Items);
    }

    [Theory]
    [InlineData("""{"ports":[{"port":80}]}""", ServiceKind.ClusterIP)]
    [InlineData("""{"clusterIP":"None","ports":[{"port":80}]}""", ServiceKind.Headless)]
    [InlineData("""{"type":"NodePort","ports":[{"port":80}]}""", ServiceKind.NodePort)]
    [InlineData("""{"type":"LoadBalancer","ports":[{"port":80}]}""", ServiceKind.LoadBalancer)]
    [InlineData("""{"type":"ExternalName","externalName":"example.com","ports":[{"port":80}]}""", ServiceKind.ExternalName)]
    public async Task A_Service_is_of_its_kind(string spec, ServiceKind kind)
    {
        JsonObject service = ContractCluster.Named("s");
        service["spec"] = JsonNode.Parse(spec);
        await Cluster.PostAsync(Cluster.Services, service);
        Assert.Equal(kind, Assert.Single((await Api.ListServicesAsync(Cluster.Namespace, Stop)).Items).Kind);
    }

    [Fact]
    public async Task A_Service_is_read_with_labels_annotations_ports_and_selector()
    {
        JsonObject created = await Cluster.PostAsync(Cluster.Services, JsonNode.Parse("""
            {"metadata":{"name":"s","labels":{"app":"grafana"},"annotations":{"kubernaut.io/toolset-name":"x: \"y\""}},
             "spec":{"selector":{"app":"grafana"},"ports":[{"name":"web","port":3000,"targetPort":"http"},{"name":"dns","port":53,"protocol":"UDP","appProtocol":"example.com/dns"}]}}
            """)!.AsObject());
        ServiceRecord read = Assert.Single((await Api.ListServicesAsync(Cluster.Namespace, Stop)).Items);
        Assert.Equal((UidOf(created), VersionOf(created)), (read.Uid, read.ResourceVersion));
        Assert.Equal([new("app", "grafana")], read.Labels);
        Assert.Equal([new("kubernaut.io/toolset-name", "x: \"y\"")], read.Annotations);
        Assert.Equal([new ServicePort("web", 3000, TargetPort: "http"), new ServicePort("dns", 53, "UDP", "example.com/dns", "53")], read.Ports);
        Assert.Equal([new("app", "grafana")], read.Selector);
    }

    private static string ContinueOf(JsonObject list) => Uri.EscapeDataString((string)list["metadata"]!["continue"]!);

    private static IEnumerable<string> NamesIn(JsonObject list) => list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!);
}
