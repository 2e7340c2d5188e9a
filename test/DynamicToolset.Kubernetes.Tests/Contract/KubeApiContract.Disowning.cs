using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>How the overrides that we put back become the admin's own again.</summary>
public abstract partial class KubeApiContract
{
    [Fact]
    public async Task Overrides_that_were_put_back_are_given_up_and_GitOps_may_change_and_drop_them()
    {
        ConfigMapRecord created = await CreateAsync(("a-toolset.yaml", "a"), ("overrides.yaml", "mine\r\n"));
        ConfigMapRecord disowned = await DisownAsync(created);
        Assert.NotEqual(created.ResourceVersion, disowned.ResourceVersion);
        Assert.Equal(created.Data, disowned.Data);
        Assert.Empty(FieldOwnership.ToGiveUp(disowned));
        Assert.Equal("git", (string?)(await AppliedByGitAsync("""{"overrides.yaml":"git"}"""))["data"]!["overrides.yaml"]);
        Assert.Equal("""{"a-toolset.yaml":"a"}""", (await AppliedByGitAsync("{}"))["data"]!.ToJsonString());
    }

    // Who changes a field owns it, and then it is not there any more to be taken away.
    [Theory]
    [InlineData("b", 409, "Conflict")]
    [InlineData("overrides.yaml", 422, "Invalid")]
    public async Task What_has_changed_meanwhile_is_not_given_up(string changed, int code, string reason)
    {
        ConfigMapRecord created = await CreateAsync(("a-toolset.yaml", "a"), ("overrides.yaml", "mine"));
        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets", $$$"""{"data":{"{{{changed}}}":"newer"}}""");
        string before = (await Cluster.ReadAsync()).ToJsonString();
        await RefusalAsync(() => DisownAsync(created), code, reason);
        Assert.Equal(before, (await Cluster.ReadAsync()).ToJsonString());
    }

    [Fact]
    public async Task Overrides_beside_nothing_of_ours_are_given_up_with_the_map()
    {
        var content = Content(("overrides.yaml", "mine")) with { Annotations = NoPairs.Add("kubernaut.io/note", "x") };
        ConfigMapRecord disowned = await DisownAsync(await Api.CreateConfigMapAsync(Cluster.Key, content, Stop));
        Assert.Empty(FieldOwnership.ToGiveUp(disowned));
        Assert.Equal("git", (string?)(await AppliedByGitAsync("""{"overrides.yaml":"git"}"""))["data"]!["overrides.yaml"]);
    }

    [Fact]
    public async Task The_map_that_our_patch_made_never_takes_the_overrides_of_the_admin()
    {
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("toolsets"));
        ConfigMapRecord present = await PatchAsync(Changes((await GetAsync()).ResourceVersion, ("a-toolset.yaml", "a")));
        if (!FieldOwnership.ToGiveUp(present).IsEmpty)
            present = await DisownAsync(present);
        Assert.Empty(FieldOwnership.ToGiveUp(present));
        await AppliedByGitAsync("""{"overrides.yaml":"git"}""");
        await PatchAsync(Changes((await GetAsync()).ResourceVersion, ("a-toolset.yaml", null)));
        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets", """{"metadata":{"labels":{"x":"y"}}}""");
        Assert.Empty(FieldOwnership.ToGiveUp(await GetAsync()));
    }

    private Task<ConfigMapRecord> DisownAsync(ConfigMapRecord present) =>
        Api.DisownAsync(present.Key, present.ResourceVersion, FieldOwnership.ToGiveUp(present), Stop);

    private async Task<JsonObject> AppliedByGitAsync(string data)
    {
        string body = $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"toolsets"},"data":{{data}}}""";
        var (code, answer) = await Cluster.AskAsync(
            HttpMethod.Patch, $"{Cluster.ConfigMaps}/toolsets?fieldManager=git", body, "application/apply-patch+yaml");
        Assert.True(code == 200, answer.ToJsonString());
        return answer;
    }
}
