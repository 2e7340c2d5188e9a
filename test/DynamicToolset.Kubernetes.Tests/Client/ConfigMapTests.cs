using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class ConfigMapTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly ObjectKey Key = new("kubernaut-system", "kubernaut-toolset-config");
    private static readonly ImmutableSortedDictionary<string, string> Pairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, string?> Changes = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    [Fact]
    public async Task A_ConfigMap_is_read_with_who_owns_which_key()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, """
            {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","namespace":"n","uid":"u","resourceVersion":"9",
              "labels":{"l":"1"},"annotations":{"z":"2","a":"3"},
              "managedFields":[
                {"manager":"dynamic-toolset","operation":"Apply","apiVersion":"v1","time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1",
                 "fieldsV1":{"f:data":{".":{},"f:b.yaml":{},"f:a.yaml":{}},"f:metadata":{"f:labels":{".":{},"f:l":{}},"f:annotations":{"f:z":{}}}}},
                {"manager":"kubectl-edit","operation":"Update","fieldsV1":{"f:metadata":{}}}],
              "ownerReferences":[
                {"apiVersion":"apps/v1","kind":"Deployment","name":"d","uid":"1","controller":true,"blockOwnerDeletion":false},
                {"apiVersion":"v1","kind":"Pod","name":"p","uid":"2","controller":null,"newer":{"x":[1]}}]},
             "immutable":true,"data":{"b":"x\r\n\u00e9","a":""},"binaryData":{"bin":"AAEC"}}
            """));
        using KubeApiClient client = server.Client();

        ConfigMapRecord? read = await client.GetConfigMapAsync(Key, Stop);

        Assert.NotNull(read);
        Assert.Equal((new ObjectKey("n", "c"), "u", "9", true), (read.Key, read.Uid, read.ResourceVersion, read.Immutable));
        Assert.Equal([new("a", ""), new("b", "x\r\n\u00e9")], read.Data);
        Assert.Equal(["a", "z"], read.Annotations.Keys);
        Assert.Equal([new("bin", 3)], read.BinaryData);
        Assert.Equal([("dynamic-toolset", "Apply"), ("kubectl-edit", "Update")], read.Managers.Select(manager => (manager.Name, manager.Operation)));
        Assert.Equal(["a.yaml", "b.yaml"], read.Managers[0].DataKeys);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), read.Managers[0].Time);
        Assert.Equal(["l", "z"], read.Managers[0].MetadataKeys);
        Assert.Empty(read.Managers[1].DataKeys);
        Assert.Equal([new("apps/v1", "Deployment", "d", "1", true, false), new("v1", "Pod", "p", "2", null, null)], read.Owners);
    }

    [Fact]
    public async Task A_missing_ConfigMap_is_null_and_every_other_refusal_an_error()
    {
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(404, Json.Status(404, "NotFound")),
            e => e.AnswerAsync(403, Json.Status(403, "Forbidden")));
        using KubeApiClient client = server.Client();
        Assert.Null(await client.GetConfigMapAsync(Key, Stop));
        await Assert.ThrowsAsync<KubeApiException>(() => client.GetConfigMapAsync(Key, Stop));
    }

    [Fact]
    public async Task It_is_listed_and_watched_by_its_name_alone_since_no_other_right_is_granted()
    {
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(200, """{"kind":"ConfigMapList","metadata":{"resourceVersion":"4"},"items":[]}"""),
            e => e.AnswerAsync(200, ""));
        using KubeApiClient client = server.Client();
        Assert.Empty((await client.ListConfigMapAsync(Key, Stop)).Items);
        await foreach (WatchEvent<ConfigMapRecord> next in client.WatchConfigMapAsync(Key, "4", TimeSpan.FromSeconds(250), Stop))
            Assert.Equal(WatchEventKind.Opened, next.Kind);
        Assert.Equal(
            [
                "/api/v1/namespaces/kubernaut-system/configmaps?fieldSelector=metadata.name%3Dkubernaut-toolset-config&limit=500",
                "/api/v1/namespaces/kubernaut-system/configmaps?fieldSelector=metadata.name%3Dkubernaut-toolset-config"
                    + "&watch=true&allowWatchBookmarks=true&timeoutSeconds=250&resourceVersion=4",
            ],
            server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Creating_is_an_apply_that_can_only_create()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(201, Json.ConfigMap("c")));
        using KubeApiClient client = server.Client();
        var content = new ConfigMapContent(Pairs.Add("l", "1"), Pairs, Pairs.Add("overrides.yaml", "# mine\r\n\t ").Add("x-toolset.yaml", "ü \"q\" \\ 😀 \u0001"));

        await client.CreateConfigMapAsync(Key, content, Stop);

        Exchange request = server.Requests[0];
        Assert.Equal(
            ("PATCH", "/api/v1/namespaces/kubernaut-system/configmaps/kubernaut-toolset-config?fieldManager=dynamic-toolset&force=true", "application/apply-patch+yaml"),
            (request.Method, request.Target, request.Header("Content-Type")));
        AssertJson(
            """
            {"apiVersion":"v1","kind":"ConfigMap",
             "metadata":{"name":"kubernaut-toolset-config","namespace":"kubernaut-system","resourceVersion":"1","labels":{"l":"1"}},
             "data":{"overrides.yaml":"# mine\r\n\t ","x-toolset.yaml":"ü \"q\" \\ 😀 \u0001"}}
            """,
            request.Body);
    }

    [Theory]
    [InlineData("😀")]
    [InlineData("a😀b\"c\\d\ne")]
    [InlineData("😀😀")]
    public async Task A_character_beyond_the_first_plane_is_not_escaped_because_an_apply_is_read_as_YAML(string text)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(201, Json.ConfigMap("c")));
        using KubeApiClient client = server.Client();
        await client.CreateConfigMapAsync(Key, new ConfigMapContent(Pairs, Pairs, Pairs.Add("k", text)), Stop);
        string body = server.Requests[0].Body;
        Assert.DoesNotContain("\\uD83D", body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(text, JsonNode.Parse(body)!["data"]!["k"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_patch_names_what_changes_and_the_version_it_was_computed_from_and_nothing_else()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ConfigMap("c")));
        using KubeApiClient client = server.Client();
        var patch = new ConfigMapPatch(
            "42", Changes, Changes.Add("kubernaut.io/override-error", null), Changes.Add("a-toolset.yaml", "toolset: a\n").Add("b-toolset.yaml", null), ["c-toolset.yaml"]);

        await client.PatchConfigMapAsync(Key, patch, Stop);

        Exchange request = server.Requests[0];
        Assert.Equal(
            ("PATCH", "/api/v1/namespaces/kubernaut-system/configmaps/kubernaut-toolset-config?fieldManager=dynamic-toolset", "application/merge-patch+json"),
            (request.Method, request.Target, request.Header("Content-Type")));
        AssertJson(
            """
            {"metadata":{"resourceVersion":"42","annotations":{"kubernaut.io/override-error":null}},
             "data":{"a-toolset.yaml":"toolset: a\n","b-toolset.yaml":null},"binaryData":{"c-toolset.yaml":null}}
            """,
            request.Body);
    }

    [Fact]
    public async Task Owners_are_written_with_what_is_said_of_them_and_an_empty_list_is_written_too()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ConfigMap("c")), e => e.AnswerAsync(200, Json.ConfigMap("c")));
        using KubeApiClient client = server.Client();
        var patch = new ConfigMapPatch("1", Changes, Changes, Changes, []);
        await client.PatchConfigMapAsync(Key, patch with { Owners = [OwnerReference.ToDeployment("d", "1"), new("v1", "Pod", "p", "2", null, false)] }, Stop);
        await client.PatchConfigMapAsync(Key, patch with { Owners = [] }, Stop);
        AssertJson(
            """
            {"metadata":{"resourceVersion":"1","ownerReferences":[
              {"apiVersion":"apps/v1","kind":"Deployment","name":"d","uid":"1","controller":true,"blockOwnerDeletion":true},
              {"apiVersion":"v1","kind":"Pod","name":"p","uid":"2","blockOwnerDeletion":false}]}}
            """,
            server.Requests[0].Body);
        AssertJson("""{"metadata":{"resourceVersion":"1","ownerReferences":[]}}""", server.Requests[1].Body);
    }

    [Fact]
    public async Task A_Deployment_without_a_uid_is_none_that_anything_could_belong_to()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, """{"kind":"Deployment","metadata":{"name":"d"}}"""), e => e.AnswerAsync(200, "[]"));
        using KubeApiClient client = server.Client();
        for (int i = 0; i < 2; i++)
        {
            KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.GetDeploymentAsync(new ObjectKey("n", "d"), Stop));
            Assert.Equal(KubeFault.Malformed, error.Fault);
        }

        Assert.Equal("/apis/apps/v1/namespaces/n/deployments/d", server.Requests[0].Target);
    }

    [Fact]
    public async Task A_patch_of_a_newer_version_is_a_conflict()
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(409, Json.Status(409, "Conflict")));
        using KubeApiClient client = server.Client();
        var patch = new ConfigMapPatch("1", Changes, Changes, Changes.Add("a", "b"), []);
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.PatchConfigMapAsync(Key, patch, Stop));
        Assert.True(error.IsConflict);
        Assert.False(error.IsRetryable);
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"expected {expected}\nbut was {actual}");
}
