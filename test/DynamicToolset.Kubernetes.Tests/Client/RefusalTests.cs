using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Reconciliation;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Client;

public sealed class RefusalTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, "BadRequest", "invalid")]
    [InlineData(401, "Unauthorized", "unauthorized")]
    [InlineData(403, "Forbidden", "forbidden")]
    [InlineData(404, "NotFound", "not found")]
    [InlineData(405, "MethodNotAllowed", "")]
    [InlineData(408, "", "retryable")]
    [InlineData(409, "Conflict", "conflict")]
    [InlineData(409, "AlreadyExists", "conflict")]
    [InlineData(410, "Gone", "gone")]
    [InlineData(410, "Expired", "gone")]
    [InlineData(413, "RequestEntityTooLarge", "invalid")]
    [InlineData(422, "Invalid", "invalid")]
    [InlineData(429, "TooManyRequests", "retryable")]
    [InlineData(500, "InternalError", "retryable")]
    [InlineData(502, "", "retryable")]
    [InlineData(503, "ServiceUnavailable", "retryable")]
    [InlineData(504, "Timeout", "retryable")]
    public async Task Each_status_belongs_to_one_class(int code, string reason, string expected)
    {
        KubeApiException error = await RefuseAsync(code, Json.Status(code, reason));
        Assert.Equal((code, reason, KubeFault.None), (error.Code, error.Reason, error.Fault));
        Assert.Equal(expected, string.Join(", ", ClassesOf(error)));
    }

    [Theory]
    [InlineData("Retry-After: 7", "{}", 7)]
    [InlineData("Retry-After: 7", """{"retryAfterSeconds":9}""", 9)]
    [InlineData("X-None: 1", """{"retryAfterSeconds":3}""", 3)]
    [InlineData("Retry-After: Wed, 21 Oct 2026 07:28:30 GMT", "{}", 30)]
    [InlineData("Retry-After: Wed, 21 Oct 2026 07:27:00 GMT", "{}", null)]
    [InlineData("Retry-After: 0", "{}", null)]
    [InlineData("Retry-After: soon", "{}", null)]
    [InlineData("Retry-After: 999999", "{}", 60)]
    public async Task How_long_to_wait_is_read_from_seconds_and_dates_and_the_longer_counts(string header, string details, int? seconds)
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-10-21T07:28:00Z", CultureInfo.InvariantCulture));
        await using var server = new ScriptedServer(e => e.AnswerAsync(429, Json.Status(429, "TooManyRequests", details: details), header));
        using KubeApiClient client = server.Client(time);
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.Equal(seconds, (int?)error.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_missing_right_is_named_with_the_manifest_that_grants_it()
    {
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(403, Json.Status(403, "Forbidden")),
            e => e.AnswerAsync(403, Json.Status(403, "Forbidden")));
        using KubeApiClient client = server.Client();
        KubeApiException all = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        KubeApiException one = await Assert.ThrowsAsync<KubeApiException>(() => client.GetConfigMapAsync(new ObjectKey("n", "c"), Stop));
        Assert.Contains("the right to list services in the whole cluster is missing; deploy/base/rbac.yaml grants it", all.Message, StringComparison.Ordinal);
        Assert.Contains("the right to get configmaps \"c\" in namespace n is missing; deploy/base/rbac.yaml grants it", one.Message, StringComparison.Ordinal);
        Assert.Equal(("get", "configmaps", "n", "c"), (one.Verb, one.Resource, one.Namespace, one.Name));
    }

    [Theory]
    [InlineData("patch", "User 'u' cannot patch resource 'configmaps' in API group '' in the namespace 'n'")]
    [InlineData("create", "User 'u' cannot create resource 'configmaps' in API group '' in the namespace 'n'")]
    [InlineData("create", "")]
    public async Task To_make_an_object_takes_two_rights_and_the_one_that_is_missing_is_named(string verb, string why)
    {
        string said = $"configmaps 'c' is forbidden: {why}".Replace("'", "\\\"", StringComparison.Ordinal);
        await using var server = new ScriptedServer(e => e.AnswerAsync(403, Json.Status(403, "Forbidden", said)));
        using KubeApiClient client = server.Client();
        ImmutableSortedDictionary<string, string> nothing = ImmutableSortedDictionary<string, string>.Empty;
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(
            () => client.CreateConfigMapAsync(new ObjectKey("n", "c"), new ConfigMapContent(nothing, nothing, nothing), Stop));
        Assert.Equal($"{verb} configmaps \"c\" in namespace n; deploy/base/rbac.yaml grants it", error.MissingRight);
        Assert.Contains($"the right to {verb} configmaps", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services is forbidden: exceeded quota: small, requested: count/services=1")]
    [InlineData("services is forbidden: unable to create new content in namespace n because it is being terminated")]
    [InlineData("services is forbidden: cannot set an ownerRef on a resource you can't delete: , <nil>")]
    [InlineData("admission webhook deny.example.com denied the request: no")]
    public async Task What_is_not_admitted_for_another_reason_is_no_missing_right(string said)
    {
        KubeApiException error = await RefuseAsync(403, Json.Status(403, "Forbidden", said));
        Assert.Equal((true, null, said), (error.IsForbidden, error.MissingRight, error.Answer));
        Assert.Contains($"status 403 Forbidden (the API server says: {said})", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rbac.yaml", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, """{"kind":"Status","reason":"Forbidden","message":"not now"}""", "not now")]
    [InlineData(422, """{"kind":"Status","reason":"Invalid"}""", "status 422 Invalid")]
    [InlineData(403, "no Status", "status 403")]
    public async Task What_the_API_server_said_is_there_without_a_guess_at_the_right(int code, string body, string answer) =>
        Assert.Equal(answer, (await RefuseAsync(code, body)).Answer);

    [Fact]
    public async Task What_the_API_server_says_is_repeated_on_one_line_of_bounded_length()
    {
        KubeApiException error = await RefuseAsync(422, Json.Status(422, "Invalid", "first\\nsecond\\u001b[31m" + new string('x', 5000)));
        Assert.Contains("first second [31mxxx", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 400, 600);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("<html>secret body</html>")]
    [InlineData("""{"kind":"Secret","message":"secret body","reason":"secret body"}""")]
    [InlineData("secret body")]
    [InlineData("")]
    public async Task The_body_of_an_answer_that_is_no_Status_is_not_repeated(string body)
    {
        KubeApiException error = await RefuseAsync(502, body);
        Assert.Equal((502, ""), (error.Code, error.Reason));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("1", "")));
        await using var server = new ScriptedServer(e => e.AnswerAsync(302, "", $"Location: {elsewhere.Url}"));
        using KubeApiClient client = server.Client();
        Assert.Equal(302, (await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop))).Code);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task An_API_server_that_is_not_there_is_an_error_of_the_same_family()
    {
        using var closed = new ClosedPort();
        var url = new Uri($"http://127.0.0.1:{closed.Number}");
        using var client = new KubeApiClient(new KubeConnection { Server = url }, TimeProvider.System);
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.Equal((0, KubeFault.Unreachable, true), (error.Code, error.Fault, error.IsRetryable));
        Assert.EndsWith($"{url} is not reachable: connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_that_coincides_with_a_stop_is_still_an_error_of_the_same_family()
    {
        using var closed = new ClosedPort();
        using var stop = new CancellationTokenSource();
        // Called between the fault and the moment in which the caller hears of it.
        var options = new KubeApiClientOptions { OnRequest = (_, _, _) => stop.Cancel() };
        using var client = new KubeApiClient(
            new KubeConnection { Server = new Uri($"http://127.0.0.1:{closed.Number}") }, TimeProvider.System, options);
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, stop.Token));
        Assert.Equal(KubeFault.Unreachable, error.Fault);
    }

    [Theory]
    [InlineData(502, """{"kind":"Status","reason":"\ud800"}""")]
    [InlineData(200, """{"gitVersion":"\ud800"}""")]
    [InlineData(200, """{"\ud800":1,"gitVersion":""}""")]
    public async Task Half_of_a_surrogate_pair_is_an_answer_of_a_stranger_and_no_bug(int code, string body)
    {
        KubeApiException error = await RefuseAsync(code, body);
        Assert.Equal(code == 200 ? (0, KubeFault.Malformed) : (code, KubeFault.None), (error.Code, error.Fault));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_answer_that_hangs_ends_with_the_time_limit(bool afterHalfABody)
    {
        var time = new FakeTimeProvider();
        var hangs = new TaskCompletionSource();
        await using var server = new ScriptedServer(async e =>
        {
            if (afterHalfABody)
            {
                await e.BeginAsync();
                await e.ChunkAsync(Json.ServiceList("1", "", Json.Service("a"))[..80]);
            }

            hangs.SetResult();
            await e.HangAsync();
        });
        using KubeApiClient client = server.Client(time);
        Task<KubeList<ServiceRecord>> list = client.ListServicesAsync(null, Stop);
        await hangs.Task;
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(KubeFault.Timeout, (await Assert.ThrowsAsync<KubeApiException>(() => list)).Fault);
    }

    [Fact]
    public async Task Every_request_says_who_asks_and_is_counted()
    {
        var counted = new List<(string, string, int)>();
        await using var server = new ScriptedServer(
            e => e.AnswerAsync(200, Json.ServiceList("1", "")),
            e => e.AnswerAsync(503, ""));
        var options = new KubeApiClientOptions { OnRequest = (verb, resource, code) => counted.Add((verb, resource, code)) };
        using var client = new KubeApiClient(new KubeConnection { Server = server.Url }, TimeProvider.System, options);
        await client.ListServicesAsync(null, Stop);
        await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.Matches("^dynamic-toolset/[0-9]+\\.[0-9]+\\.[0-9]+$", server.Requests[0].Header("User-Agent"));
        Assert.Equal([("list", "services", 200), ("list", "services", 503)], counted);
    }

    private static async Task<KubeApiException> RefuseAsync(int code, string body)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(code, body));
        using KubeApiClient client = server.Client();
        return await Assert.ThrowsAsync<KubeApiException>(() => client.GetVersionAsync(Stop));
    }

    private static IEnumerable<string> ClassesOf(KubeApiException error)
    {
        if (error.Code == 401)
            yield return "unauthorized";
        if (error.IsForbidden)
            yield return "forbidden";
        if (error.IsNotFound)
            yield return "not found";
        if (error.IsConflict)
            yield return "conflict";
        if (error.IsGone)
            yield return "gone";
        if (error.IsInvalid)
            yield return "invalid";
        if (error.IsRetryable)
            yield return "retryable";
    }
}
