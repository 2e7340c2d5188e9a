using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class KubeApiContract
{
    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        JsonObject given = ContractCluster.WithData("toolsets", ("a", "1"), ("b", "2"), ("overrides.yaml", "# mine\r\n\t \n😀"));
        given["binaryData"] = new JsonObject { ["raw"] = "AAEC/w==" };
        given["metadata"]!["labels"] = new JsonObject { ["team"] = "x" };
        given["metadata"]!["annotations"] = new JsonObject { ["note"] = "y" };
        string version = VersionOf(await Cluster.PostAsync(Cluster.ConfigMaps, given));
        await PatchAsync(Changes(version, ("a", "changed"), ("c", "3")));

        JsonObject read = await Cluster.ReadAsync();
        Assert.Equal("AAEC/w==", (string?)read["binaryData"]!["raw"]);
        Assert.Equal("x", (string?)read["metadata"]!["labels"]!["team"]);
        Assert.Equal("y", (string?)read["metadata"]!["annotations"]!["note"]);
        Assert.Equal(
            [new("a", "changed"), new("b", "2"), new("c", "3"), new("overrides.yaml", "# mine\r\n\t \n😀")],
            (await GetAsync()).Data);
    }

    [Theory]
    [InlineData("lines\r\nof\rDOS\n trailing \t \n\n")]
    [InlineData("control \u0001\u001b\u007f\u0085\u2028")]
    [InlineData("Grüße, 日本語, 😀 \U0010FFFD")]
    public async Task Every_character_survives_a_patch(string text)
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        Assert.Equal(text, (await PatchAsync(Changes(version, ("a", text)))).Data["a"]);
        Assert.Equal(text, (string?)(await Cluster.ReadAsync())["data"]!["a"]);
    }

    [Fact]
    public async Task A_patch_answers_with_what_is_stored()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        ConfigMapRecord patched = await PatchAsync(Changes(version, ("a", "2")));
        JsonObject stored = await Cluster.ReadAsync();
        Assert.Equal((UidOf(stored), VersionOf(stored)), (patched.Uid, patched.ResourceVersion));
        Assert.NotEqual(version, patched.ResourceVersion);
    }

    [Fact]
    public async Task A_patch_from_an_old_version_is_a_conflict_and_changes_nothing()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets", """{"data":{"overrides.yaml":"# newer"}}""");
        string before = (await Cluster.ReadAsync()).ToJsonString();
        await RefusalAsync(() => PatchAsync(Changes(version, ("a", "2"))), 409, "Conflict");
        Assert.Equal(before, (await Cluster.ReadAsync()).ToJsonString());
    }

    [Fact]
    public async Task Of_patches_from_one_version_at_once_one_succeeds()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "0")));
        IEnumerable<Task<bool>> attempts = Enumerable.Range(1, 8).Select(async i =>
        {
            try
            {
                await PatchAsync(Changes(version, ("a", $"{i}")));
                return true;
            }
            catch (KubeApiException e) when (e.IsConflict)
            {
                return false;
            }
        });
        Assert.Single(await Task.WhenAll(attempts), patched => patched);
    }

    [Fact]
    public async Task A_patch_from_before_a_deletion_does_not_reach_what_was_made_since()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        await Cluster.DeleteAsync($"{Cluster.ConfigMaps}/toolsets");
        await Cluster.GivenAsync(("a", "1"));
        await RefusalAsync(() => PatchAsync(Changes(version, ("a", "2"))), 409, "Conflict");
    }

    [Fact]
    public async Task A_patch_of_what_is_not_there_is_not_found_and_creates_nothing()
    {
        await RefusalAsync(() => PatchAsync(Changes("1", ("a", "2"))), 404, "NotFound");
        Assert.Null(await Api.GetConfigMapAsync(Cluster.Key, Stop));
    }

    [Fact]
    public async Task A_null_removes_its_key()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1"), ("b", "2")));
        Assert.Equal([new("b", "2")], (await PatchAsync(Changes(version, ("a", null)))).Data);
    }

    [Fact]
    public async Task A_null_for_a_key_that_is_not_there_keeps_the_version()
    {
        string version = VersionOf(await Cluster.GivenAsync(("b", "2")));
        Assert.Equal(version, (await PatchAsync(Changes(version, ("a", null)))).ResourceVersion);
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_keeps_the_version()
    {
        ConfigMapRecord created = await CreateAsync(("a", "1"));
        ConfigMapRecord changed = await PatchAsync(Changes(created.ResourceVersion, ("a", "2")));
        ConfigMapRecord same = await PatchAsync(Changes(changed.ResourceVersion, ("a", "2")));
        Assert.Equal(changed.ResourceVersion, same.ResourceVersion);
        Assert.Equal(changed.ResourceVersion, VersionOf(await Cluster.ReadAsync()));
    }

    [Fact]
    public async Task Removing_every_key_leaves_the_ConfigMap()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        Assert.Empty((await PatchAsync(Changes(version, ("a", null)))).Data);
        Assert.Empty((await GetAsync()).Data);
    }

    [Fact]
    public async Task Labels_and_annotations_are_set_changed_and_removed()
    {
        JsonObject given = ContractCluster.Named("toolsets");
        given["metadata"]!["labels"] = new JsonObject { ["old"] = "1", ["kept"] = "2" };
        given["metadata"]!["annotations"] = new JsonObject { ["old"] = "1", ["kept"] = "2" };
        string version = VersionOf(await Cluster.PostAsync(Cluster.ConfigMaps, given));
        ConfigMapPatch patch = Changes(version) with
        {
            Labels = NoChanges.Add("old", null).Add("new", "3"),
            Annotations = NoChanges.Add("old", null).Add("new", "3"),
        };
        ConfigMapRecord patched = await PatchAsync(patch);
        Assert.Equal([new("kept", "2"), new("new", "3")], patched.Labels);
        Assert.Equal([new("kept", "2"), new("new", "3")], patched.Annotations);
    }

    [Fact]
    public async Task A_key_of_binary_data_is_removed()
    {
        JsonObject given = ContractCluster.Named("toolsets");
        given["binaryData"] = new JsonObject { ["a-toolset.yaml"] = "AAEC", ["kept"] = "AAEC/w==" };
        string version = VersionOf(await Cluster.PostAsync(Cluster.ConfigMaps, given));
        Assert.Equal([new("a-toolset.yaml", 3), new("kept", 4)], (await GetAsync()).BinaryData);
        Assert.Equal([new("kept", 4)], (await PatchAsync(Changes(version) with { BinaryDataRemovals = ["a-toolset.yaml"] })).BinaryData);
    }

    [Fact]
    public async Task A_key_moves_from_binary_data_to_data_in_one_patch()
    {
        JsonObject given = ContractCluster.Named("toolsets");
        given["binaryData"] = new JsonObject { ["a-toolset.yaml"] = "AAEC" };
        string version = VersionOf(await Cluster.PostAsync(Cluster.ConfigMaps, given));
        ConfigMapRecord patched = await PatchAsync(Changes(version, ("a-toolset.yaml", "a")) with { BinaryDataRemovals = ["a-toolset.yaml"] });
        Assert.Empty(patched.BinaryData);
        Assert.Equal([new("a-toolset.yaml", "a")], patched.Data);
    }

    [Fact]
    public async Task A_patch_is_recorded_for_this_program_with_its_keys()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1"), ("b", "1")));
        ConfigMapRecord patched = await PatchAsync(Changes(version, ("b", "2"), ("c", "2")));
        FieldManager manager = Assert.Single(patched.Managers, manager => manager.Name == "dynamic-toolset");
        Assert.Equal("Update", manager.Operation);
        Assert.Equal(["b", "c"], manager.DataKeys);
    }

    [Fact]
    public async Task Who_changes_a_key_takes_it_from_us()
    {
        await CreateAsync(("a", "1"), ("b", "1"));
        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets?fieldManager=somebody", """{"data":{"b":"2"}}""");
        ConfigMapRecord read = await GetAsync();
        Assert.Equal(["a"], Assert.Single(read.Managers, manager => manager.Name == "dynamic-toolset").DataKeys);
        Assert.Equal(["b"], Assert.Single(read.Managers, manager => manager.Name == "somebody").DataKeys);
    }

    [Fact]
    public async Task Who_writes_without_a_manager_is_named_by_the_program()
    {
        await Cluster.GivenAsync(("a", "1"));
        Assert.Equal("admin", Assert.Single((await GetAsync()).Managers).Name);
    }

    // A body of type apply-patch+yaml is read as YAML, whose escapes are for whole characters.
    [Theory]
    [InlineData("\\u00e9", 201)]
    [InlineData("\\ud83d\\ude00", 400)]
    [InlineData("\\ud83d", 400)]
    [InlineData("\\/", 400)]
    [InlineData("😀 /", 201)]
    [InlineData("\\\\ud83d \\\\/", 201)]
    public async Task An_applied_object_is_YAML_and_not_every_escape_of_JSON_is_known(string escaped, int code)
    {
        string body = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"toolsets"},"data":{"a":"{{{escaped}}}"}}""";
        const string type = "application/apply-patch+yaml";
        Assert.Equal(code, (await Cluster.AskAsync(HttpMethod.Patch, $"{Cluster.ConfigMaps}/toolsets?fieldManager=test", body, type)).Code);
    }
}
