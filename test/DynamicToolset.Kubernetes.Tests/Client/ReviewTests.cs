using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Tests.Scripted;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class ReviewTests
{
    private const string Token = "a-secret-token";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    public static TheoryData<int, string> Answers => new()
    {
        // As kube-apiserver tells of a body that it cannot read.
        { 400, Json.Status(400, "BadRequest", $"TokenReview in version v1 cannot be handled: error found in #10 byte of ...|{Token}|...") },
        { 401, Json.Status(401, "Unauthorized", Token) },
        { 403, Json.Status(403, "Forbidden", Token) },
        { 422, Json.Status(422, "Invalid", Token) },
        { 500, Json.Status(500, "InternalError", Token) },
        { 502, Token },
        { 201, Token },
        { 201, $"{{\"spec\":{{\"token\":\"{Token}\"}}}}" },
        { 201, $"{{\"spec\":{{\"token\":\"{Token}\"}},\"status\":{{\"authenticated\":\"{Token}\"}}}}" },
        { 201, $"{{\"status\":{{\"authenticated\":true,\"user\":{{\"username\":[\"{Token}\"]}}}}}}" },
        { 201, $"{{\"spec\":{{\"token\":\"{Token}" },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task Whatever_the_API_server_answers_a_token_is_told_to_nobody(int code, string answer)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(code, answer));
        using KubeApiClient client = server.Client();
        KubeApiException failure = await Assert.ThrowsAsync<KubeApiException>(() => client.ReviewTokenAsync(Token, [], Stop));
        Assert.Contains(Token, Assert.Single(server.Requests).Body);
        Assert.DoesNotContain(Token, $"{failure} {failure.Answer} {failure.Reason}");
    }

    [Fact]
    public async Task What_an_authenticator_says_of_somebody_goes_along_when_it_is_asked_what_they_may_do()
    {
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(201, """
                {"status":{"authenticated":true,"audiences":["a"],"user":{"username":"jo","uid":"7","groups":["g"],
                "extra":{"authentication.kubernetes.io/pod-name":["p"],"authentication.kubernetes.io/node-name":["n","m"]}}}}
                """),
            e => e.AnswerAsync(201, """{"status":{"allowed":true}}"""),
            e => e.AnswerAsync(201, """{"status":{"allowed":true}}"""));
        using KubeApiClient client = server.Client();
        UserInfo user = (await client.ReviewTokenAsync(Token, ["a", "b"], Stop)).User!;
        Assert.True(await client.ReviewAccessAsync(user, new AccessQuestion.OfResource("get", "g.io", "things", "ns", "one"), Stop));
        Assert.True(await client.ReviewAccessAsync(user, new AccessQuestion.OfPath("get", "/metrics"), Stop));
        Assert.Equal(["/apis/authentication.k8s.io/v1/tokenreviews", .. Enumerable.Repeat("/apis/authorization.k8s.io/v1/subjectaccessreviews", 2)], server.Requests.Select(r => r.Target));
        AssertJson($$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"{{Token}}","audiences":["a","b"]} }""", server.Requests[0].Body);
        const string Jo = """
            "user":"jo","uid":"7","groups":["g"],"extra":{"authentication.kubernetes.io/pod-name":["p"],"authentication.kubernetes.io/node-name":["n","m"]}
            """;
        AssertJson(
            $$$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{{{{Jo}}},"resourceAttributes":{"verb":"get","group":"g.io","resource":"things","namespace":"ns","name":"one"} } }""",
            server.Requests[1].Body);
        AssertJson(
            $$$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{{{{Jo}}},"nonResourceAttributes":{"verb":"get","path":"/metrics"} } }""",
            server.Requests[2].Body);
    }

    [Theory]
    [InlineData("""{"status":{"authenticated":true,"user":{"username":"jo","groups":null,"extra":null},"audiences":null}}""", "jo")]
    [InlineData("""{"status":{"authenticated":true,"user":{"username":"jo","groups":[null,"g"],"extra":{"k":null}}}}""", "jo")]
    [InlineData("""{"status":{"authenticated":false,"user":{"username":"jo"}}}""", null)]
    [InlineData("""{"status":{"user":{"username":"jo"}}}""", null)]
    [InlineData("""{"status":{"authenticated":true,"user":{"username":""}}}""", null)]
    [InlineData("""{"status":{"authenticated":true}}""", null)]
    [InlineData("""{"status":{}}""", null)]
    public async Task Only_who_is_said_to_be_known_and_has_a_name_is_known(string answer, string? name)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(201, answer));
        using KubeApiClient client = server.Client();
        Assert.Equal(name, (await client.ReviewTokenAsync(Token, [], Stop)).User?.Name);
    }

    [Theory]
    [InlineData("""{"status":{"allowed":true}}""", true)]
    [InlineData("""{"status":{"allowed":true,"denied":false}}""", true)]
    [InlineData("""{"status":{"allowed":true,"denied":true}}""", false)]
    [InlineData("""{"status":{"allowed":false}}""", false)]
    [InlineData("""{"status":{"evaluationError":"away"}}""", false)]
    public async Task Only_what_is_said_to_be_allowed_is_allowed(string answer, bool isAllowed)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(201, answer));
        using KubeApiClient client = server.Client();
        var user = new UserInfo("jo", "", [], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty);
        Assert.Equal(isAllowed, await client.ReviewAccessAsync(user, new AccessQuestion.OfPath("get", "/metrics"), Stop));
    }

    private static void AssertJson(string expected, string actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
