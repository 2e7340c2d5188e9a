using System.Text.Json.Nodes;
using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class ListTests
{
    [Fact]
    public async Task Pages_join_to_the_list_as_it_was_at_the_first_page()
    {
        await using Cluster cluster = await StartAsync();
        for (int index = 0; index < 5; index++)
        {
            await cluster.GivenConfigMapAsync($"a{index}");
        }

        Answer first = (await cluster.GetAsync($"{ConfigMaps}?limit=2")).Expect(200);
        Assert.Equal(["a0", "a1"], first.Names);
        Assert.Equal(3, (int)first.At("metadata", "remainingItemCount")!);
        await cluster.GivenConfigMapAsync("a25");
        (await cluster.DeleteAsync($"{ConfigMaps}/a3")).Expect(200);

        Answer second = (await cluster.GetAsync($"{ConfigMaps}?limit=2&continue={first.Text("metadata", "continue")}")).Expect(200);
        Answer third = (await cluster.GetAsync($"{ConfigMaps}?limit=2&continue={second.Text("metadata", "continue")}")).Expect(200);
        Assert.Equal(["a2", "a3"], second.Names);
        Assert.Equal(["a4"], third.Names);
        Assert.Null(third.At("metadata", "continue"));
        Assert.Equal([first.Version, first.Version], [second.Version, third.Version]);
    }

    [Fact]
    public async Task An_expired_page_is_gone_but_its_answer_says_how_to_read_the_rest()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        await cluster.GivenConfigMapAsync("b");
        Answer first = await cluster.GetAsync($"{ConfigMaps}?limit=1");
        await cluster.GivenConfigMapAsync("c");
        cluster.Sim.ExpireHistory();
        Answer expired = (await cluster.GetAsync($"{ConfigMaps}?limit=1&continue={first.Text("metadata", "continue")}")).Expect(410, "Expired");
        Answer rest = (await cluster.GetAsync($"{ConfigMaps}?continue={expired.Text("metadata", "continue")}")).Expect(200);
        Assert.Equal(["b", "c"], rest.Names);
    }

    [Fact]
    public async Task Items_of_a_list_carry_no_kind_of_their_own()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        Answer list = (await cluster.GetAsync(ConfigMaps)).Expect(200);
        Assert.Equal("ConfigMapList", list.Text("kind"));
        Assert.Equal(["metadata", "data"], list.Body["items"]![0]!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("fieldSelector=metadata.name%3Db", "b")]
    [InlineData("fieldSelector=metadata.name!%3Db", "a,c")]
    [InlineData("fieldSelector=metadata.namespace%3Dother", "")]
    [InlineData("labelSelector=tier%3Dfront", "a")]
    [InlineData("labelSelector=tier+in+(front,back)", "a,b")]
    [InlineData("labelSelector=tier+in+(front,back),tier!%3Dback", "a")]
    [InlineData("labelSelector=!tier", "c")]
    [InlineData("limit=1&labelSelector=tier", "a")]
    public async Task A_selector_narrows_a_list(string query, string names)
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a","labels":{"tier":"front"}}}""")).Expect(201);
        (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"b","labels":{"tier":"back"}}}""")).Expect(201);
        (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"c"}}""")).Expect(201);
        Assert.Equal(names, string.Join(',', (await cluster.GetAsync($"{ConfigMaps}?{query}")).Expect(200).Names));
    }

    [Fact]
    public async Task A_list_over_all_namespaces_is_sorted_by_namespace_and_name()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("z");
        (await cluster.PostAsync("/api/v1/namespaces/kube-system/configmaps", """{"metadata":{"name":"a"}}""")).Expect(201);
        Assert.Equal(["z", "a"], (await cluster.GetAsync("/api/v1/configmaps")).Expect(200).Names);
    }

    [Theory]
    [InlineData("resourceVersion=999999", 504, "Timeout")]
    [InlineData("resourceVersion=0", 200, null)]
    [InlineData("resourceVersion=0&resourceVersionMatch=NotOlderThan", 200, null)]
    [InlineData("resourceVersion=1&resourceVersionMatch=Exact", 200, null)]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", 422, "Invalid")]
    [InlineData("resourceVersionMatch=Exact", 422, "Invalid")]
    [InlineData("resourceVersion=1&resourceVersionMatch=Other", 422, "Invalid")]
    [InlineData("fieldSelector=spec.type%3DClusterIP", 400, "BadRequest")]
    [InlineData("labelSelector=%3D%3D", 400, "BadRequest")]
    [InlineData("limit=many", 400, "BadRequest")]
    [InlineData("continue=bm90IG91cnM", 400, "BadRequest")]
    public async Task The_parameters_of_a_list_are_checked(string query, int code, string? reason)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.GetAsync($"{ConfigMaps}?{query}")).Expect(code);
        Assert.Equal(reason, answer.Reason);
    }

    [Fact]
    public async Task A_version_from_the_future_is_named_in_the_refusal()
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.GetAsync($"{ConfigMaps}?resourceVersion=999999")).Expect(504, "Timeout");
        Assert.Equal($"Timeout: Too large resource version: 999999, current: {cluster.Sim.Store.Version}", answer.Message);
        Assert.Equal("ResourceVersionTooLarge", (string?)answer.At("details", "causes")![0]!["reason"]);
    }

    [Fact]
    public async Task An_exact_version_shows_the_past()
    {
        await using Cluster cluster = await StartAsync();
        Answer first = await cluster.GivenConfigMapAsync("a");
        await cluster.GivenConfigMapAsync("b");
        string past = $"{ConfigMaps}?resourceVersion={first.Version}&resourceVersionMatch=Exact";
        Assert.Equal(["a"], (await cluster.GetAsync(past)).Expect(200).Names);
        cluster.Sim.ExpireHistory();
        (await cluster.GetAsync(past)).Expect(410, "Expired");
    }

    [Fact]
    public async Task The_history_is_bounded()
    {
        await using Cluster cluster = await StartAsync(new KubeSimOptions { HistoryLimit = 2 });
        Answer first = await cluster.GivenConfigMapAsync("a");
        await cluster.GivenConfigMapAsync("b");
        await cluster.GivenConfigMapAsync("c");
        string past = $"{ConfigMaps}?resourceVersionMatch=Exact&resourceVersion=";
        Assert.Equal(["a"], (await cluster.GetAsync(past + first.Version)).Expect(200).Names);
        await cluster.GivenConfigMapAsync("d");
        (await cluster.GetAsync(past + first.Version)).Expect(410, "Expired");
    }

    [Fact]
    public async Task A_collection_is_deleted_as_selected()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a","labels":{"go":"yes"}}}""")).Expect(201);
        await cluster.GivenConfigMapAsync("b");
        Answer deleted = (await cluster.DeleteAsync($"{ConfigMaps}?labelSelector=go%3Dyes")).Expect(200);
        Assert.Equal(["a"], deleted.Names);
        Assert.Equal(["b"], (await cluster.GetAsync(ConfigMaps)).Names);
    }

    [Fact]
    public async Task A_table_has_the_columns_of_kubectl_get()
    {
        const string table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
        await using Cluster cluster = await StartAsync();
        const string spec = """{"ports":[{"name":"a","port":80},{"name":"b","port":90,"protocol":"UDP"}],"selector":{"a":"b","c":"d"},"clusterIP":"None"}""";
        (await cluster.PostAsync(Services, $$$"""{"metadata":{"name":"s"},"spec":{{{spec}}}}""")).Expect(201);
        Answer answer = (await cluster.GetAsync(Services, table)).Expect(200);
        Assert.Equal("Table", answer.Text("kind"));
        Assert.Equal(
            ["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector"],
            answer.Body["columnDefinitions"]!.AsArray().Select(column => (string)column!["name"]!));
        JsonNode row = answer.Body["rows"]![0]!;
        Assert.Equal("""["s","ClusterIP","None","\u003Cnone\u003E","80/TCP,90/UDP","0s","a=b,c=d"]""", row["cells"]!.ToJsonString());
        Assert.Equal("PartialObjectMetadata", (string?)row["object"]!["kind"]);
    }

    [Fact]
    public async Task A_client_may_ask_for_the_metadata_alone()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        Answer list = await cluster.GetAsync(ConfigMaps, "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
        Assert.Equal("PartialObjectMetadataList", list.Expect(200).Text("kind"));
        Assert.Equal(["kind", "apiVersion", "metadata"], list.Body["items"]![0]!.AsObject().Select(member => member.Key));
        Answer one = await cluster.GetAsync($"{ConfigMaps}/a", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");
        Assert.Null(one.Expect(200).At("data"));
    }

    [Fact]
    public async Task A_form_that_cannot_be_made_is_not_acceptable()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.GetAsync(ConfigMaps, "text/html")).Expect(406, "NotAcceptable");
    }
}
