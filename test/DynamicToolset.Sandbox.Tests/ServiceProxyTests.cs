using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using Microsoft.Extensions.Time.Testing;
using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

/// <summary>https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls</summary>
public sealed class ServiceProxyTests
{
    private const string Prometheus = """
        {"metadata":{"name":"prometheus"},"spec":{"ports":[{"name":"web","port":80,"targetPort":9090},{"name":"none","port":81}]}}
        """;

    private const string Plain = """{"metadata":{"name":"plain"},"spec":{"ports":[{"port":80}]}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("prometheus:80/proxy/-/healthy", 200, "text/plain; charset=utf-8", "Prometheus Server is Healthy.")]
    [InlineData("prometheus:web/proxy/-/healthy", 200, "text/plain; charset=utf-8", "Prometheus Server is Healthy.")]
    [InlineData("http:prometheus:web/proxy/-/healthy", 200, "text/plain; charset=utf-8", "Prometheus Server is Healthy.")]
    [InlineData(":prometheus:80/proxy/api/v1/query?query=up", 200, "application/json", "\"vector\"")]
    [InlineData("prometheus:web/proxy/nothing", 404, "text/plain; charset=utf-8", "404 page not found")]
    [InlineData("plain/proxy/-/ready", 200, "text/plain; charset=utf-8", "Prometheus Server is Ready.")]
    [InlineData("plain:/proxy/-/ready", 200, "text/plain; charset=utf-8", "Prometheus Server is Ready.")]
    public async Task What_stands_behind_a_service_is_reached_through_the_server(string path, int status, string type, string text)
    {
        await using SampleBackendServer samples = await SampleBackendServer.StartAsync(_ => new SampleBackend("prometheus", SampleAnswer.Right), Stop);
        await using Cluster cluster = await StartBeforeAsync(samples);
        using HttpResponseMessage answer = await GetAsync(cluster, path);
        Assert.Equal((status, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.Contains(text, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_with_tls_is_reached_where_the_path_says_so()
    {
        await using SampleBackendServer samples = await SampleBackendServer.StartAsync(_ => new SampleBackend("grafana", SampleAnswer.Right, Https: true), Stop);
        await using Cluster cluster = await StartBeforeAsync(samples);
        Answer answer = (await cluster.GetAsync($"{Services}/https:plain:80/proxy/api/health")).Expect(200);
        Assert.Equal("ok", answer.Text("database"));
        (await cluster.GetAsync($"{Services}/http:plain:80/proxy/api/health")).Expect(503, "ServiceUnavailable");
    }

    [Theory]
    [InlineData("missing:80", 404, "NotFound", "services \"missing\" not found")]
    [InlineData("prometheus:99", 503, "ServiceUnavailable", "no service port 99 found for service \"prometheus\"")]
    [InlineData("prometheus:other", 503, "ServiceUnavailable", "no endpoints available for service \"prometheus:other\"")]
    [InlineData("prometheus", 503, "ServiceUnavailable", "no endpoints available for service \"prometheus\"")]
    [InlineData("prometheus:none", 503, "ServiceUnavailable", "no endpoints available for service \"prometheus\"")]
    [InlineData("ftp:prometheus:80", 400, "BadRequest", "invalid service request \"ftp:prometheus:80\"")]
    [InlineData("a:b:c:d", 400, "BadRequest", "invalid service request \"a:b:c:d\"")]
    [InlineData(":80", 400, "BadRequest", "invalid service request \":80\"")]
    public async Task What_cannot_be_reached_is_said_by_a_status(string service, int code, string reason, string message)
    {
        using var backend = new CannedBackend();
        await using Cluster cluster = await StartBeforeAsync(backend.Address);
        Assert.Equal(message, (await cluster.GetAsync($"{Services}/{service}/proxy/")).Expect(code, reason).Message);
    }

    [Fact]
    public async Task A_backend_that_refuses_is_unavailable()
    {
        await using SampleBackendServer samples = await SampleBackendServer.StartAsync(_ => new SampleBackend("grafana", SampleAnswer.Refuse), Stop);
        await using Cluster cluster = await StartBeforeAsync(samples);
        Answer answer = await cluster.GetAsync($"{Services}/plain/proxy/");
        Assert.StartsWith("error trying to reach service: ", answer.Expect(503, "ServiceUnavailable").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_never_answers_is_waited_for_a_minute()
    {
        var time = new FakeTimeProvider();
        using var backend = new CannedBackend();
        await using Cluster cluster = await StartBeforeAsync(backend.Address, time);
        Task<Answer> waiting = cluster.GetAsync($"{Services}/plain/proxy/");
        await backend.AnswerAsync(null);
        time.Advance(TimeSpan.FromSeconds(60));
        (await waiting).Expect(504, "Timeout");
    }

    [Fact]
    public async Task The_backend_learns_the_path_the_query_and_which_service_is_meant_and_no_token()
    {
        using var backend = new CannedBackend();
        await using Cluster cluster = await StartBeforeAsync(backend.Address);
        Task<HttpResponseMessage> asking = GetAsync(cluster, "prometheus:web/proxy/a%20b/c?x=%2F&y");
        string[] head = await backend.AnswerAsync("HTTP/1.1 204 No Content\n\n");
        Assert.Equal(HttpStatusCode.NoContent, (await asking).StatusCode);
        Assert.Equal("GET /a%20b/c?x=%2F&y HTTP/1.1", head[0]);
        Assert.Contains("Host: prometheus.default.svc:80", head);
        Assert.DoesNotContain(head, line => line.Contains("Authorization", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/login?next=a", $"{Services}/plain/proxy/login?next=a")]
    [InlineData("http://{self}/login", $"{Services}/plain/proxy/login")]
    [InlineData("http://elsewhere.example/login", "http://elsewhere.example/login")]
    [InlineData("//elsewhere.example/login", "//elsewhere.example/login")]
    [InlineData("login", "login")]
    public async Task A_redirect_is_passed_on_and_leads_through_the_server_where_it_stays_at_the_backend(string given, string passedOn)
    {
        using var backend = new CannedBackend();
        await using Cluster cluster = await StartBeforeAsync(backend.Address);
        Task<HttpResponseMessage> asking = GetAsync(cluster, "plain/proxy/");
        string location = given.Replace("{self}", backend.Address.ToString(), StringComparison.Ordinal);
        await backend.AnswerAsync($"HTTP/1.1 302 Found\nLocation: {location}\nContent-Length: 0\n\n");
        using HttpResponseMessage answer = await asking;
        Assert.Equal((HttpStatusCode.Found, passedOn), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_path_without_its_slash_is_redirected_so_that_relative_links_hold()
    {
        using var backend = new CannedBackend();
        await using Cluster cluster = await StartBeforeAsync(backend.Address);
        using HttpResponseMessage answer = await GetAsync(cluster, "plain/proxy?x=1");
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
        Assert.Equal($"{Services}/plain/proxy/?x=1", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task It_takes_the_right_to_the_proxy_of_that_service()
    {
        await using SampleBackendServer samples = await SampleBackendServer.StartAsync(_ => new SampleBackend("jaeger", SampleAnswer.Right), Stop);
        await using Cluster cluster = await StartBeforeAsync(samples);
        await AllowAsync(cluster, """{"apiGroups":[""],"resources":["services"],"verbs":["*"]}""");
        const string path = $"{Services}/plain:80/proxy/api/services";
        Answer refused = (await cluster.GetAsync(path)).Expect(403, "Forbidden");
        Assert.Equal(
            "services \"plain:80\" is forbidden: User \"system:serviceaccount:default:bot\" cannot get resource \"services/proxy\" in API group \"\" "
            + "in the namespace \"default\"",
            refused.Message);
        cluster.Sim.Store.MergePatch(
            KubeResource.Roles,
            new ObjectKey("default", "bot"),
            Json("""{"rules":[{"apiGroups":[""],"resources":["services/proxy"],"resourceNames":["plain:80"],"verbs":["get"]}]}"""));
        (await cluster.GetAsync(path)).Expect(200);
        (await cluster.GetAsync($"{Services}/plain/proxy/api/services")).Expect(403, "Forbidden");
    }

    [Fact]
    public async Task Only_reading_is_simulated()
    {
        using var backend = new CannedBackend();
        await using Cluster cluster = await StartBeforeAsync(backend.Address);
        (await cluster.PostAsync($"{Services}/plain/proxy/", "{}")).Expect(501, "NotImplemented");
    }

    private static Task<Cluster> StartBeforeAsync(SampleBackendServer samples) => StartAsync(
        new KubeSimOptions { FindBackend = (service, port) => samples.Resolve($"{service.Name}.{service.Namespace}", port) });

    /// <summary>With a backend behind every port but 81.</summary>
    private static Task<Cluster> StartBeforeAsync(IPEndPoint backend, TimeProvider? time = null) => StartAsync(
        new KubeSimOptions { FindBackend = (_, port) => port == 81 ? null : backend, Time = time ?? TimeProvider.System });

    private static async Task<Cluster> StartAsync(KubeSimOptions options)
    {
        Cluster cluster = await Cluster.StartAsync(options);
        cluster.Sim.Store.Create(KubeResource.Services, Json(Prometheus));
        cluster.Sim.Store.Create(KubeResource.Services, Json(Plain));
        return cluster;
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>By a client that does not follow redirects.</summary>
    private static async Task<HttpResponseMessage> GetAsync(Cluster cluster, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = cluster.Sim.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Sim.Token);
        return await client.GetAsync(new Uri($"{Services}/{path}", UriKind.Relative), Stop);
    }

    private static async Task AllowAsync(Cluster cluster, string rule)
    {
        const string place = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
        (await cluster.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"bot"}}""")).Expect(201);
        (await cluster.PostAsync($"{place}/roles", $$"""{"metadata":{"name":"bot"},"rules":[{{rule}}]}""")).Expect(201);
        (await cluster.PostAsync($"{place}/rolebindings", """
            {"metadata":{"name":"bot"},"roleRef":{"kind":"Role","name":"bot"},
             "subjects":[{"kind":"ServiceAccount","name":"bot","namespace":"default"}]}
            """)).Expect(201);
        string token = cluster.Sim.IssueToken(new ObjectKey("default", "bot"), TimeSpan.FromHours(1));
        cluster.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }
}
