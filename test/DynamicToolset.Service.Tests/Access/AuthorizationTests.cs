using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Access;

/// <summary>Who may do what, over HTTP on both sides.</summary>
public sealed class AuthorizationTests
{
    [Theory]
    [InlineData("/api/v1/toolsets", "list toolsets")]
    [InlineData("/api/v1/toolsets/prometheus", "get toolsets")]
    [InlineData("/api/v1/services", "list services")]
    [InlineData("/api/v1/services/explain", "list services")]
    [InlineData("/api/v1/status", "get status")]
    public async Task Who_is_known_and_has_no_right_is_told_which_and_how_to_get_it(string path, string right)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        ApiAnswer answer = await service.AskAsync(path, service.NewAccount("team", "jo"));
        Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
        Assert.Equal(
            $"system:serviceaccount:team:jo may not {right}.toolset.kubernaut.io in the whole cluster; an admin can allow it by the ClusterRole that grants it (in deploy/base/api-rbac.yaml; the Helm chart's begins with its rbac.clusterNamePrefix, or the release's name, in place of dynamic-toolset): "
            + "kubectl create clusterrolebinding dynamic-toolset-reader-team-jo --clusterrole=dynamic-toolset-reader --serviceaccount=team:jo",
            answer.Detail);
    }

    [Theory]
    [InlineData("/api/v1/services?namespace=team", 200)]
    [InlineData("/api/v1/services/team/nothing/explain", 404)]
    [InlineData("/api/v1/services/team/a%2Fb/explain", 404)]
    [InlineData("/api/v1/services", 403)]
    [InlineData("/api/v1/services?namespace=monitoring", 403)]
    [InlineData("/api/v1/services?namespace=", 403)]
    [InlineData("/api/v1/services?namespace=team&namespace=monitoring", 403)]
    [InlineData("/api/v1/services?namespace=team&Namespace=monitoring", 403)]
    [InlineData("/api/v1/services?namespace=team,monitoring", 403)]
    [InlineData("/api/v1/services?namespace=team%00", 403)]
    [InlineData("/api/v1/services?namespace=*", 403)]
    [InlineData("/api/v1/services?NAMESPACE=team", 400)]
    [InlineData("/api/v1/services/explain?namespace=team", 403)]
    [InlineData("/api/v1/services/monitoring/prometheus/explain", 403)]
    [InlineData("/api/v1/services/monitoring/prometheus/explain?namespace=team", 403)]
    [InlineData("/api/v1/services/team/../monitoring/prometheus/explain", 403)]
    [InlineData("/api/v1/services/team%2F..%2Fmonitoring/prometheus/explain", 403)]
    [InlineData("/api/v1/services/Team/nothing/explain", 403)]
    [InlineData("/api/v1/toolsets", 403)]
    [InlineData("/api/v1/toolsets?namespace=team", 403)]
    [InlineData("/api/v1/status?namespace=team", 403)]
    public async Task A_right_in_a_namespace_is_one_to_the_Services_there_and_to_nothing_else(string path, int status)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string token = service.NewAccount("team", "jo");
        service.Bind("team", "jo", "dynamic-toolset-reader");
        Assert.Equal(status, (await service.AskAsync(path, token)).Status);
    }

    [Fact]
    public async Task The_remedy_for_a_namespace_gives_no_more_than_that_namespace()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        ApiAnswer answer = await service.AskAsync("/api/v1/services?namespace=monitoring", service.NewAccount("team", "jo"));
        Assert.EndsWith(
            "kubectl create rolebinding dynamic-toolset-reader-team-jo --clusterrole=dynamic-toolset-reader --serviceaccount=team:jo -n monitoring",
            answer.Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_that_is_given_is_found_within_five_seconds_and_one_that_is_taken_away_is_gone_within_a_minute()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string token = service.NewAccount("team", "jo");
        const string Path = "/api/v1/services?namespace=team";
        Assert.Equal(403, (await service.AskAsync(Path, token)).Status);
        service.Bind("team", "jo", "dynamic-toolset-reader");
        Assert.Equal(403, (await service.AskAsync(Path, token)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, (await service.AskAsync(Path, token)).Status);
        service.Sim.Store.Delete(KubeResource.RoleBindings, new ObjectKey("team", "jo"));
        service.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(403, (await service.AskAsync(Path, token)).Status);
    }

    [Fact]
    public async Task All_that_is_known_of_a_caller_goes_to_whoever_decides()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        JsonObject? asked = null;
        service.Review = (resource, spec) =>
        {
            if (resource == GuardedService.Rights)
                asked = spec;
            return Task.FromResult<JsonObject?>(JsonNode.Parse(resource == GuardedService.Rights ? """{"allowed":true}""" : """
                {"authenticated":true,"user":{"username":"jo","uid":"7","groups":["a","b"],"extra":{"authentication.kubernetes.io/pod-name":["p"]}}}
                """)!.AsObject());
        };
        Assert.Equal(200, (await service.AskAsync("/api/v1/services?namespace=team", "token")).Status);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"user":"jo","uid":"7","groups":["a","b"],"extra":{"authentication.kubernetes.io/pod-name":["p"]},
                "resourceAttributes":{"verb":"list","group":"toolset.kubernaut.io","resource":"services","namespace":"team"}}
                """),
            asked));
    }

    /// <summary>Another with the same name and other groups is somebody else.</summary>
    [Fact]
    public async Task What_one_may_do_says_nothing_of_another()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        service.Review = (resource, spec) => Task.FromResult<JsonObject?>(resource == GuardedService.Rights
            ? new JsonObject { ["allowed"] = spec["groups"]!.AsArray().Any(group => (string?)group == "admins") }
            : new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = new JsonObject { ["username"] = "jo", ["groups"] = new JsonArray((string)spec["token"]!) },
            });
        Assert.Equal(200, (await service.AskAsync("/api/v1/status", "admins")).Status);
        Assert.Equal(403, (await service.AskAsync("/api/v1/status", "others")).Status);
    }

    [Theory]
    [InlineData("""{"allowed":true,"denied":true}""")]
    [InlineData("""{"allowed":false}""")]
    [InlineData("""{"evaluationError":"the webhook is away"}""")]
    [InlineData("{}")]
    public async Task What_is_not_clearly_allowed_is_not(string status)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        service.Review = (resource, _) =>
            Task.FromResult<JsonObject?>(resource == GuardedService.Rights ? JsonNode.Parse(status)!.AsObject() : AuthenticationTests.Somebody("jo"));
        Assert.Equal(403, (await service.AskAsync("/api/v1/status", "token")).Status);
    }

    [Fact]
    public async Task Headers_by_which_one_speaks_for_another_count_for_nothing()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        ApiAnswer answer = await service.AskAsync("/api/v1/status", [$"Bearer {service.NewAccount("team", "jo")}"], change: request =>
        {
            request.Headers.Add("Impersonate-User", "kubernetes-admin");
            request.Headers.Add("Impersonate-Group", "system:masters");
            request.Headers.Add("X-Remote-User", "kubernetes-admin");
            request.Headers.Add("X-Forwarded-For", "127.0.0.1");
        });
        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task With_AUTHORIZATION_none_whoever_is_known_may_do_everything()
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { Authorization = AuthorizationMode.None });
        Assert.Equal(200, (await service.AskAsync("/api/v1/status", service.NewAccount("team", "jo"))).Status);
        Assert.Equal(401, (await service.AskAsync("/api/v1/status")).Status);
        Assert.Equal(0, service.Count(GuardedService.Rights));
    }

    [Fact]
    public async Task Both_shipped_accounts_may_read_everything()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        foreach (string account in new[] { "dynamic-toolset-sa", "dynamic-toolset" })
        {
            string token = service.Sim.IssueToken(new ObjectKey("kubernaut-system", account), TimeSpan.FromHours(1));
            Assert.Equal(200, (await service.AskAsync("/api/v1/services", token)).Status);
        }
    }
}
