using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Tests.Scripted;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class ServiceListTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_Service_only_the_fields_that_decide_are_kept()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("77", "", """
            {
              "metadata": {
                "name": "graf\u0061na", "namespace": "monitoring", "uid": "u1", "resourceVersion": "12",
                "labels": {"app": "grafana", "tier": "\"quoted\" ü"},
                "annotations": {"kubernaut.io/toolset": "true", "kubectl.kubernetes.io/last-applied-configuration": "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"annotations\":{},\"name\":\"grafana\",\"namespace\":\"monitoring\"},\"spec\":{\"ports\":[]}}", "sandbox.dynamic-toolset/answer": "503", "service.beta.openshift.io/serving-cert-secret-name": "tls"},
                "managedFields": [{"manager": "helm", "fieldsV1": {"f:metadata": {"f:name": {}}}}]
              },
              "spec": {
                "type": "ClusterIP", "clusterIP": "None", "selector": {"app": "x"},
                "ports": [{"name": "service", "port": 3000, "targetPort": "http", "protocol": "TCP", "appProtocol": "http"}, {"port": 9, "targetPort": 10}]
              },
              "status": {"loadBalancer": {}}
            }
            """)));
        using KubeApiClient client = server.Client();

        KubeList<ServiceRecord> list = await client.ListServicesAsync(null, Stop);

        ServiceRecord service = Assert.Single(list.Items);
        Assert.Equal("77", list.ResourceVersion);
        Assert.Equal(new ObjectKey("monitoring", "grafana"), service.Key);
        Assert.Equal(("u1", "12", ServiceKind.Headless), (service.Uid, service.ResourceVersion, service.Kind));
        Assert.Equal(new Dictionary<string, string> { ["app"] = "grafana", ["tier"] = "\"quoted\" ü" }, service.Labels);
        Assert.Equal(["kubernaut.io/toolset", "sandbox.dynamic-toolset/answer", "service.beta.openshift.io/serving-cert-secret-name"], service.Annotations.Keys);
        Assert.Equal([new ServicePort("service", 3000, "TCP", "http", "http"), new ServicePort(null, 9, TargetPort: "10")], service.Ports.AsEnumerable());
        Assert.Equal(new Dictionary<string, string> { ["app"] = "x" }, service.Selector);
    }

    [Theory]
    [InlineData("service.beta.openshift.io/serving-cert-secret-name", 128, true)]
    [InlineData("kubectl.kubernetes.io/last-applied-configuration", 129, false)]
    [InlineData("kubernaut.io/health-endpoint", 1000, true)]
    [InlineData("kubernaut\\u002eio/health-endpoint", 1000, true)]
    public async Task Annotations_of_others_are_kept_unless_they_are_long(string key, int length, bool isKept)
    {
        string item = $$$"""{"metadata":{"annotations":{"{{{key}}}":"{{{new string('x', length)}}}"},"name":"a","namespace":"b","resourceVersion":"1"}}""";
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("1", "", item)));
        using KubeApiClient client = server.Client();
        Assert.Equal(isKept ? 1 : 0, (await client.ListServicesAsync(null, Stop)).Items[0].Annotations.Count);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"targetPort":null}""", null)]
    [InlineData("""{"targetPort":""}""", null)]
    [InlineData("""{"targetPort":{"a":[1]}}""", null)]
    [InlineData("""{"targetPort":1.5}""", null)]
    [InlineData("""{"targetPort":1e3}""", null)]
    [InlineData("""{"targetPort":8080}""", "8080")]
    [InlineData("""{"targetPort":"8080"}""", "8080")]
    [InlineData("""{"targetPort":"\u0068ttp","port":80}""", "http")]
    public async Task The_port_of_the_pods_is_a_name_or_a_number(string port, string? expected)
    {
        string item = $$$"""{"metadata":{"name":"a","namespace":"b","resourceVersion":"1"},"spec":{"ports":[{{{port}}}]}}""";
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("1", "", item)));
        using KubeApiClient client = server.Client();
        Assert.Equal(expected, (await client.ListServicesAsync(null, Stop)).Items[0].Ports[0].TargetPort);
    }

    /// <summary>Somewhere in a long list a buffer ends within the digits: the padding lets it end at every place of a port.</summary>
    [Fact]
    public async Task A_port_of_the_pods_that_lies_across_two_buffers_is_read_whole()
    {
        const string Port = """{"targetPort":54321}""";
        string ports = string.Join(',', Enumerable.Repeat(Port, 3000));
        await using var server = new ScriptedServer([.. Enumerable.Range(0, Port.Length + 1).Select(Answer)]);
        using KubeApiClient client = server.Client();
        for (int padding = 0; padding <= Port.Length; padding++)
        {
            ServiceRecord service = (await client.ListServicesAsync(null, Stop)).Items[0];
            Assert.All(service.Ports, p => Assert.Equal("54321", p.TargetPort));
        }

        Func<Exchange, Task> Answer(int padding) => e => e.AnswerAsync(200, Json.ServiceList(
            "1", "", $$$"""{"metadata":{"name":"a{{{new string('a', padding)}}}","namespace":"b","resourceVersion":"1"},"spec":{"ports":[{{{ports}}}]}}"""));
    }

    [Theory]
    [InlineData("""{"clusterIP":"10.0.0.1"}""", ServiceKind.ClusterIP)]
    [InlineData("""{"type":"ClusterIP","clusterIP":"None"}""", ServiceKind.Headless)]
    [InlineData("""{"type":"NodePort","clusterIP":"10.0.0.1"}""", ServiceKind.NodePort)]
    [InlineData("""{"type":"LoadBalancer"}""", ServiceKind.LoadBalancer)]
    [InlineData("""{"type":"ExternalName","externalName":"example.com"}""", ServiceKind.ExternalName)]
    [InlineData("null", ServiceKind.ClusterIP)]
    public async Task The_kind_of_a_Service_is_its_type_and_whether_it_has_an_address(string spec, ServiceKind expected)
    {
        string item = $$$"""{"metadata":{"name":"a","namespace":"b","resourceVersion":"1","labels":null},"spec":{{{spec}}}}""";
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("1", "", item)));
        using KubeApiClient client = server.Client();
        Assert.Equal(expected, (await client.ListServicesAsync(null, Stop)).Items[0].Kind);
    }

    [Fact]
    public async Task Pages_are_joined_and_the_version_of_the_first_counts()
    {
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(200, Json.ServiceList("10", "to+ken/1", Json.Service("a"), Json.Service("b"))),
            e => e.AnswerAsync(200, Json.ServiceList("10", "t2", Json.Service("c"))),
            e => e.AnswerAsync(200, Json.ServiceList("10", "")));
        using KubeApiClient client = server.Client();

        KubeList<ServiceRecord> list = await client.ListServicesAsync("shop", Stop);

        Assert.Equal(["a", "b", "c"], list.Items.Select(service => service.Key.Name));
        Assert.Equal("10", list.ResourceVersion);
        Assert.Equal(
            ["/api/v1/namespaces/shop/services?limit=500", "/api/v1/namespaces/shop/services?limit=500&continue=to%2Bken%2F1", "/api/v1/namespaces/shop/services?limit=500&continue=t2"],
            server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task An_expired_continue_token_restarts_the_list_and_no_page_of_the_old_one_remains()
    {
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(200, Json.ServiceList("10", "t1", Json.Service("deleted-meanwhile"))),
            e => e.AnswerAsync(410, Json.Status(410, "Expired")),
            e => e.AnswerAsync(200, Json.ServiceList("20", "t2", Json.Service("a"))),
            e => e.AnswerAsync(200, Json.ServiceList("20", "", Json.Service("b"))));
        using KubeApiClient client = server.Client();

        KubeList<ServiceRecord> list = await client.ListServicesAsync(null, Stop);

        Assert.Equal(["a", "b"], list.Items.Select(service => service.Key.Name));
        Assert.Equal("20", list.ResourceVersion);
    }

    [Fact]
    public async Task Tokens_that_expire_again_and_again_are_an_error_and_not_an_endless_loop()
    {
        await using var server = new ScriptedServer([.. Enumerable.Range(0, 10).Select(i => (Func<Exchange, Task>)(i % 2 == 0
            ? e => e.AnswerAsync(200, Json.ServiceList("10", "t", Json.Service("a")))
            : e => e.AnswerAsync(410, Json.Status(410, "Expired"))))]);
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.True(error.IsGone);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task A_failure_on_a_later_page_fails_the_whole_list()
    {
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(200, Json.ServiceList("10", "t1", Json.Service("a"))),
            e => e.AnswerAsync(500, Json.Status(500, "InternalError")));
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.Equal((500, true), (error.Code, error.IsRetryable));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"kind":"ServiceList","apiVersion":"v1","items":[]}""")]
    [InlineData("""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""")]
    [InlineData("""{"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":{}}""")]
    [InlineData("""{"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":[7]}""")]
    [InlineData("""{"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}]}""")]
    [InlineData("<html>please log in</html>")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    public async Task What_is_no_list_of_Services_is_never_taken_for_an_empty_one(string body)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, body));
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.Equal(KubeFault.Malformed, error.Fault);
        Assert.True(error.IsRetryable);
        Assert.DoesNotContain("log in", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_null_instead_of_items_is_an_empty_list()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, """{"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":null}"""));
        using KubeApiClient client = server.Client();
        Assert.Empty((await client.ListServicesAsync(null, Stop)).Items);
    }

    [Fact]
    public async Task A_list_that_comes_byte_by_byte_is_read_as_any_other()
    {
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            await e.DribbleAsync(Json.ServiceList("1", "", Json.Service("a"), Json.Service("b")));
            await e.EndAsync();
        });
        using KubeApiClient client = server.Client();
        Assert.Equal(["a", "b"], (await client.ListServicesAsync(null, Stop)).Items.Select(service => service.Key.Name));
    }

    [Fact]
    public async Task An_item_longer_than_any_buffer_is_read()
    {
        string large = Json.Service("large").Replace("\"spec\"", $$"""
            "junk":{"a":["{{new string('x', 300_000)}}",{"b":1}]},"spec"
            """, StringComparison.Ordinal);
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("1", "", Json.Service("a"), large, Json.Service("z"))));
        using KubeApiClient client = server.Client();
        ImmutableArray<ServiceRecord> items = (await client.ListServicesAsync(null, Stop)).Items;
        Assert.Equal(["a", "large", "z"], items.Select(service => service.Key.Name));
    }

    [Theory, InlineData("cut"), InlineData("reset"), InlineData("ended")]
    public async Task A_list_that_breaks_off_is_an_error_and_never_a_short_list(string how)
    {
        string whole = Json.ServiceList("1", "", Json.Service("a"), Json.Service("b"));
        await using var server = new ScriptedServer(async e =>
        {
            await e.BeginAsync();
            await e.ChunkAsync(whole[..(whole.IndexOf("\"b\"", StringComparison.Ordinal) - 20)]);
            if (how == "reset")
                e.Reset();
            else if (how == "ended")
                await e.EndAsync();
            else
                throw new IOException("closed");
        });
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.Contains(error.Fault, new[] { KubeFault.Truncated, KubeFault.Unreachable });
    }

    [Fact]
    public async Task Texts_that_recur_are_held_once()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("1", "", Json.Service("a", ns: "shop"), Json.Service("b", ns: "shop"))));
        using KubeApiClient client = server.Client();
        ImmutableArray<ServiceRecord> items = (await client.ListServicesAsync(null, Stop)).Items;
        Assert.Same(items[0].Key.Namespace, items[1].Key.Namespace);
    }
}
