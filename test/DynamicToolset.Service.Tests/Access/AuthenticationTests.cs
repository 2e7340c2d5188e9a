using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Options;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Access;

/// <summary>Who is let in, over HTTP on both sides.</summary>
public sealed class AuthenticationTests
{
    private const string Path = "/api/v1/status";

    private static readonly ObjectKey Account = new("kubernaut-system", "dynamic-toolset-sa");

    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["refused"] = new Fault.Refuse(),
        ["reply lost"] = new Fault.LoseReply(),
        ["reset"] = new Fault.ResetMidBody(),
        ["401"] = new Fault.Answer(HttpStatusCode.Unauthorized),
        ["403"] = new Fault.Answer(HttpStatusCode.Forbidden),
        ["404"] = new Fault.Answer(HttpStatusCode.NotFound),
        ["409"] = new Fault.Answer(HttpStatusCode.Conflict),
        ["422"] = new Fault.Answer(HttpStatusCode.UnprocessableEntity),
        ["429"] = new Fault.Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(20)),
        ["500"] = new Fault.Answer(HttpStatusCode.InternalServerError),
        ["503"] = new Fault.Answer(HttpStatusCode.ServiceUnavailable),
        ["504"] = new Fault.Answer(HttpStatusCode.GatewayTimeout),
    };

    public static TheoryData<string, string> Cells =>
        [.. from fault in Faults.Keys from review in new[] { GuardedService.Reviews, GuardedService.Rights } select (fault, review)];

    [Theory]
    [InlineData("/api/v1/toolsets")]
    [InlineData("/api/v1/toolsets/prometheus")]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/services/explain")]
    [InlineData("/api/v1/services/monitoring/prometheus/explain")]
    [InlineData(Path)]
    [InlineData("/API/V1/Status")]
    public async Task Every_route_of_the_API_needs_a_token(string path)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        ApiAnswer answer = await service.AskAsync(path);
        Assert.Equal((401, "noToken", "Bearer"), (answer.Status, answer.Code, answer.Challenge));
        Assert.Contains("kubectl create token dynamic-toolset-sa -n kubernaut-system", answer.Detail);
        Assert.Equal(200, (await service.AskAsync(path, service.Token)).Status);
    }

    [Fact]
    public async Task Only_one_token_in_the_form_of_a_token_is_looked_at_and_the_rest_is_refused_without_asking_anybody()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string token = service.Token;
        string[][] headers =
        [
            ["Bearer"], ["Bearer "], ["Bearer  x"], [$"Bearer  {token}"], [$"Bearer {token} and more"], [$"Bearer {token},"], ["Basic YTpi"], [token],
            [$"Bearer\t{token}"],
            ["Bearer tökén"], ["Bearer \u00a0x"], ["Bearer =="], [$"BearerX {token}"], [$"Bearer {token}\u200b"],
        ];
        foreach (string[] header in headers)
        {
            ApiAnswer answer = await service.AskAsync(Path, header);
            Assert.True(answer.Status is 401 or 400, $"{string.Join(" and ", header)} was answered with {answer.Status}");
        }

        Assert.Equal(0, service.Count(GuardedService.Reviews));
    }

    [Fact]
    public async Task Of_two_headers_none_counts_nor_does_what_is_no_header()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string good = $"Authorization: Bearer {service.Token}", bad = "Authorization: Bearer garbage";
        Assert.Equal(200, await service.SendAsync($"GET {Path} HTTP/1.1", good));
        string[][] headers =
        [
            [good, good], [good, bad], [bad, good], [good, "authorization: "], [$"Authorization: Bearer {service.Token}\u0001"], [$"Authorization: Bearer {service.Token}\0"],
            [$"Authorization:\r\n Bearer {service.Token}"], [$"Authorization : Bearer {service.Token}"], [$"Authorization: Bearer\u00a0{service.Token}"],
            [$"Proxy-Authorization: Bearer {service.Token}"], [$"X-Forwarded-Authorization: Bearer {service.Token}"], [$"Cookie: token={service.Token}"],
        ];
        foreach (string[] lines in headers)
        {
            int status = await service.SendAsync([$"GET {Path} HTTP/1.1", .. lines]);
            Assert.True(status is 401 or 400, $"{string.Join(" and ", lines)} was answered with {status}");
        }
    }

    [Theory]
    [InlineData("GET /api/v1/services/../status HTTP/1.1")]
    [InlineData("GET /api/v1/services/%2e%2e/status HTTP/1.1")]
    [InlineData("GET /openapi/../api/v1/status HTTP/1.1")]
    [InlineData("GET /healthz/../api/v1/status HTTP/1.1")]
    [InlineData("GET /healthz/%2e%2e/api/v1/status HTTP/1.1")]
    [InlineData("GET /healthz/..%2fapi/v1/status HTTP/1.1")]
    [InlineData("GET //api/v1/status HTTP/1.1")]
    [InlineData("GET /api//v1/status HTTP/1.1")]
    [InlineData("GET /api/v1/status/ HTTP/1.1")]
    [InlineData("GET /api/v1/status%2F HTTP/1.1")]
    [InlineData("GET /api/v1/%73tatus HTTP/1.1")]
    [InlineData("GET /api/v1/status;a=b HTTP/1.1")]
    [InlineData("GET /api/v1/status%00 HTTP/1.1")]
    [InlineData("GET /api\\v1\\status HTTP/1.1")]
    [InlineData("GET http://a/api/v1/status HTTP/1.1")]
    [InlineData("GET http://a/healthz/../api/v1/status HTTP/1.1")]
    [InlineData("HEAD /api/v1/status HTTP/1.1")]
    [InlineData("HEAD /API/V1/STATUS HTTP/1.1")]
    [InlineData("POST /api/v1/status HTTP/1.1")]
    [InlineData("GET /api/v1/status HTTP/1.0")]
    public async Task No_way_to_write_a_path_leads_around_the_token(string request)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.True(await service.SendAsync(request) is 401 or 404 or 405 or 400);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_scheme_may_be_in_any_case(string scheme)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, [$"{scheme} {service.Token}"])).Status);
    }

    [Fact]
    public async Task A_token_that_proves_nobody_is_told_so_and_asked_about_once_in_five_seconds()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            ApiAnswer answer = await service.AskAsync(Path, "garbage");
            Assert.Equal((401, "invalidToken", "Bearer error=\"invalid_token\""), (answer.Status, answer.Code, answer.Challenge));
        }

        Assert.Equal(1, service.Count(GuardedService.Reviews));
        service.Time.Advance(TimeSpan.FromSeconds(5));
        await service.AskAsync(Path, "garbage");
        Assert.Equal(2, service.Count(GuardedService.Reviews));
    }

    [Fact]
    public async Task A_huge_token_is_refused()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(431, (await service.AskAsync(Path, new string('a', 100_000))).Status);
        Assert.Equal(0, service.Count(GuardedService.Reviews));
    }

    [Fact]
    public async Task A_good_token_and_what_its_owner_may_do_are_asked_about_once_in_35_seconds()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        for (int second = 0; second < 35; second++)
        {
            Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
            service.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((1, 1), (service.Count(GuardedService.Reviews), service.Count(GuardedService.Rights)));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        await Patience.EventuallyAsync(() => (service.Count(GuardedService.Reviews), service.Count(GuardedService.Rights)) == (2, 2), "both are renewed");
    }

    [Fact]
    public async Task While_a_good_token_is_asked_about_again_nobody_waits_and_where_that_fails_it_is_tried_again_after_five_seconds()
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { Authorization = AuthorizationMode.None });
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Sim.Faults.Add(new FaultRule(new Fault.Hang(), "create", GuardedService.Reviews, Times: 1));
        service.Time.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        await service.Time.WaitsAsync(TimeSpan.FromSeconds(5), times: 2);
        await Patience.EventuallyAsync(() => service.Count(GuardedService.Reviews) == 2, "it is asked again");
        service.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        Assert.Equal(2, service.Count(GuardedService.Reviews));
        service.Time.Advance(TimeSpan.FromSeconds(1));
        await Patience.EventuallyAsync(() => service.Lines.All.Any(l => l.Contains("Callers cannot be checked", StringComparison.Ordinal)), "it has failed");
        await Patience.EventuallyAsync(() => service.AskAsync(Path, service.Token).Result.Status == 200 && service.Count(GuardedService.Reviews) == 3, "it is tried again");
        await Patience.EventuallyAsync(() => service.Lines.All.Any(l => l.Contains("checked again", StringComparison.Ordinal)), "it was answered");
        service.Sim.Faults.Add(new FaultRule(new Fault.Refuse(), "create", GuardedService.Reviews, Times: int.MaxValue));
        service.Time.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
    }

    [Fact]
    public async Task A_token_that_turns_out_to_be_taken_back_when_it_is_asked_about_again_is_worth_nothing_from_then_on()
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { Authorization = AuthorizationMode.None });
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Sim.Store.Delete(KubeResource.ServiceAccounts, Account);
        service.Time.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        await Patience.EventuallyAsync(() => service.AskAsync(Path, service.Token).Result.Status == 401, "it is refused");
    }

    [Fact]
    public async Task A_token_that_was_taken_back_is_worth_nothing_after_fifty_seconds_even_if_there_is_another_account_of_its_name()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Sim.Store.Delete(KubeResource.ServiceAccounts, Account);
        service.NewAccount(Account.Namespace, Account.Name);
        service.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(401, (await service.AskAsync(Path, service.Token)).Status);
    }

    /// <summary>What was taken back while the answer was on its way is not in it.</summary>
    [Fact]
    public async Task What_is_remembered_counts_from_when_it_was_asked_for()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        var late = new TaskCompletionSource();
        service.Review = async (resource, _) =>
        {
            if (resource == GuardedService.Reviews)
                await late.Task;
            return null;
        };
        Task<ApiAnswer> asked = service.AskAsync(Path, service.Token);
        await service.Time.WaitsAsync(TimeSpan.FromSeconds(5));
        service.Time.Advance(TimeSpan.FromSeconds(4));
        late.SetResult();
        Assert.Equal(200, (await asked).Status);
        service.Time.Advance(TimeSpan.FromSeconds(46));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        Assert.Equal(2, service.Count(GuardedService.Reviews));
    }

    [Theory]
    [InlineData(30, 29, 1)]
    [InlineData(30, 30, 2)]
    [InlineData(600, 34, 1)]
    [InlineData(600, 50, 2)]
    [InlineData(-5, 0, 2)]
    public async Task A_token_is_believed_no_longer_than_it_says_itself(int endsAfter, int seconds, int reviews)
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { Authorization = AuthorizationMode.None });
        service.Review = (_, _) => Task.FromResult<JsonObject?>(Somebody("somebody"));
        string token = Jwt($$"""{"exp":{{service.Time.GetUtcNow().ToUnixTimeSeconds() + endsAfter}}}""");
        Assert.Equal(200, (await service.AskAsync(Path, token)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(200, (await service.AskAsync(Path, token)).Status);
        Assert.Equal(reviews, service.Count(GuardedService.Reviews));
    }

    [Theory, MemberData(nameof(Cells))]
    public async Task Without_an_answer_of_the_API_server_nobody_is_let_in_and_with_the_next_one_they_are(string fault, string review)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        service.Sim.Faults.Add(new FaultRule(Faults[fault], "create", review, Times: int.MaxValue));
        ApiAnswer answer = await service.AskAsync(Path, service.Token);
        Assert.Equal((503, "accessUnknown"), (answer.Status, answer.Code));
        Assert.Equal(TimeSpan.FromSeconds(fault == "429" ? 20 : 5), answer.RetryAfter);
        Assert.Equal(fault == "403", answer.Detail.Contains($"the service lacks the right to create {review}.", StringComparison.Ordinal)
            && answer.Detail.Contains("in the whole cluster; deploy/base/rbac.yaml grants it", StringComparison.Ordinal));
        Assert.Contains(service.Lines.All, line => line.Contains("Callers cannot be checked", StringComparison.Ordinal));
        Assert.Contains("\"access-reviews\":\"warning: ", (await service.AskAsync("/readyz")).Body, StringComparison.Ordinal);
        service.Sim.Faults.Clear();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        Assert.Contains("\"access-reviews\":\"ok\"", (await service.AskAsync("/readyz")).Body, StringComparison.Ordinal);
        AssertNoSecrets(service);
    }

    [Theory]
    [InlineData(GuardedService.Reviews)]
    [InlineData(GuardedService.Rights)]
    public async Task An_API_server_that_does_not_answer_within_five_seconds_has_not_answered(string review)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        if (review == GuardedService.Rights)
            service.Review = (resource, _) => Task.FromResult(resource == review ? null : Somebody("somebody"));
        service.Sim.Faults.Add(new FaultRule(new Fault.Hang(), "create", review, Times: int.MaxValue));
        Task<ApiAnswer> asked = service.AskAsync(Path, service.Token);
        await service.Time.WaitsAsync(TimeSpan.FromSeconds(5), times: review == GuardedService.Rights ? 2 : 1);
        service.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(503, (await asked).Status);
    }

    [Fact]
    public async Task Who_was_let_in_before_an_outage_still_is_for_a_while_and_is_not_afterwards()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Sim.Faults.Add(new FaultRule(new Fault.Refuse(), "create", Times: int.MaxValue));
        service.Time.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(503, (await service.AskAsync(Path, service.Token)).Status);
    }

    [Fact]
    public async Task Of_several_who_show_a_new_token_at_once_one_asks_and_whoever_goes_away_takes_the_answer_from_nobody()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        var late = new TaskCompletionSource();
        service.Review = async (_, _) =>
        {
            await late.Task;
            return null;
        };
        Task<ApiAnswer>[] asked = [.. Enumerable.Range(0, 20).Select(_ => service.AskAsync(Path, service.Token))];
        await service.Time.WaitsAsync(TimeSpan.FromSeconds(5));
        late.SetResult();
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(200, answer.Status));
        Assert.Equal((1, 1), (service.Count(GuardedService.Reviews), service.Count(GuardedService.Rights)));
    }

    [Theory]
    [InlineData("""["toolsets"]""", 200, null)]
    [InlineData("""["other","toolsets"]""", 200, null)]
    [InlineData("""["other"]""", 401, "wrongAudience")]
    [InlineData("[]", 401, "wrongAudience")]
    [InlineData("null", 401, "wrongAudience")]
    public async Task An_API_server_that_heeds_no_audiences_lets_nobody_in(string audiences, int status, string? code)
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { AuthAudiences = ["toolsets"], Authorization = AuthorizationMode.None });
        service.Review = (_, spec) =>
        {
            Assert.Equal("""["toolsets"]""", spec["audiences"]!.ToJsonString());
            JsonObject status = Somebody("somebody");
            status["audiences"] = JsonNode.Parse(audiences);
            return Task.FromResult<JsonObject?>(status);
        };
        ApiAnswer answer = await service.AskAsync(Path, "token");
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_token_for_the_API_server_is_none_for_an_audience_of_our_own()
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { AuthAudiences = ["toolsets"] });
        Assert.Equal("wrongAudience", (await service.AskAsync(Path, service.Token)).Code);
    }

    [Theory]
    [InlineData("""{"authenticated":true,"user":{"username":"system:anonymous","groups":["system:unauthenticated"]}}""")]
    [InlineData("""{"authenticated":true,"user":{"username":"system:anonymous"}}""")]
    [InlineData("""{"authenticated":true,"user":{"username":"x","groups":["system:unauthenticated"]}}""")]
    [InlineData("""{"authenticated":true,"user":{"username":""}}""")]
    [InlineData("""{"authenticated":true,"user":{}}""")]
    [InlineData("""{"authenticated":true}""")]
    [InlineData("""{"authenticated":false,"user":{"username":"x"}}""")]
    [InlineData("""{"user":{"username":"x"}}""")]
    [InlineData("{}")]
    public async Task Who_is_nobody_in_particular_is_not_let_in(string status)
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { Authorization = AuthorizationMode.None });
        service.Review = (_, _) => Task.FromResult<JsonObject?>(JsonNode.Parse(status)!.AsObject());
        Assert.Equal(401, (await service.AskAsync(Path, "token")).Status);
    }

    [Fact]
    public async Task Without_authentication_nobody_is_asked()
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { AuthEnabled = false });
        Assert.Equal(200, (await service.AskAsync(Path)).Status);
        Assert.Equal(200, (await service.AskAsync(Path, "garbage")).Status);
        Assert.Equal(0, service.Count(GuardedService.Reviews));
    }

    [Fact]
    public async Task Metrics_are_open_unless_they_need_a_right_to_their_path()
    {
        await using (GuardedService open = await GuardedService.StartAsync())
            Assert.Equal(200, (await open.AskAsync("/metrics")).Status);
        await using GuardedService service = await GuardedService.StartAsync(s => s with { MetricsAuthEnabled = true, AuthEnabled = false });
        string token = service.NewAccount("monitoring", "prometheus-k8s");
        Assert.Equal((401, "noToken"), (await service.AskAsync("/metrics")) is var answer ? (answer.Status, answer.Code) : default);
        ApiAnswer denied = await service.AskAsync("/metrics", token);
        Assert.Equal(403, denied.Status);
        Assert.EndsWith("--clusterrole=dynamic-toolset-metrics-reader --serviceaccount=monitoring:prometheus-k8s", denied.Detail, StringComparison.Ordinal);
        service.Cluster.Load("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: { name: prometheus }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: dynamic-toolset-metrics-reader }
            subjects: [ { kind: ServiceAccount, name: prometheus-k8s, namespace: monitoring } ]
            """);
        service.Time.Advance(TimeSpan.FromSeconds(5));
        ApiAnswer scraped = await service.AskAsync("/metrics", token);
        Assert.Equal(200, scraped.Status);
        Assert.Contains("dynamictoolset_build_info", scraped.Body);
    }

    /// <summary>No token in the log, nor the lines that the name of a caller would make of it.</summary>
    [Fact]
    public async Task What_callers_bring_along_makes_no_line_of_the_log()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        service.Review = (resource, _) => Task.FromResult<JsonObject?>(
            resource == GuardedService.Reviews ? Somebody("eve\n{\"level\":\"error\",\"msg\":\"forged\"}\u001b[2J") : new JsonObject { ["allowed"] = false });
        ApiAnswer answer = await service.AskAsync(Path, "secret-token");
        Assert.Equal(403, answer.Status);
        Assert.EndsWith("--clusterrole=dynamic-toolset-reader --user=NAME", answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', answer.Detail);
        Assert.DoesNotContain(service.Lines.All, l => l.Contains("forged", StringComparison.Ordinal));
        AssertNoSecrets(service);
        Assert.DoesNotContain(service.Lines.All, l => l.Contains("secret-token", StringComparison.Ordinal));
    }

    private static void AssertNoSecrets(GuardedService service) =>
        Assert.DoesNotContain(service.Lines.All, line => line.Contains(service.Token, StringComparison.Ordinal));

    internal static JsonObject Somebody(string name) => new()
    {
        ["authenticated"] = true,
        ["user"] = new JsonObject { ["username"] = name, ["groups"] = new JsonArray("system:authenticated") },
    };

    private static string Jwt(string claims) => $"e30.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";
}
