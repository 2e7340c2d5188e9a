using System.Text.Json.Nodes;
using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class ConfigMapTests
{
    [Fact]
    public async Task A_created_object_gets_uid_version_and_time()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await cluster.GivenConfigMapAsync("a");
        Assert.Equal("ConfigMap", created.Text("kind"));
        Assert.Equal("v1", created.Text("apiVersion"));
        Assert.Equal("default", created.Text("metadata", "namespace"));
        Assert.True(Guid.TryParse(created.Uid, out _));
        Assert.Matches("^[1-9][0-9]*$", created.Version);
        Assert.Matches("^[0-9-]{10}T[0-9:]{8}Z$", created.Text("metadata", "creationTimestamp"));
        Assert.Equal(created.Body.ToJsonString(), (await cluster.GetAsync($"{ConfigMaps}/a")).Body.ToJsonString());
    }

    [Fact]
    public async Task A_second_object_of_the_same_name_is_refused()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        Answer second = (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a"}}""")).Expect(409, "AlreadyExists");
        Assert.Equal("configmaps \"a\" already exists", second.Message);
        Assert.Equal("""{"name":"a","kind":"configmaps"}""", second.At("details")!.ToJsonString());
    }

    [Fact]
    public async Task A_recreated_object_has_another_uid_and_a_higher_version()
    {
        await using Cluster cluster = await StartAsync();
        Answer first = await cluster.GivenConfigMapAsync("a");
        Answer deleted = (await cluster.DeleteAsync($"{ConfigMaps}/a")).Expect(200);
        Assert.Equal("Success", deleted.Text("status"));
        Assert.Equal(first.Uid, deleted.Text("details", "uid"));
        Answer second = await cluster.GivenConfigMapAsync("a");
        Assert.NotEqual(first.Uid, second.Uid);
        Assert.True(long.Parse(second.Version) > long.Parse(first.Version));
    }

    [Fact]
    public async Task Nothing_is_created_in_a_namespace_that_is_not_there()
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.PostAsync("/api/v1/namespaces/nope/configmaps", """{"metadata":{"name":"a"}}""")).Expect(404, "NotFound");
        Assert.Equal("namespaces \"nope\" not found", answer.Message);
    }

    [Fact]
    public async Task A_generated_name_begins_with_the_given_one()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = (await cluster.PostAsync(ConfigMaps, """{"metadata":{"generateName":"gen-"}}""")).Expect(201);
        Assert.Matches("^gen-[a-z0-9]{5}$", created.Text("metadata", "name"));
    }

    [Fact]
    public async Task A_put_without_a_version_replaces_everything()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a", """{"generated":"1","overrides.yaml":"mine"}""");
        Answer replaced = (await cluster.PutAsync($"{ConfigMaps}/a", """{"metadata":{"name":"a"},"data":{"generated":"2"}}""")).Expect(200);
        Assert.Equal("""{"generated":"2"}""", replaced.At("data")!.ToJsonString());
    }

    [Theory]
    [InlineData("PUT", PlainJson, """{"metadata":{"name":"a","resourceVersion":"1"},"data":{"x":"y"}}""")]
    [InlineData("PATCH", MergePatch, """{"metadata":{"resourceVersion":"1"},"data":{"x":"y"}}""")]
    [InlineData("PATCH", StrategicMergePatch, """{"metadata":{"resourceVersion":"1"},"data":{"x":"y"}}""")]
    [InlineData("PATCH", JsonPatch, """[{"op":"replace","path":"/metadata/resourceVersion","value":"1"},{"op":"add","path":"/data/x","value":"y"}]""")]
    [InlineData("PATCH", ApplyPatch, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"1"},"data":{"x":"y"}}""")]
    public async Task A_write_with_an_old_version_is_refused(string method, string contentType, string body)
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        string query = contentType == ApplyPatch ? "?fieldManager=m&force=true" : "";
        Answer answer = await cluster.SendAsync(new HttpMethod(method), $"{ConfigMaps}/a{query}", body, contentType);
        answer.Expect(409, "Conflict");
        Assert.Equal("""{"key":"value"}""", (await cluster.GetAsync($"{ConfigMaps}/a")).At("data")!.ToJsonString());
    }

    [Fact]
    public async Task A_null_in_a_merge_patch_removes_its_key_and_leaves_the_others_byte_for_byte()
    {
        const string overrides = "# mine\r\nkey:\tvalue   \r\n\u00e4\ud83d\ude00 <&>'\"\\ \u2028 end  ";
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a", new JsonObject { ["x"] = "1", ["overrides.yaml"] = overrides }.ToJsonString());
        (await cluster.PatchAsync($"{ConfigMaps}/a", """{"data":{"x":null}}""")).Expect(200);
        Answer read = await cluster.GetAsync($"{ConfigMaps}/a");
        Assert.Equal(overrides, read.Text("data", "overrides.yaml"));
        Assert.Null(read.At("data", "x"));
    }

    [Theory]
    [InlineData(MergePatch, """{"data":{"key":"value"}}""")]
    [InlineData(StrategicMergePatch, """{"data":{"key":"value"}}""")]
    [InlineData(JsonPatch, """[{"op":"replace","path":"/data/key","value":"value"}]""")]
    public async Task A_patch_that_changes_nothing_leaves_the_version(string contentType, string patch)
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await cluster.GivenConfigMapAsync("a");
        Answer patched = (await cluster.PatchAsync($"{ConfigMaps}/a", patch, contentType)).Expect(200);
        Assert.Equal(created.Version, patched.Version);
    }

    [Fact]
    public async Task A_put_of_the_same_object_leaves_the_version()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await cluster.GivenConfigMapAsync("a");
        Answer replaced = (await cluster.PutAsync($"{ConfigMaps}/a", created.Body.ToJsonString())).Expect(200);
        Assert.Equal(created.Version, replaced.Version);
    }

    [Theory]
    [InlineData(MergePatch, "{}")]
    [InlineData(StrategicMergePatch, "{}")]
    [InlineData(JsonPatch, "[]")]
    public async Task A_patch_of_a_missing_object_is_not_found(string contentType, string patch)
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PatchAsync($"{ConfigMaps}/missing", patch, contentType)).Expect(404, "NotFound");
    }

    [Fact]
    public async Task A_merge_patch_with_a_foreign_uid_is_invalid_and_a_put_a_conflict()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        (await cluster.PatchAsync($"{ConfigMaps}/a", """{"metadata":{"uid":"other"},"data":{"x":"y"}}""")).Expect(422, "Invalid");
        (await cluster.PutAsync($"{ConfigMaps}/a", """{"metadata":{"name":"a","uid":"other"}}""")).Expect(409, "Conflict");
    }

    [Theory]
    [InlineData("""{"preconditions":{"uid":"other"}}""")]
    [InlineData("""{"preconditions":{"resourceVersion":"1"}}""")]
    public async Task A_deletion_under_an_unmet_precondition_is_a_conflict(string options)
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        (await cluster.DeleteAsync($"{ConfigMaps}/a", options)).Expect(409, "Conflict");
        (await cluster.GetAsync($"{ConfigMaps}/a")).Expect(200);
    }

    [Fact]
    public async Task An_object_with_finalizers_stays_until_they_are_removed()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a","finalizers":["x.io/y"]}}""")).Expect(201);
        Answer deleted = (await cluster.DeleteAsync($"{ConfigMaps}/a")).Expect(200);
        Assert.NotNull(deleted.Text("metadata", "deletionTimestamp"));
        (await cluster.GetAsync($"{ConfigMaps}/a")).Expect(200);
        (await cluster.PatchAsync($"{ConfigMaps}/a", """{"metadata":{"finalizers":null}}""")).Expect(200);
        (await cluster.GetAsync($"{ConfigMaps}/a")).Expect(404);
    }

    [Theory]
    [InlineData("bad key", "a valid config key must consist of")]
    [InlineData("a/b", "a valid config key must consist of")]
    [InlineData("..", "must not be '..'")]
    [InlineData("...", "must not start with '..'")]
    [InlineData(".", "must not be '.'")]
    public async Task A_bad_key_is_invalid(string key, string why)
    {
        await using Cluster cluster = await StartAsync();
        string data = new JsonObject { [key] = "x" }.ToJsonString();
        Answer answer = (await cluster.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"a"},"data":{{{data}}}}""")).Expect(422, "Invalid");
        Assert.Equal($"data[{key}]", (string?)answer.At("details", "causes")![0]!["field"]);
        Assert.Contains(why, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(253, 201)]
    [InlineData(254, 422)]
    public async Task A_key_has_at_most_253_characters(int length, int code)
    {
        await using Cluster cluster = await StartAsync();
        string data = new JsonObject { [new string('k', length)] = "x" }.ToJsonString();
        (await cluster.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"a"},"data":{{{data}}}}""")).Expect(code);
    }

    [Fact]
    public async Task A_key_is_not_in_data_and_binary_data_at_once()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"a"},"data":{"k":"x"},"binaryData":{"k":"AA=="}}""")).Expect(422, "Invalid");
    }

    [Theory]
    [InlineData(1048576, 201)]
    [InlineData(1048577, 422)]
    public async Task All_values_together_hold_at_most_a_mebibyte(int size, int code)
    {
        await using Cluster cluster = await StartAsync();
        string text = new('x', size - 3);
        (await cluster.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"a"},"data":{"k":"{{{text}}}"},"binaryData":{"b":"AAAA"}}""")).Expect(code);
    }

    [Fact]
    public async Task A_body_over_three_mebibytes_is_too_large()
    {
        await using Cluster cluster = await StartAsync();
        string text = new('x', 3 * 1024 * 1024);
        (await cluster.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"a"},"data":{"k":"{{{text}}}"}}""")).Expect(413, "RequestEntityTooLarge");
    }

    [Theory]
    [InlineData("""{"data":{"key":"other"}}""", "data")]
    [InlineData("""{"binaryData":{"b":"AAAA"}}""", "binaryData")]
    [InlineData("""{"immutable":false}""", "immutable")]
    [InlineData("""{"immutable":null}""", "immutable")]
    public async Task An_immutable_object_keeps_its_content(string patch, string field)
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        (await cluster.PatchAsync($"{ConfigMaps}/a", """{"immutable":true}""")).Expect(200);
        Answer refused = (await cluster.PatchAsync($"{ConfigMaps}/a", patch)).Expect(422, "Invalid");
        Assert.Equal($"ConfigMap \"a\" is invalid: {field}: Forbidden: field is immutable when `immutable` is set", refused.Message);
        (await cluster.PatchAsync($"{ConfigMaps}/a", """{"metadata":{"labels":{"still":"free"}}}""")).Expect(200);
    }

    [Theory]
    [InlineData(PlainJson, """{"metadata":{"name":"a"},"data":{"k":1}}""", 400, "BadRequest")]
    [InlineData(PlainJson, """{"metadata":{"name":"a"},"data":"text"}""", 400, "BadRequest")]
    [InlineData(PlainJson, """{"metadata":{"name":"a"},"binaryData":{"k":"!!"}}""", 400, "BadRequest")]
    [InlineData(PlainJson, """{"metadata":{"name":"a"}""", 400, "BadRequest")]
    [InlineData(PlainJson, """{"metadata":{"name":"\ud800"}}""", 400, "BadRequest")]
    [InlineData(PlainJson, "[]", 400, "BadRequest")]
    [InlineData(PlainJson, """{"kind":"Service","metadata":{"name":"a"}}""", 400, "BadRequest")]
    [InlineData(PlainJson, """{"metadata":{"name":"a","namespace":"other"}}""", 400, "BadRequest")]
    [InlineData("text/plain", """{"metadata":{"name":"a"}}""", 415, "UnsupportedMediaType")]
    [InlineData(PlainJson, """{"metadata":{"name":"A_b"}}""", 422, "Invalid")]
    [InlineData(PlainJson, """{"metadata":{}}""", 422, "Invalid")]
    [InlineData(PlainJson, """{"metadata":{"name":"a","labels":{"a b":"c"}}}""", 422, "Invalid")]
    [InlineData(PlainJson, """{"metadata":{"name":"a","labels":{"a":"c d"}}}""", 422, "Invalid")]
    [InlineData(PlainJson, """{"metadata":{"name":"a","annotations":{"a b":"c"}}}""", 422, "Invalid")]
    [InlineData(PlainJson, """{"metadata":{"name":"a","ownerReferences":[{"apiVersion":"v1","kind":"K","name":"n"}]}}""", 422, "Invalid")]
    [InlineData("application/yaml", "metadata:\n  name: a\ndata:\n  k: v\n", 201, "")]
    public async Task A_body_is_checked_before_it_is_kept(string contentType, string body, int code, string reason)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = await cluster.SendAsync(HttpMethod.Post, ConfigMaps, body, contentType);
        answer.Expect(code);
        Assert.Equal(reason, answer.Reason ?? "");
    }

    [Fact]
    public async Task Two_owners_cannot_both_be_the_controller()
    {
        await using Cluster cluster = await StartAsync();
        const string owners = """
            [{"apiVersion":"v1","kind":"K","name":"n","uid":"1","controller":true},{"apiVersion":"v1","kind":"K","name":"m","uid":"2","controller":true}]
            """;
        (await cluster.PostAsync(ConfigMaps, $$$"""{"metadata":{"name":"a","ownerReferences":{{{owners}}}}}""")).Expect(422, "Invalid");
    }

    [Fact]
    public async Task A_dry_run_answers_and_keeps_nothing()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync($"{ConfigMaps}?dryRun=All", """{"metadata":{"name":"a"}}""")).Expect(201);
        (await cluster.GetAsync($"{ConfigMaps}/a")).Expect(404);
        Answer created = await cluster.GivenConfigMapAsync("b");
        Answer patched = (await cluster.PatchAsync($"{ConfigMaps}/b?dryRun=All", """{"data":{"key":"other"}}""")).Expect(200);
        Assert.Equal("other", patched.Text("data", "key"));
        (await cluster.DeleteAsync($"{ConfigMaps}/b?dryRun=All")).Expect(200);
        Assert.Equal(created.Body.ToJsonString(), (await cluster.GetAsync($"{ConfigMaps}/b")).Body.ToJsonString());
    }

    [Theory]
    [InlineData("Ignore", 201)]
    [InlineData("Warn", 201)]
    [InlineData("Strict", 400)]
    public async Task An_unknown_field_is_dropped_or_refused_as_asked(string validation, int code)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.PostAsync($"{ConfigMaps}?fieldValidation={validation}", """{"metadata":{"name":"a"},"dat":{"k":"v"}}""")).Expect(code);
        Assert.Null(answer.At("dat"));
    }
}
