using System.Text.Json.Nodes;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>
/// Who owns a key, and how a client gives up what it owns without changing the value:
/// https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields.
/// </summary>
public abstract partial class KubeApiContract
{
    private const string OwnedData = "/metadata/managedFields/0/fieldsV1/f:data";
    private const string OwnedOverrides = OwnedData + "/f:overrides.yaml";

    private string Mine => $"{Cluster.ConfigMaps}/toolsets?fieldManager=admin";

    [Fact]
    public async Task What_a_JSON_patch_takes_out_of_the_managed_fields_is_owned_by_nobody()
    {
        await Cluster.GivenAsync(("a", "1"), ("overrides.yaml", "mine"));
        JsonObject before = await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets?fieldManager=other", """{"data":{"b":"2"}}""");
        JsonObject after = await GivenUpAsync(OwnedOverrides);
        Assert.NotEqual(VersionOf(before), VersionOf(after));
        Assert.Equal("""{"a":"1","b":"2","overrides.yaml":"mine"}""", after["data"]!.ToJsonString());
        Assert.Equal(["""admin {"f:data":{".":{},"f:a":{}}}""", """other {"f:data":{"f:b":{}}}"""], Owners(after));
        Assert.Equal((string?)before["metadata"]!["managedFields"]![0]!["time"], (string?)after["metadata"]!["managedFields"]![0]!["time"]);
    }

    [Fact]
    public async Task What_nobody_owns_may_be_applied_with_another_value_and_goes_with_who_applied_it()
    {
        await Cluster.GivenAsync(("a", "1"), ("overrides.yaml", "mine"));
        await AppliedAsync("""{"overrides.yaml":"git"}""", 409);
        await GivenUpAsync(OwnedOverrides);
        Assert.Equal("git", (string?)(await AppliedAsync("""{"overrides.yaml":"git"}"""))["data"]!["overrides.yaml"]);
        Assert.Equal("""{"a":"1"}""", (await AppliedAsync("{}"))["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData("replace", "/metadata/resourceVersion", 409, "Conflict")]
    [InlineData("test", "/metadata/managedFields/0/manager", 422, "Invalid")]
    public async Task A_JSON_patch_that_does_not_fit_gives_nothing_up(string op, string place, int code, string reason)
    {
        JsonObject before = await Cluster.GivenAsync(("overrides.yaml", "mine"));
        (int answered, JsonObject body) = await JsonPatchAsync(
            $$"""[{"op":"{{op}}","path":"{{place}}","value":"1"},{"op":"remove","path":"{{OwnedOverrides}}"}]""");
        Assert.Equal((code, reason), (answered, (string?)body["reason"]));
        Assert.Equal(before.ToJsonString(), (await Cluster.ReadAsync()).ToJsonString());
    }

    [Fact]
    public async Task A_place_that_is_not_there_cannot_be_taken_out()
    {
        await Cluster.GivenAsync(("a", "1"));
        Assert.Equal(422, (await JsonPatchAsync($$"""[{"op":"remove","path":"{{OwnedOverrides}}"}]""")).Code);
    }

    // What is left, the map without any of its keys, is read as the map with all of them.
    [Theory]
    [InlineData(OwnedOverrides)]
    [InlineData(OwnedOverrides, OwnedData + "/.")]
    public async Task The_last_key_of_a_map_cannot_be_given_up_alone(params string[] places)
    {
        JsonObject before = await Cluster.GivenAsync(("overrides.yaml", "mine"));
        Assert.Equal(before.ToJsonString(), (await GivenUpAsync(places)).ToJsonString());
    }

    [Fact]
    public async Task The_last_key_of_a_map_is_given_up_with_the_map()
    {
        await Cluster.GivenAsync(("overrides.yaml", "mine"));
        await Cluster.PatchAsync(Mine, """{"metadata":{"annotations":{"n":"1"}}}""");
        JsonObject free = await GivenUpAsync(OwnedData);
        Assert.Equal("mine", (string?)free["data"]!["overrides.yaml"]);
        Assert.Equal(["""admin {"f:metadata":{"f:annotations":{".":{},"f:n":{}}}}"""], Owners(free));
        await AppliedAsync("""{"overrides.yaml":"git"}""");
    }

    [Fact]
    public async Task Who_owns_a_map_and_loses_its_last_key_there_owns_all_keys_after_the_next_write()
    {
        await Cluster.GivenAsync(("a", "1"));
        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets?fieldManager=other", """{"data":{"overrides.yaml":"mine"}}""");
        const string other = """other {"f:data":{"f:overrides.yaml":{}}}""";
        Assert.Equal(["""admin {"f:data":{}}""", other], Owners(await Cluster.PatchAsync(Mine, """{"data":{"a":null}}""")));
        JsonObject next = await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets?fieldManager=third", """{"data":{"z":"1"}}""");
        Assert.Equal(["""admin {"f:data":{".":{},"f:overrides.yaml":{}}}""", other, """third {"f:data":{"f:z":{}}}"""], Owners(next));
    }

    [Fact]
    public async Task Who_gave_the_map_up_too_owns_none_of_it_when_its_last_key_there_goes()
    {
        JsonObject given = ContractCluster.WithData("toolsets", ("a", "1"), ("overrides.yaml", "mine"));
        given["metadata"]!["annotations"] = new JsonObject { ["n"] = "1" };
        await Cluster.PostAsync(Cluster.ConfigMaps, given);
        await GivenUpAsync(OwnedOverrides, OwnedData + "/.");
        await Cluster.PatchAsync(Mine, """{"data":{"a":null}}""");
        JsonObject next = await Cluster.PatchAsync(Mine, """{"data":{"b":"1"}}""");
        Assert.Equal(["""admin {"f:data":{"f:b":{}},"f:metadata":{"f:annotations":{".":{},"f:n":{}}}}"""], Owners(next));
        await AppliedAsync("""{"overrides.yaml":"git"}""");
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task A_list_of_managed_fields_takes_the_place_of_the_old_one(string method)
    {
        await Cluster.GivenAsync(("a", "1"), ("overrides.yaml", "mine"));
        JsonObject changed = await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets?fieldManager=other", """{"data":{"b":"2"}}""");
        changed["metadata"]!["managedFields"]![0]!["fieldsV1"]!["f:data"]!.AsObject().Remove("f:overrides.yaml");
        string list = changed["metadata"]!["managedFields"]!.ToJsonString();
        JsonObject after = method == "PUT"
            ? await Cluster.PutAsync(Mine, changed)
            : await Cluster.PatchAsync(Mine, $$"""{"metadata":{"managedFields":{{list}} } }""");
        Assert.Equal(["""admin {"f:data":{".":{},"f:a":{}}}""", """other {"f:data":{"f:b":{}}}"""], Owners(after));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{}]")]
    public async Task Without_any_owner_no_update_is_recorded_and_the_first_apply_finds_one_owner_of_all(string none)
    {
        await Cluster.GivenAsync(("a", "1"), ("overrides.yaml", "mine"));
        Assert.Empty(Owners(await Cluster.PatchAsync(Mine, $$"""{"metadata":{"managedFields":{{none}} } }""")));
        Assert.Empty(Owners(await Cluster.PatchAsync(Mine, """{"data":{"a":"2"}}""")));
        await AppliedAsync("""{"overrides.yaml":"git"}""", 409);
        JsonObject applied = await AppliedAsync("""{"overrides.yaml":"mine"}""");
        Assert.Contains("""before-first-apply {"f:data":{".":{},"f:a":{},"f:overrides.yaml":{}}}""", Owners(applied));
    }

    private static IEnumerable<string> Owners(JsonObject item) =>
        (item["metadata"]!["managedFields"]?.AsArray() ?? []).Select(entry => $"{entry!["manager"]} {entry["fieldsV1"]!.ToJsonString()}");

    private Task<(int Code, JsonObject Body)> JsonPatchAsync(string patch) =>
        Cluster.AskAsync(HttpMethod.Patch, Mine, patch, "application/json-patch+json");

    /// <summary>The ConfigMap after its first owner gave these places up.</summary>
    private async Task<JsonObject> GivenUpAsync(params string[] places)
    {
        string operations = string.Join(',', places.Select(place => $$"""{"op":"remove","path":"{{place}}"}"""));
        string version = VersionOf(await Cluster.ReadAsync());
        (int code, JsonObject body) = await JsonPatchAsync(
            $$"""[{"op":"replace","path":"/metadata/resourceVersion","value":"{{version}}"},{{operations}}]""");
        Assert.True(code == 200, body.ToJsonString());
        return body;
    }

    /// <summary>The answer to somebody who applies these data.</summary>
    private async Task<JsonObject> AppliedAsync(string data, int code = 200)
    {
        JsonObject applied = ContractCluster.Named("toolsets");
        applied["apiVersion"] = "v1";
        applied["kind"] = "ConfigMap";
        applied["data"] = JsonNode.Parse(data);
        (int answered, JsonObject body) = await Cluster.AskAsync(
            HttpMethod.Patch, $"{Cluster.ConfigMaps}/toolsets?fieldManager=git", applied, "application/apply-patch+yaml");
        Assert.True(answered == code, body.ToJsonString());
        return body;
    }
}
