using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class ServerSideApplyTests
{
    private const string Path = ConfigMaps + "/a";

    [Fact]
    public async Task An_apply_creates_what_is_missing_and_owns_it()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(201);
        Assert.Equal("one Apply", Managers(created));
        Assert.Equal("""{"f:data":{"f:x":{}}}""", created.At("metadata", "managedFields")![0]!["fieldsV1"]!.ToJsonString());
        Assert.Equal("FieldsV1", (string?)created.At("metadata", "managedFields")![0]!["fieldsType"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_apply_with_the_version_one_only_creates(bool force)
    {
        const string config = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"1"},"data":{"x":"1"}}""";
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", config, force)).Expect(201);
        (await cluster.ApplyAsync(Path, "one", config, force)).Expect(409, "Conflict");
    }

    [Fact]
    public async Task The_same_apply_again_leaves_the_version()
    {
        await using Cluster cluster = await StartAsync();
        Answer first = (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(201);
        Answer second = (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(200);
        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
    }

    [Fact]
    public async Task A_key_that_its_owner_leaves_out_is_removed()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1","y":"2"}"""))).Expect(201);
        Answer second = (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(200);
        Assert.Equal("""{"x":"1"}""", second.At("data")!.ToJsonString());
    }

    [Fact]
    public async Task A_key_of_somebody_else_stays()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(201);
        (await cluster.PatchAsync(Path, """{"data":{"stray-toolset.yaml":"s"}}""")).Expect(200);
        (await cluster.ApplyAsync(Path, "one", Config("""{"z":"1"}"""))).Expect(200);
        Answer applied = (await cluster.ApplyAsync(Path, "one", Config("{}"))).Expect(200);
        Assert.Equal("""{"stray-toolset.yaml":"s"}""", applied.At("data")!.ToJsonString());
    }

    [Fact]
    public async Task A_key_that_two_own_stays_until_both_let_go()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(201);
        (await cluster.ApplyAsync(Path, "two", Config("""{"x":"1"}"""))).Expect(200);
        Answer kept = (await cluster.ApplyAsync(Path, "one", Config("{}"))).Expect(200);
        Assert.Equal("1", kept.Text("data", "x"));
        Answer gone = (await cluster.ApplyAsync(Path, "two", Config("{}"))).Expect(200);
        Assert.Null(gone.At("data"));
    }

    [Fact]
    public async Task Another_value_for_a_key_of_somebody_else_is_a_conflict_that_names_both()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(201);
        Answer refused = (await cluster.ApplyAsync(Path, "two", Config("""{"x":"2"}"""))).Expect(409, "Conflict");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .data.x", refused.Message);
        Assert.Equal(
            """[{"reason":"FieldManagerConflict","message":"conflict with \u0022one\u0022","field":".data.x"}]""",
            refused.At("details", "causes")!.ToJsonString());
    }

    [Fact]
    public async Task Force_takes_a_key_over()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1","y":"1"}"""))).Expect(201);
        Answer forced = (await cluster.ApplyAsync(Path, "two", Config("""{"x":"2"}"""), force: true)).Expect(200);
        Assert.Equal("2", forced.Text("data", "x"));
        Assert.Equal("""{"f:data":{"f:y":{}}}""", forced.At("metadata", "managedFields")![0]!["fieldsV1"]!.ToJsonString());
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(409, "Conflict");
    }

    [Fact]
    public async Task A_patch_takes_keys_over_without_asking_and_an_apply_then_conflicts_with_it()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(201);
        Answer patched = (await cluster.PatchAsync($"{Path}?fieldManager=admin", """{"data":{"x":"2"}}""")).Expect(200);
        Assert.Equal("admin Update", Managers(patched));
        Answer refused = (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1"}"""))).Expect(409, "Conflict");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"admin\" using v1: .data.x", refused.Message);
    }

    [Fact]
    public async Task Who_gives_no_name_is_known_by_the_first_word_of_the_user_agent()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await cluster.GivenConfigMapAsync("a");
        Assert.Equal("tester Update", Managers(created));
        Assert.Equal("""{"f:data":{".":{},"f:key":{}}}""", created.At("metadata", "managedFields")![0]!["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public async Task A_key_that_is_removed_has_no_owner()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(Path, "one", Config("""{"x":"1","y":"1"}"""))).Expect(201);
        Answer patched = (await cluster.PatchAsync(Path, """{"data":{"x":null}}""")).Expect(200);
        Assert.Equal("one Apply", Managers(patched));
        Assert.Equal("""{"f:data":{"f:y":{}}}""", patched.At("metadata", "managedFields")![0]!["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public async Task Ownership_can_be_reset()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        Answer reset = (await cluster.PatchAsync(Path, """{"metadata":{"managedFields":[{}]}}""")).Expect(200);
        Assert.Null(reset.At("metadata", "managedFields"));
    }

    [Theory]
    [InlineData("", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""", 422)]
    [InlineData("?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""", 400)]
    [InlineData("?fieldManager=m", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}""", 400)]
    [InlineData("?fieldManager=m", """{"kind":"ConfigMap","metadata":{"name":"a"}}""", 400)]
    [InlineData("?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[]}}""", 400)]
    [InlineData("?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"dat":{}}""", 500)]
    [InlineData("?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"old"}}""", 409)]
    [InlineData("?fieldManager=m", "a: [", 400)]
    [InlineData("?fieldManager=m", "[]", 400)]
    [InlineData("?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: |\n    text\n", 201)]
    public async Task An_applied_configuration_is_checked(string query, string body, int code)
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.SendAsync(HttpMethod.Patch, Path + query, body, ApplyPatch)).Expect(code);
    }

    [Fact]
    public async Task Force_is_for_applies_alone()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        (await cluster.PatchAsync($"{Path}?force=true", "{}")).Expect(422, "Invalid");
    }

    [Fact]
    public async Task Ports_are_owned_port_by_port()
    {
        const string path = Services + "/s";
        await using Cluster cluster = await StartAsync();
        (await cluster.ApplyAsync(path, "one", Service("""[{"port":80,"name":"a"}]"""))).Expect(201);
        Answer both = (await cluster.ApplyAsync(path, "two", Service("""[{"port":90,"protocol":"TCP","name":"b"}]"""))).Expect(200);
        Assert.Equal([80, 90], Ports(both));
        Answer moved = (await cluster.ApplyAsync(path, "one", Service("""[{"port":81,"name":"a"}]"""))).Expect(200);
        Assert.Equal([90, 81], Ports(moved));
        Answer refused = (await cluster.ApplyAsync(path, "one", Service("""[{"port":90,"name":"mine"}]"""))).Expect(409, "Conflict");
        Assert.Contains(".spec.ports[port=90,protocol=\"TCP\"].name", refused.Message, StringComparison.Ordinal);
    }

    private static string Config(string data) => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{{{data}}}}""";

    private static string Service(string ports) => $$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":{{{ports}}}}}""";

    private static IEnumerable<int> Ports(Answer answer) => answer.At("spec", "ports")!.AsArray().Select(port => (int)port!["port"]!);

    private static string Managers(Answer answer) =>
        string.Join(", ", answer.At("metadata", "managedFields")!.AsArray().Select(entry => $"{entry!["manager"]} {entry["operation"]}"));
}
