using System.Text.Json.Nodes;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class RightsContract
{
    private const string TokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string AccessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    [Theory]
    [InlineData("/api", 200)]
    [InlineData("/api/v1", 200)]
    [InlineData("/apis", 200)]
    [InlineData("/apis/coordination.k8s.io/v1", 200)]
    [InlineData("/version", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/openapi/v2", 200)]
    [InlineData("/metrics", 403)]
    [InlineData("/logs", 403)]
    [InlineData("/toolsets", 403)]
    [InlineData("/api/v1/services", 403)]
    public async Task Who_is_known_may_find_out_what_there_is_and_no_more(string path, int code) =>
        Assert.Equal(code, await (await Cluster.AccountAsync()).CodeAsync(path));

    [Fact]
    public async Task Every_path_under_api_is_open_to_who_is_known()
    {
        ContractAccount account = await Cluster.AccountAsync();
        Assert.True(await ReviewAccessAsync(OfPath(account.UserName, "/api/v1/toolsets")));
        Assert.False(await ReviewAccessAsync(OfPath(account.UserName, "/toolsets")));
    }

    [Fact]
    public async Task Who_is_not_known_is_refused()
    {
        foreach (string path in new[] { "/api/v1/services", "/version" })
            Assert.Equal(401, await Cluster.Known("nobody", "garbage").CodeAsync(path));
    }

    [Fact]
    public async Task Garbage_is_reviewed_as_nobody_and_is_no_error()
    {
        JsonObject review = await ReviewTokenAsync("garbage");
        Assert.NotEqual(true, (bool?)review["status"]!["authenticated"]);
        Assert.Null((string?)review["status"]!["user"]?["username"]);
        Assert.NotEmpty((string)review["status"]!["error"]!);
    }

    [Fact]
    public async Task A_token_is_reviewed_as_its_service_account()
    {
        ContractAccount account = await Cluster.AccountAsync();
        JsonNode status = (await ReviewTokenAsync(account.Token))["status"]!;
        Assert.True((bool)status["authenticated"]!);
        Assert.Equal(account.UserName, (string?)status["user"]!["username"]);
        Assert.Equal(UidOf(await Cluster.GetAsync($"{Cluster.ServiceAccounts}/service")), (string?)status["user"]!["uid"]);
        Assert.Equal(
            ["system:authenticated", "system:serviceaccounts", $"system:serviceaccounts:{Cluster.Namespace}"],
            status["user"]!["groups"]!.AsArray().Select(group => (string)group!).Order(StringComparer.Ordinal));
        Assert.Null(status["error"]);
    }

    [Fact]
    public async Task A_token_is_good_for_its_audiences_alone()
    {
        await Cluster.AccountAsync();
        string token = await Cluster.TokenAsync("service", "vault", "toolsets");
        JsonNode wanted = (await ReviewTokenAsync(token, "toolsets", "other"))["status"]!;
        Assert.True((bool)wanted["authenticated"]!);
        Assert.Equal("""["toolsets"]""", wanted["audiences"]!.ToJsonString());
        Assert.NotEqual(true, (bool?)(await ReviewTokenAsync(token, "other"))["status"]!["authenticated"]);
        Assert.NotEqual(true, (bool?)(await ReviewTokenAsync(token))["status"]!["authenticated"]);
        Assert.Equal(401, await Cluster.Known("service", token).CodeAsync("/version"));
    }

    [Fact]
    public async Task A_token_for_the_API_server_is_none_for_another_audience()
    {
        ContractAccount account = await Cluster.AccountAsync();
        Assert.NotEqual(true, (bool?)(await ReviewTokenAsync(account.Token, "toolsets"))["status"]!["authenticated"]);
    }

    [Fact]
    public async Task A_token_ends_with_its_service_account()
    {
        ContractAccount account = await Cluster.AccountAsync();
        Assert.Equal(200, await account.CodeAsync("/version"));
        await Cluster.DeleteAsync($"{Cluster.ServiceAccounts}/service");
        await Patience.EventuallyAsync(async () => await account.CodeAsync("/version") == 401, () => "the token is refused");
        Assert.NotEqual(true, (bool?)(await ReviewTokenAsync(account.Token))["status"]!["authenticated"]);
        await Cluster.PostAsync(Cluster.ServiceAccounts, ContractCluster.Named("service"));
        Assert.Equal(401, await account.CodeAsync("/version"));
    }

    [Fact]
    public async Task A_token_lives_for_ten_minutes_at_least()
    {
        await Cluster.AccountAsync();
        var request = new JsonObject { ["spec"] = new JsonObject { ["expirationSeconds"] = 599 } };
        (int code, JsonObject status) = await Cluster.AskAsync(HttpMethod.Post, $"{Cluster.ServiceAccounts}/service/token", request);
        Assert.Equal((422, "Invalid"), (code, (string?)status["reason"]));
    }

    [Fact]
    public async Task Nobody_is_given_a_token()
    {
        var request = new JsonObject { ["spec"] = new JsonObject() };
        (int code, _) = await Cluster.AskAsync(HttpMethod.Post, $"{Cluster.ServiceAccounts}/nobody/token", request);
        Assert.Equal(404, code);
    }

    /// <summary>The REST API of this program asks for rights to a group that no API server knows.</summary>
    [Theory]
    [InlineData("get", "toolsets", "own", "", true)]
    [InlineData("list", "toolsets", "own", "", true)]
    [InlineData("list", "toolsets", "none", "", false)]
    [InlineData("list", "toolsets", "other", "", false)]
    [InlineData("list", "services", "own", "", false)]
    [InlineData("create", "toolsets", "own", "", false)]
    [InlineData("get", "toolsets", "own", "prometheus", true)]
    public async Task Rights_to_resources_of_no_definition_are_judged_all_the_same(string verb, string resource, string place, string name, bool allowed)
    {
        ContractAccount account = await Cluster.AccountAsync();
        await account.AllowAsync(Reading("toolsets"));
        string ns = place switch { "own" => Cluster.Namespace, "other" => "default", _ => "" };
        var spec = new JsonObject
        {
            ["user"] = account.UserName,
            ["resourceAttributes"] = new Right(verb, "toolset.kubernaut.io", resource, ns, name).ToAttributes(),
        };
        Assert.Equal(allowed, await ReviewAccessAsync(spec));
    }

    [Fact]
    public async Task A_right_to_the_cluster_holds_in_every_namespace()
    {
        ContractAccount account = await Cluster.AccountAsync();
        JsonObject role = ContractCluster.Named($"readers-{Cluster.Namespace}");
        role["rules"] = new JsonArray(Reading("services"));
        await Cluster.PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles", role);
        JsonObject binding = ContractCluster.Named($"readers-{Cluster.Namespace}");
        binding["roleRef"] = new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io",
            ["kind"] = "ClusterRole",
            ["name"] = $"readers-{Cluster.Namespace}",
        };
        binding["subjects"] = new JsonArray(new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io",
            ["kind"] = "Group",
            ["name"] = $"system:serviceaccounts:{Cluster.Namespace}",
        });
        await Cluster.PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding);
        await account.InForceAsync(new Right("list", "toolset.kubernaut.io", "services"));
        Assert.True(await account.MayAsync(new Right("list", "toolset.kubernaut.io", "services", "default")));
        Assert.False(await account.MayAsync(new Right("list", "", "services", "default")));
    }

    [Fact]
    public async Task A_review_of_a_user_knows_only_the_groups_that_it_names()
    {
        var spec = new JsonObject { ["user"] = "someone", ["resourceAttributes"] = new Right("list", "", "secrets").ToAttributes() };
        Assert.False(await ReviewAccessAsync(spec));
        spec["groups"] = ContractCluster.Texts("system:masters");
        Assert.True(await ReviewAccessAsync(spec));
    }

    [Fact]
    public async Task Reviews_need_the_rights_to_create_them()
    {
        ContractAccount account = await Cluster.AccountAsync();
        foreach (string path in new[] { TokenReviews, AccessReviews })
            Assert.Equal(403, (await account.AskAsync(HttpMethod.Post, path, new JsonObject { ["spec"] = new JsonObject() })).Code);
    }

    private static JsonObject Reading(string resource) => new()
    {
        ["apiGroups"] = ContractCluster.Texts("toolset.kubernaut.io"),
        ["resources"] = ContractCluster.Texts(resource),
        ["verbs"] = ContractCluster.Texts("get", "list"),
    };

    private static JsonObject OfPath(string user, string path) => new()
    {
        ["user"] = user,
        ["groups"] = ContractCluster.Texts("system:authenticated"),
        ["nonResourceAttributes"] = new JsonObject { ["verb"] = "get", ["path"] = path },
    };

    private static string UidOf(JsonObject item) => (string)item["metadata"]!["uid"]!;

    private async Task<JsonObject> ReviewTokenAsync(string token, params string[] audiences)
    {
        var spec = new JsonObject { ["token"] = token };
        if (audiences.Length > 0)
            spec["audiences"] = ContractCluster.Texts(audiences);
        return await Cluster.PostAsync(TokenReviews, new JsonObject { ["spec"] = spec });
    }

    private async Task<bool> ReviewAccessAsync(JsonObject spec) =>
        (bool)(await Cluster.PostAsync(AccessReviews, new JsonObject { ["spec"] = spec.DeepClone() }))["status"]!["allowed"]!;
}
