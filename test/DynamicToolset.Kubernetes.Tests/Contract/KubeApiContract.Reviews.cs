using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class KubeApiContract
{
    private const string ToolsetGroup = "toolset.kubernaut.io";

    [Theory]
    [InlineData("garbage")]
    [InlineData("e30.e30.e30")]
    [InlineData("ü")]
    public async Task A_token_that_proves_nobody_is_an_answer_and_no_error(string token) =>
        Assert.Equal((null, false), await WhoAsync(token));

    /// <summary>API servers read a token as the second word of a header: what has no second word is no token to them, and its sender is anybody.</summary>
    [Theory]
    [InlineData(" ")]
    [InlineData(" x")]
    public async Task A_token_that_begins_with_a_blank_is_taken_for_none_and_proves_anybody(string token) =>
        Assert.Equal("system:anonymous", (await Api.ReviewTokenAsync(token, [], Stop)).User?.Name);

    [Fact]
    public async Task What_follows_a_blank_in_a_token_is_not_looked_at()
    {
        ContractAccount account = await Cluster.AccountAsync();
        Assert.Equal(account.UserName, (await Api.ReviewTokenAsync($"{account.Token} and more", [], Stop)).User?.Name);
    }

    [Fact]
    public async Task No_token_at_all_is_refused()
    {
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => Api.ReviewTokenAsync("", [], Stop));
        Assert.Equal(400, refused.Code);
    }

    [Fact]
    public async Task A_good_token_proves_its_ServiceAccount_with_uid_and_groups()
    {
        ContractAccount account = await Cluster.AccountAsync();
        string uid = (string)(await Cluster.GetAsync($"{Cluster.ServiceAccounts}/service"))["metadata"]!["uid"]!;
        UserInfo user = (await Api.ReviewTokenAsync(account.Token, [], Stop)).User!;
        Assert.Equal((account.UserName, uid), (user.Name, user.Uid));
        Assert.Equal(
            ["system:authenticated", "system:serviceaccounts", $"system:serviceaccounts:{Cluster.Namespace}"], user.Groups.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_token_is_meant_for_the_audiences_that_it_names_and_the_answer_names_those_of_them_that_were_asked_for()
    {
        await Cluster.AccountAsync();
        string token = await Cluster.TokenAsync("service", "vault", "toolsets");
        ReviewedToken wanted = await Api.ReviewTokenAsync(token, ["toolsets", "other"], Stop);
        Assert.Equal(["toolsets"], wanted.Audiences);
        Assert.NotNull(wanted.User);
        Assert.Equal((null, true), await WhoAsync(token, "other"));
        Assert.Equal((null, true), await WhoAsync(token));
    }

    [Fact]
    public async Task A_token_proves_nobody_once_its_ServiceAccount_is_gone_even_if_there_is_another_of_its_name()
    {
        ContractAccount account = await Cluster.AccountAsync();
        await Cluster.DeleteAsync($"{Cluster.ServiceAccounts}/service");
        await Cluster.PostAsync(Cluster.ServiceAccounts, ContractCluster.Named("service"));
        await Patience.EventuallyAsync(async () => (await WhoAsync(account.Token)).Name is null, () => "the token proves nobody");
    }

    [Theory]
    [InlineData("list", "own", "", true)]
    [InlineData("get", "own", "grafana", true)]
    [InlineData("create", "own", "", false)]
    [InlineData("list", "other", "", false)]
    [InlineData("list", "cluster", "", false)]
    public async Task A_right_in_one_namespace_is_none_elsewhere(string verb, string place, string name, bool allowed)
    {
        ContractAccount account = await Cluster.AccountAsync();
        await account.AllowAsync(new JsonObject
        {
            ["apiGroups"] = ContractCluster.Texts(ToolsetGroup),
            ["resources"] = ContractCluster.Texts("services"),
            ["verbs"] = ContractCluster.Texts("list", "get"),
        });
        UserInfo user = (await Api.ReviewTokenAsync(account.Token, [], Stop)).User!;
        string? ns = place switch { "own" => Cluster.Namespace, "other" => "default", _ => null };
        var question = new AccessQuestion.OfResource(verb, ToolsetGroup, "services", ns, name.Length > 0 ? name : null);
        Assert.Equal(allowed, await Api.ReviewAccessAsync(user, question, Stop));
    }

    [Theory]
    [InlineData("system:masters", true)]
    [InlineData("system:authenticated", false)]
    public async Task Groups_count_for_a_right(string group, bool allowed) =>
        Assert.Equal(allowed, await Api.ReviewAccessAsync(Somebody(group), new AccessQuestion.OfResource("get", ToolsetGroup, "status"), Stop));

    [Theory]
    [InlineData("/api/v1/toolsets", true)]
    [InlineData("/metrics", false)]
    public async Task A_right_to_a_path_is_another_than_one_to_a_resource(string path, bool allowed) =>
        Assert.Equal(allowed, await Api.ReviewAccessAsync(Somebody("system:authenticated"), new AccessQuestion.OfPath("get", path), Stop));

    [Fact]
    public async Task What_an_authenticator_says_beside_can_go_along()
    {
        UserInfo user = Somebody("system:authenticated") with
        {
            Uid = "1",
            Extra = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("authentication.kubernetes.io/pod-name", ["a", "b"]),
        };
        Assert.False(await Api.ReviewAccessAsync(user, new AccessQuestion.OfResource("get", ToolsetGroup, "status"), Stop));
    }

    private static UserInfo Somebody(string group) => new("somebody", "", [group], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty);

    private async Task<(string? Name, bool IsForOthers)> WhoAsync(string token, params ImmutableArray<string> audiences)
    {
        ReviewedToken review = await Api.ReviewTokenAsync(token, audiences, Stop);
        return (review.User?.Name, review.IsForOthers);
    }
}
