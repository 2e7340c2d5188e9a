using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class KubeApiContract
{
    [Fact]
    public async Task A_ConfigMap_that_is_not_there_is_null() => Assert.Null(await Api.GetConfigMapAsync(Cluster.Key, Stop));

    [Fact]
    public async Task A_creation_answers_with_what_is_stored()
    {
        ConfigMapRecord created = await CreateAsync(("a-toolset.yaml", "a"));
        JsonObject stored = await Cluster.ReadAsync();
        Assert.Equal((Cluster.Key, UidOf(stored), VersionOf(stored)), (created.Key, created.Uid, created.ResourceVersion));
        Assert.Equal([new("a-toolset.yaml", "a")], created.Data);
    }

    [Fact]
    public async Task A_creation_keeps_labels_and_annotations()
    {
        var content = new ConfigMapContent(NoPairs.Add("app", "x"), NoPairs.Add("example.com/note", "a: \"b\"\n"), NoPairs);
        await Api.CreateConfigMapAsync(Cluster.Key, content, Stop);
        JsonNode metadata = (await Cluster.ReadAsync())["metadata"]!;
        Assert.Equal("""{"app":"x"}""", metadata["labels"]!.ToJsonString());
        Assert.Equal("a: \"b\"\n", (string?)metadata["annotations"]!["example.com/note"]);
    }

    [Fact]
    public async Task The_second_creation_is_a_conflict()
    {
        await CreateAsync(("a", "1"));
        await RefusalAsync(() => CreateAsync(("a", "1")), 409, "Conflict");
    }

    [Fact]
    public async Task A_creation_never_changes_what_is_there()
    {
        await Cluster.GivenAsync(("overrides.yaml", "# mine\r\n"), ("a", "1"));
        string before = (await Cluster.ReadAsync()).ToJsonString();
        await RefusalAsync(() => CreateAsync(("a", "2"), ("b", "3")), 409, "Conflict");
        Assert.Equal(before, (await Cluster.ReadAsync()).ToJsonString());
    }

    [Fact]
    public async Task A_creation_never_removes_what_an_earlier_one_made()
    {
        await CreateAsync(("a", "1"), ("b", "2"));
        string before = (await Cluster.ReadAsync()).ToJsonString();
        await RefusalAsync(() => CreateAsync(("a", "1")), 409, "Conflict");
        Assert.Equal(before, (await Cluster.ReadAsync()).ToJsonString());
    }

    [Fact]
    public async Task Of_creations_at_once_one_succeeds()
    {
        IEnumerable<Task<bool>> attempts = Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await CreateAsync(("a", $"{i}"));
                return true;
            }
            catch (KubeApiException e) when (e.IsConflict)
            {
                return false;
            }
        });
        Assert.Single(await Task.WhenAll(attempts), created => created);
    }

    [Fact]
    public async Task Nothing_is_created_in_a_namespace_that_is_not_there() =>
        await RefusalAsync(() => Api.CreateConfigMapAsync(new ObjectKey("nowhere", "toolsets"), Content(("a", "1")), Stop), 404, "NotFound");

    [Fact]
    public async Task A_creation_is_recorded_for_this_program_with_its_keys()
    {
        ConfigMapRecord created = await CreateAsync(("a", "1"), ("b", "2"));
        FieldManager manager = Assert.Single(created.Managers);
        Assert.Equal(("dynamic-toolset", "Apply"), (manager.Name, manager.Operation));
        Assert.Equal(["a", "b"], manager.DataKeys);
        Assert.NotNull(manager.Time);
    }

    [Fact]
    public async Task What_is_made_again_has_another_uid_and_another_version()
    {
        ConfigMapRecord first = await CreateAsync(("a", "1"));
        await Cluster.DeleteAsync($"{Cluster.ConfigMaps}/toolsets");
        Assert.Null(await Api.GetConfigMapAsync(Cluster.Key, Stop));
        ConfigMapRecord second = await CreateAsync(("a", "1"));
        Assert.NotEqual(first.Uid, second.Uid);
        Assert.NotEqual(first.ResourceVersion, second.ResourceVersion);
    }

    [Theory]
    [InlineData("lines\r\nof\rDOS\n")]
    [InlineData("trailing \t \n\n\n")]
    [InlineData("\tleading")]
    [InlineData("\uFEFFwith a mark")]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a: \"b\" # 'c'\\d\\u0041 %e {{f}} ${G}")]
    [InlineData("control \u0001\u001b\u007f\u0085\u00a0\u2028\u2029")]
    [InlineData("Grüße, 日本語, \uFFFD\uE000")]
    [InlineData("😀 𝒳 \U0010FFFD")]
    [InlineData("<script>&amp;</script>")]
    public async Task Every_character_survives_a_creation(string text)
    {
        await CreateAsync(("overrides.yaml", text));
        Assert.Equal(text, (string?)(await Cluster.ReadAsync())["data"]!["overrides.yaml"]);
        Assert.Equal(text, (await GetAsync()).Data["overrides.yaml"]);
    }
}
