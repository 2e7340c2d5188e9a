using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using Microsoft.Extensions.Time.Testing;
using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class AccessTests
{
    private const string Accounts = "/api/v1/namespaces/default/serviceaccounts";
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    private const string TokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string AccessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    private const string OwnAccessReviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private const string OwnRulesReviews = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string User = "system:serviceaccount:default:bot";
    private static readonly ObjectKey Bot = new("default", "bot");

    [Fact]
    public async Task A_service_account_gets_a_token_that_tells_who_it_is()
    {
        await using Cluster cluster = await StartWithBotAsync();
        Answer issued = (await cluster.PostAsync($"{Accounts}/bot/token", """{"spec":{}}""")).Expect(201);
        Assert.Equal(3600, (int)issued.At("spec", "expirationSeconds")!);
        Answer review = await ReviewAsync(cluster, issued.Text("status", "token")!);
        Assert.True((bool)review.At("status", "authenticated")!);
        Assert.Equal(User, review.Text("status", "user", "username"));
        Assert.Equal(
            """["system:serviceaccounts","system:serviceaccounts:default","system:authenticated"]""",
            review.At("status", "user", "groups")!.ToJsonString());
        Assert.Equal((await cluster.GetAsync($"{Accounts}/bot")).Uid, review.Text("status", "user", "uid"));
    }

    [Theory]
    [InlineData("bot", """{"spec":{"expirationSeconds":60}}""", 422, "spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes")]
    [InlineData("none", """{"spec":{}}""", 404, "serviceaccounts \"none\" not found")]
    public async Task A_token_is_refused_that_is_too_short_or_for_nobody(string name, string body, int code, string why)
    {
        await using Cluster cluster = await StartWithBotAsync();
        Assert.EndsWith(why, (await cluster.PostAsync($"{Accounts}/{name}/token", body)).Expect(code).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_is_reviewed_as_a_token_of_nobody()
    {
        await using Cluster cluster = await StartAsync();
        Answer review = await ReviewAsync(cluster, "garbage");
        Assert.Equal("""{"user":{},"error":"invalid bearer token"}""", review.At("status")!.ToJsonString());
        (await cluster.PostAsync(TokenReviews, """{"spec":{}}""")).Expect(400, "BadRequest");
        (await cluster.GetAsync(TokenReviews)).Expect(405, "MethodNotAllowed");
    }

    [Fact]
    public async Task A_token_counts_only_for_its_audiences()
    {
        await using Cluster cluster = await StartWithBotAsync();
        Answer issued = (await cluster.PostAsync($"{Accounts}/bot/token", """{"spec":{"audiences":["vault","x"]}}""")).Expect(201);
        string token = issued.Text("status", "token")!;
        Answer elsewhere = await ReviewAsync(cluster, token, """["x","y"]""");
        Assert.Equal("""["x"]""", elsewhere.At("status", "audiences")!.ToJsonString());
        Answer here = await ReviewAsync(cluster, token);
        Assert.Null(here.At("status", "authenticated"));
        Assert.Equal(
            "[invalid bearer token, token audiences [\"vault\" \"x\"] is invalid for the target audiences "
            + "[\"https://kubernetes.default.svc.cluster.local\"]]",
            here.Text("status", "error"));
        Become(cluster, token);
        (await cluster.GetAsync(Services)).Expect(401, "Unauthorized");
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using Cluster cluster = await StartWithBotAsync(new KubeSimOptions { Time = time });
        string token = cluster.Sim.IssueToken(Bot, TimeSpan.FromMinutes(10));
        Become(cluster, token);
        (await cluster.GetAsync("/version")).Expect(200);
        time.Advance(TimeSpan.FromMinutes(10));
        (await cluster.GetAsync("/version")).Expect(401, "Unauthorized");
    }

    [Fact]
    public async Task A_token_ends_with_its_service_account_even_if_another_takes_the_name()
    {
        await using Cluster cluster = await StartWithBotAsync();
        string token = cluster.Sim.IssueToken(Bot, TimeSpan.FromHours(1));
        (await cluster.DeleteAsync($"{Accounts}/bot")).Expect(200);
        (await cluster.PostAsync(Accounts, """{"metadata":{"name":"bot"}}""")).Expect(201);
        Become(cluster, token);
        (await cluster.GetAsync("/version")).Expect(401, "Unauthorized");
    }

    [Theory]
    [InlineData("GET", "/api/v1/services", "services is forbidden: User \"system:serviceaccount:default:bot\" cannot list resource \"services\" in API group \"\" at the cluster scope")]
    [InlineData("GET", ConfigMaps + "/x", "configmaps \"x\" is forbidden: User \"system:serviceaccount:default:bot\" cannot get resource \"configmaps\" in API group \"\" in the namespace \"default\"")]
    [InlineData("GET", ConfigMaps + "?watch=1", "configmaps is forbidden: User \"system:serviceaccount:default:bot\" cannot watch resource \"configmaps\" in API group \"\" in the namespace \"default\"")]
    [InlineData("DELETE", ConfigMaps, "configmaps is forbidden: User \"system:serviceaccount:default:bot\" cannot deletecollection resource \"configmaps\" in API group \"\" in the namespace \"default\"")]
    [InlineData("GET", "/apis/apps/v1/deployments", "deployments.apps is forbidden: User \"system:serviceaccount:default:bot\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope")]
    [InlineData("GET", Services + "/x/status", "services \"x\" is forbidden: User \"system:serviceaccount:default:bot\" cannot get resource \"services/status\" in API group \"\" in the namespace \"default\"")]
    [InlineData("GET", Namespaces + "/default", "namespaces \"default\" is forbidden: User \"system:serviceaccount:default:bot\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"default\"")]
    [InlineData("GET", "/metrics", "forbidden: User \"system:serviceaccount:default:bot\" cannot get path \"/metrics\"")]
    [InlineData("POST", TokenReviews, "tokenreviews.authentication.k8s.io is forbidden: User \"system:serviceaccount:default:bot\" cannot create resource \"tokenreviews\" in API group \"authentication.k8s.io\" at the cluster scope")]
    public async Task What_no_role_allows_is_forbidden(string method, string path, string why)
    {
        await using Cluster cluster = await StartAsBotAsync();
        Answer answer = (await cluster.SendAsync(new HttpMethod(method), path)).Expect(403, "Forbidden");
        Assert.Equal(why, answer.Message);
    }

    [Theory]
    [InlineData("/version")]
    [InlineData("/api")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/openapi/v2")]
    public async Task Everyone_who_is_known_may_find_out_what_there_is(string path)
    {
        await using Cluster cluster = await StartAsBotAsync();
        (await cluster.GetAsync(path)).Expect(200);
    }

    /// <summary>One rule for the bot in the namespace default, and what it lets through.</summary>
    [Theory]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list"]}""", "GET", ConfigMaps, 200)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list"]}""", "GET", "/api/v1/configmaps", 403)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list"]}""", "GET", "/api/v1/namespaces/kube-system/configmaps", 403)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"verbs":["delete"]}""", "DELETE", ConfigMaps, 403)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"verbs":["deletecollection"]}""", "DELETE", ConfigMaps, 200)]
    [InlineData("""{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}""", "DELETE", ConfigMaps + "/a", 200)]
    [InlineData("""{"apiGroups":["apps"],"resources":["configmaps"],"verbs":["get"]}""", "GET", ConfigMaps + "/a", 403)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":["get","list"]}""", "GET", ConfigMaps + "/a", 200)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":["get","list"]}""", "GET", ConfigMaps + "/b", 403)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":["get","list"]}""", "GET", ConfigMaps, 403)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":["list"]}""", "GET", ConfigMaps + "?fieldSelector=metadata.name%3Da", 200)]
    [InlineData("""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":["list"]}""", "GET", ConfigMaps + "?fieldSelector=metadata.name%3Db", 403)]
    [InlineData("""{"apiGroups":[""],"resources":["serviceaccounts"],"verbs":["create"]}""", "POST", Accounts + "/bot/token", 403)]
    [InlineData("""{"apiGroups":[""],"resources":["serviceaccounts/token"],"verbs":["create"]}""", "POST", Accounts + "/bot/token", 201)]
    [InlineData("""{"apiGroups":[""],"resources":["*/token"],"verbs":["create"]}""", "POST", Accounts + "/bot/token", 201)]
    public async Task A_role_allows_what_its_rule_says_in_its_namespace(string rule, string method, string path, int code)
    {
        await using Cluster cluster = await StartWithBotAsync();
        await cluster.GivenConfigMapAsync("a");
        await AllowAsync(cluster, rule);
        Become(cluster, cluster.Sim.IssueToken(Bot, TimeSpan.FromHours(1)));
        (await cluster.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null)).Expect(code);
    }

    [Theory]
    [InlineData("""["patch"]""", 403)]
    [InlineData("""["patch","create"]""", 201)]
    public async Task Applying_an_object_that_is_not_there_needs_the_right_to_create_it(string verbs, int code)
    {
        await using Cluster cluster = await StartWithBotAsync();
        await AllowAsync(cluster, $$"""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["a"],"verbs":{{verbs}}}""");
        Become(cluster, cluster.Sim.IssueToken(Bot, TimeSpan.FromHours(1)));
        Answer answer = await cluster.ApplyAsync($"{ConfigMaps}/a", "m", """{"apiVersion":"v1","kind":"ConfigMap","data":{"k":"v"}}""");
        answer.Expect(code);
    }

    [Fact]
    public async Task A_put_that_makes_a_lease_needs_the_right_to_create_it()
    {
        await using Cluster cluster = await StartWithBotAsync();
        await AllowAsync(cluster, """{"apiGroups":["coordination.k8s.io"],"resources":["leases"],"verbs":["update"]}""");
        Become(cluster, cluster.Sim.IssueToken(Bot, TimeSpan.FromHours(1)));
        Answer answer = (await cluster.PutAsync($"{Leases}/a", """{"metadata":{"name":"a"}}""")).Expect(403, "Forbidden");
        Assert.Contains("cannot create resource \"leases\"", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"user":"system:serviceaccount:default:bot","resourceAttributes":{"verb":"get","resource":"configmaps","namespace":"default"}}""", true)]
    [InlineData("""{"user":"system:serviceaccount:default:bot","resourceAttributes":{"verb":"get","resource":"configmaps"}}""", false)]
    [InlineData("""{"user":"someone","resourceAttributes":{"verb":"get","resource":"configmaps","namespace":"default"}}""", false)]
    [InlineData("""{"user":"someone","groups":["system:masters"],"resourceAttributes":{"verb":"get","resource":"pods"}}""", true)]
    [InlineData("""{"user":"someone","groups":["system:authenticated"],"nonResourceAttributes":{"verb":"get","path":"/healthz"}}""", true)]
    [InlineData("""{"user":"someone","groups":["system:authenticated"],"nonResourceAttributes":{"verb":"get","path":"/metrics"}}""", false)]
    public async Task An_access_review_answers_as_a_request_would_be(string spec, bool allowed)
    {
        await using Cluster cluster = await StartWithBotAsync();
        await AllowAsync(cluster, """{"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}""");
        Answer answer = (await cluster.PostAsync(AccessReviews, $$"""{"spec":{{spec}}}""")).Expect(201);
        Assert.Equal(allowed, (bool)answer.At("status", "allowed")!);
    }

    [Fact]
    public async Task An_access_review_names_the_binding_that_allows()
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = await cluster.PostAsync(
            AccessReviews, """{"spec":{"user":"u","groups":["system:authenticated"],"nonResourceAttributes":{"path":"/version","verb":"get"}}}""");
        Assert.StartsWith("RBAC: allowed by ClusterRoleBinding \"system:discovery\" of ClusterRole", answer.Text("status", "reason"));
    }

    [Theory]
    [InlineData("""{"resourceAttributes":{"verb":"get","resource":"pods"}}""", "at least one of user or group must be specified")]
    [InlineData("""{"user":"u"}""", "exactly one of nonResourceAttributes or resourceAttributes must be specified")]
    [InlineData("""{"user":"u","resourceAttributes":{"verb":"get"},"nonResourceAttributes":{"path":"/x"}}""", "cannot be specified in combination with resourceAttributes")]
    public async Task An_access_review_that_asks_nothing_clear_is_refused(string spec, string why)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.PostAsync(AccessReviews, $$"""{"spec":{{spec}}}""")).Expect(422, "Invalid");
        Assert.EndsWith(why, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("system:serviceaccount:default:bot", null, 200)]
    [InlineData("system:serviceaccount:default:other", null, 403)]
    [InlineData("jane", null, 403)]
    [InlineData("jane", "system:masters", 200)]
    [InlineData("system:anonymous", null, 403)]
    public async Task The_administrator_may_ask_in_the_name_of_another(string user, string? group, int code)
    {
        await using Cluster cluster = await StartWithBotAsync();
        await AllowAsync(cluster, """{"apiGroups":[""],"resources":["configmaps"],"verbs":["list"]}""");
        cluster.Client.DefaultRequestHeaders.Add("Impersonate-User", user);
        if (group is not null)
        {
            cluster.Client.DefaultRequestHeaders.Add("Impersonate-Group", group);
        }

        (await cluster.GetAsync(ConfigMaps)).Expect(code);
    }

    [Theory]
    [InlineData("jane", "users \"jane\" is forbidden: User \"system:serviceaccount:default:bot\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope")]
    [InlineData("system:serviceaccount:p:x", "serviceaccounts \"x\" is forbidden: User \"system:serviceaccount:default:bot\" cannot impersonate resource \"serviceaccounts\" in API group \"\" in the namespace \"p\"")]
    public async Task Nobody_else_asks_in_the_name_of_another_without_the_right(string user, string message)
    {
        await using Cluster cluster = await StartAsBotAsync();
        cluster.Client.DefaultRequestHeaders.Add("Impersonate-User", user);
        Assert.Equal(message, (await cluster.GetAsync("/version")).Expect(403, "Forbidden").Message);
    }

    [Fact]
    public async Task Everyone_is_told_the_rules_that_hold_for_them_in_a_namespace()
    {
        const string rule = """{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["x"],"verbs":["get"]}""";
        await using Cluster cluster = await StartWithBotAsync();
        await AllowAsync(cluster, rule);
        Become(cluster, cluster.Sim.IssueToken(Bot, TimeSpan.FromHours(1)));
        Answer here = (await cluster.PostAsync(OwnRulesReviews, """{"spec":{"namespace":"default"}}""")).Expect(201);
        IEnumerable<JsonNode?> resources = here.At("status", "resourceRules")!.AsArray();
        Assert.Contains(resources, given => JsonNode.DeepEquals(given, JsonNode.Parse(rule)));
        Assert.Contains(resources, given => given!.ToJsonString().Contains("selfsubjectrulesreviews", StringComparison.Ordinal));
        IEnumerable<JsonNode?> paths = here.At("status", "nonResourceRules")!.AsArray();
        Assert.Contains(paths, given => given!["nonResourceURLs"]!.AsArray().Any(path => (string?)path == "/version"));
        Answer elsewhere = (await cluster.PostAsync(OwnRulesReviews, """{"spec":{"namespace":"kube-system"}}""")).Expect(201);
        Assert.DoesNotContain("configmaps", elsewhere.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("no namespace on request", (await cluster.PostAsync(OwnRulesReviews, "{}")).Expect(400, "BadRequest").Message);
    }

    [Fact]
    public async Task Everyone_may_ask_what_they_may_do()
    {
        await using Cluster cluster = await StartAsBotAsync();
        Answer answer = await cluster.PostAsync(OwnAccessReviews, """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""");
        Assert.False((bool)answer.Expect(201).At("status", "allowed")!);
    }

    [Theory]
    [InlineData("roles", """{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["a"]}]}""", "rules[0].verbs: Required value: verbs must contain at least one value")]
    [InlineData("roles", """{"metadata":{"name":"r"},"rules":[{"resources":["a"],"verbs":["get"]}]}""", "rules[0].apiGroups: Required value: resource rules must supply at least one api group")]
    [InlineData("roles", """{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"verbs":["get"]}]}""", "rules[0].resources: Required value: resource rules must supply at least one resource")]
    [InlineData("rolebindings", """{"metadata":{"name":"r"},"roleRef":{"kind":"Role"}}""", "roleRef.name: Required value")]
    [InlineData("rolebindings", """{"metadata":{"name":"r"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"a"}]}""", "subjects[0].namespace: Required value")]
    public async Task Roles_and_bindings_that_mean_nothing_are_refused(string plural, string body, string why)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.PostAsync($"{Rbac}/namespaces/default/{plural}", body)).Expect(422, "Invalid");
        Assert.EndsWith(why, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_binding_keeps_its_role()
    {
        await using Cluster cluster = await StartWithBotAsync();
        await AllowAsync(cluster, """{"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}""");
        Answer answer = await cluster.PatchAsync($"{Rbac}/namespaces/default/rolebindings/bot", """{"roleRef":{"name":"other"}}""");
        Assert.EndsWith("cannot change roleRef", answer.Expect(422, "Invalid").Message, StringComparison.Ordinal);
    }

    private static async Task<Cluster> StartWithBotAsync(KubeSimOptions? options = null)
    {
        Cluster cluster = await StartAsync(options);
        (await cluster.PostAsync(Accounts, """{"metadata":{"name":"bot"}}""")).Expect(201);
        return cluster;
    }

    private static async Task<Cluster> StartAsBotAsync()
    {
        Cluster cluster = await StartWithBotAsync();
        Become(cluster, cluster.Sim.IssueToken(Bot, TimeSpan.FromHours(1)));
        return cluster;
    }

    private static void Become(Cluster cluster, string token) =>
        cluster.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private static async Task AllowAsync(Cluster cluster, string rule)
    {
        string place = $"{Rbac}/namespaces/default";
        (await cluster.PostAsync($"{place}/roles", $$"""{"metadata":{"name":"bot"},"rules":[{{rule}}]}""")).Expect(201);
        (await cluster.PostAsync($"{place}/rolebindings", """
            {"metadata":{"name":"bot"},"roleRef":{"kind":"Role","name":"bot"},
             "subjects":[{"kind":"ServiceAccount","name":"bot","namespace":"default"}]}
            """)).Expect(201);
    }

    private static async Task<Answer> ReviewAsync(Cluster cluster, string token, string audiences = "[]") =>
        (await cluster.PostAsync(TokenReviews, $$$"""{"spec":{"token":"{{{token}}}","audiences":{{{audiences}}}}}""")).Expect(201);
}
