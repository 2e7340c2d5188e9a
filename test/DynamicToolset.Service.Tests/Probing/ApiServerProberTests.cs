using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Probing;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>Checks through the simulated API server, of which <c>ServiceProxyTests</c> says what it does.</summary>
public sealed class ApiServerProberTests
{
    private const string NotTheirs = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"kind\":\"Health\"}";

    private static readonly ObjectKey Grafana = new("monitoring", "grafana");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200 OK", 200)]
    [InlineData("204 No Content", 204)]
    [InlineData("302 Found", 302)]
    [InlineData("401 Unauthorized", 401)]
    [InlineData("403 Forbidden", 403)]
    [InlineData("404 Not Found", 404)]
    [InlineData("503 Service Unavailable", 503)]
    public async Task What_the_backend_answers_is_its_own(string status, int code)
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus(status);
        await using Way way = await Way.ToAsync(backend.EndPoint);
        ProbeOutcome outcome = await way.CheckAsync();
        Assert.Equal((code, null), (outcome.StatusCode, outcome.Advice));
        Assert.Equal(code is 401 or 403, outcome is ProbeOutcome.WantsCredentials);
        Assert.StartsWith("GET /api/health HTTP/1.1", Assert.Single(backend.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_of_another_kind_is_the_backend_s_too()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(NotTheirs);
        await using Way way = await Way.ToAsync(backend.EndPoint);
        Assert.Equal(new ProbeOutcome.BadStatus(503), await way.CheckAsync());
    }

    [Theory]
    [InlineData("no such Service", "answers 404 itself")]
    [InlineData("no endpoints", "answers 503 itself")]
    [InlineData("nothing listens", "answers 503 itself")]
    [InlineData("no right", "the right to get services/proxy is missing; deploy/proxy-checks/rbac.yaml grants it")]
    [InlineData("bad token", "answers 401 itself")]
    [InlineData("API server gone", "is not reached")]
    public async Task What_the_API_server_says_itself_says_nothing_of_the_backend(string what, string advice)
    {
        using var closed = new Socket(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using Way way = await Way.ToAsync(what == "nothing listens" ? (IPEndPoint)closed.LocalEndPoint! : null, hasService: what != "no such Service");
        switch (what)
        {
            case "no right":
                way.ActAs(new ObjectKey("kubernaut-system", "nobody"));
                break;
            case "bad token":
                way.ActWith("nonsense");
                break;
            case "API server gone":
                await way.Api.DisposeAsync();
                break;
        }

        ProbeOutcome outcome = await way.CheckAsync();
        Assert.Equal("apiserver", outcome.Reason);
        Assert.Contains(advice, outcome.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("monitoring", outcome.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manifest_that_is_named_grants_the_right()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("200 OK");
        await using Way way = await Way.ToAsync(backend.EndPoint);
        foreach (string file in (string[])["base/serviceaccount.yaml", "proxy-checks/rbac.yaml"])
            Assert.Null(SandboxManifests.Load(way.Api, await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "deploy", file), Stop)));
        way.ActAs(new ObjectKey("kubernaut-system", "dynamic-toolset-sa"));
        Assert.True((await way.CheckAsync()).IsSuccess);
    }

    [Fact]
    public async Task The_backend_sees_no_credentials_and_may_answer_with_any_type()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("401 Unauthorized");
        await using Way way = await Way.ToAsync(backend.EndPoint);
        await way.CheckAsync();
        string request = Assert.Single(backend.Requests);
        Assert.DoesNotContain("Authorization", request, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Accept: */*", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Https_is_asked_as_https()
    {
        using X509Certificate2 authority = TestCertificates.Authority("some");
        using X509Certificate2 certificate = TestCertificates.For("grafana.monitoring", authority);
        await using LoopbackBackend backend = LoopbackBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", certificate);
        await using Way way = await Way.ToAsync(backend.EndPoint);
        Assert.True((await way.CheckAsync("https")).IsSuccess);
        Assert.Contains(way.Api.Requests.Entries, r => r.Path.EndsWith("/services/https:grafana:3000/proxy/api/health", StringComparison.Ordinal));
    }

    /// <summary>The API server says nothing of how a connection ended: its own 502 or 503 is all that there is to see.</summary>
    [Theory]
    [InlineData("", "HTTP/1.1 200 OK", "https://grafana.monitoring:3000", "ok")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0046", "HTTP/1.1 200 OK", "https://grafana.monitoring:3000", "ok")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 401 Unauthorized", "https://grafana.monitoring:3000", "credentials")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/grafana/\r\nContent-Length: 0\r\n\r\n", "", "http://grafana.monitoring:3000/grafana", "status")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /grafana/\r\nContent-Length: 0\r\n\r\n", "", "http://grafana.monitoring:3000/grafana", "status")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /proxy/grafana/\r\nContent-Length: 0\r\n\r\n", "", null, null)]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "", "http://grafana.monitoring:3000/grafana", "status")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "", null, null)]
    public async Task The_other_form_of_a_backend_is_tried_through_the_API_server_too(string toPlain, string overTls, string? tried, string? reason)
    {
        await using var server = new TlsServer(Encoding.Latin1.GetBytes(toPlain), $"{overTls}\r\nContent-Length: 0\r\n\r\n");
        await using Way way = await Way.ToAsync(server.EndPoint);
        var attempt = new CheckAttempt(new CheckWays(Way.Target("http")) { MayBeHttps = true, Prefixes = ["/grafana"] }, Way.Target("http"), null);
        while (attempt.Next(Patience.Limit) is { } request)
            attempt = attempt.With(await way.AskAsync(request, TimeProvider.System));
        Assert.Equal((tried, reason), (attempt.Tried?.Way.Endpoint.ToString(), attempt.Tried?.Outcome.Reason));
        Assert.Equal(tried is null ? 1 : 2, way.Api.Requests.Entries.Count(r => r.Path.Contains("/proxy/", StringComparison.Ordinal)));
    }

    /// <summary>Its name stands in the path as well.</summary>
    [Fact]
    public async Task A_redirect_of_a_backend_in_a_namespace_called_proxy_is_its_own_too()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("302 Found", "Location: /grafana/\r\n");
        await using Way way = await Way.ToAsync(backend.EndPoint, ns: "proxy");
        EndpointUrl endpoint = EndpointUrl.TryCreate("http", new ObjectKey("proxy", "grafana"), 3000, "")!;
        var answer = Assert.IsType<ProbeAnswer.Response>(await way.AskAsync(new ProbeRequest(endpoint, "/", 4, Patience.Limit), TimeProvider.System));
        Assert.Equal("/grafana/", answer.Location);
    }

    /// <summary>It takes the header for a credential of its own.</summary>
    [Fact]
    public async Task A_token_for_a_backend_is_not_sent_through_the_API_server()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("401 Unauthorized");
        await using Way way = await Way.ToAsync(backend.EndPoint);
        ProbeAnswer answer = await way.AskAsync(Way.Target("http").Request(Patience.Limit) with { TokenFile = "/token" }, TimeProvider.System);
        Assert.Equal(new ProbeOutcome.WantsCredentials(401) { Token = TokenUse.Unverified }, ProbeOutcome.Of(answer, AcceptedStatuses.Default));
        Assert.Single(backend.Requests);
    }

    /// <summary>The proxy of the API server passes on HTTP alone.</summary>
    [Fact]
    public async Task What_speaks_no_HTTP_is_not_asked_and_stays_as_it_is()
    {
        await using LoopbackBackend backend = LoopbackBackend.Hanging();
        await using Way way = await Way.ToAsync(backend.EndPoint);
        ProbeOutcome outcome = await way.CheckAsync("tcp");
        Assert.Contains("HEALTH_CHECK_MODE=direct", outcome.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain(way.Api.Requests.Entries, r => r.Path.Contains("/proxy/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_of_a_body_is_handed_on_than_was_asked_for()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
        await using Way way = await Way.ToAsync(backend.EndPoint);
        var answer = Assert.IsType<ProbeAnswer.Response>(await way.AskAsync(new ProbeRequest(Way.Target("http").Endpoint, "/", 4, Patience.Limit), TimeProvider.System));
        Assert.Equal("0123"u8.ToArray(), answer.Body.ToArray());
    }

    [Fact]
    public async Task A_backend_that_hangs_times_out()
    {
        await using LoopbackBackend backend = LoopbackBackend.Hanging();
        await using Way way = await Way.ToAsync(backend.EndPoint);
        var time = new FakeTimeProvider();
        Task<ProbeAnswer> answer = way.AskAsync(Way.Target("http").Request(TimeSpan.FromSeconds(5)), time);
        await backend.FirstRequest.WithPatienceAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new ProbeAnswer.None(ProbeFailure.Timeout), await answer.WithPatienceAsync());
    }

    /// <summary>A simulated API server with a Grafana Service, before one backend or none.</summary>
    private sealed class Way : IAsyncDisposable
    {
        private readonly string _kubeconfig = Path.GetTempFileName();

        private Way(KubeSim api)
        {
            Api = api;
            File.WriteAllText(_kubeconfig, api.Kubeconfig());
        }

        public KubeSim Api { get; }

        public static async Task<Way> ToAsync(IPEndPoint? backend, bool hasService = true, string ns = "monitoring")
        {
            var way = new Way(await KubeSim.StartAsync(new KubeSimOptions { FindBackend = (_, _) => backend }, Stop));
            SandboxManifests.EnsureNamespace(way.Api, ns);
            SandboxManifests.EnsureNamespace(way.Api, "kubernaut-system");
            Assert.Null(SandboxManifests.Load(way.Api, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody, namespace: kubernaut-system}}"));
            if (hasService)
                way.Api.Store.Create(KubeResource.Services, JsonNode.Parse($$$"""{"metadata":{"name":"grafana","namespace":"{{{ns}}}"},"spec":{"ports":[{"port":3000}]}}""")!.AsObject());
            return way;
        }

        public static HealthCheckTarget Target(string scheme) => new(EndpointUrl.TryCreate(scheme, Grafana, 3000, "")!, "/api/health", AcceptedStatuses.Default);

        public void ActAs(ObjectKey account) => ActWith(Api.IssueToken(account, TimeSpan.FromHours(1)));

        public void ActWith(string token) => File.WriteAllText(_kubeconfig, Api.Kubeconfig(token));

        public async Task<ProbeOutcome> CheckAsync(string scheme = "http") =>
            ProbeOutcome.Of(await AskAsync(Target(scheme).Request(Patience.Limit), TimeProvider.System), AcceptedStatuses.Default);

        public async Task<ProbeAnswer> AskAsync(ProbeRequest request, TimeProvider time)
        {
            using var api = new KubeApiClient(KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, Home: ""), _kubeconfig), TimeProvider.System);
            return await new ApiServerProber(api, time).AskAsync(request, Stop);
        }

        public async ValueTask DisposeAsync()
        {
            await Api.DisposeAsync();
            File.Delete(_kubeconfig);
        }
    }
}
