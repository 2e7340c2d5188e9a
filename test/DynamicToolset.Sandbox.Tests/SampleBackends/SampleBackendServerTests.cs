using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Testing;

namespace DynamicToolset.Sandbox.Tests.SampleBackends;

public sealed class SampleBackendServerTests : IAsyncLifetime
{
    private static readonly ObjectKey Service = new("monitoring", "svc");

    private readonly ConcurrentDictionary<ObjectKey, SampleBackend> _backends = [];
    private SampleBackendServer _server = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SampleBackendServer.StartAsync(_backends.GetValueOrDefault, Stop);
        _client = ClientOf(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("prometheus", "/-/healthy", 200, "Prometheus Server is Healthy.\n")]
    [InlineData("prometheus", "/-/ready", 200, "Prometheus Server is Ready.\n")]
    [InlineData("prometheus", "/api/v1/status/buildinfo", 200, "\"goVersion\"")]
    [InlineData("prometheus", "/", 302, "/query")]
    [InlineData("prometheus", "/health", 404, "404 page not found\n")]
    [InlineData("grafana", "/api/health", 200, "\"database\": \"ok\"")]
    [InlineData("grafana", "/-/healthy", 404, "Grafana")]
    [InlineData("grafana", "/api/nothing", 404, "Not found")]
    [InlineData("jaeger", "/", 200, "<title>Jaeger UI</title>")]
    [InlineData("jaeger", "/search", 200, "<title>Jaeger UI</title>")]
    [InlineData("jaeger", "/api/services", 200, "\"errors\":null")]
    [InlineData("elasticsearch", "/_cluster/health", 200, "\"status\":\"green\"")]
    [InlineData("elasticsearch", "/", 200, "You Know, for Search")]
    [InlineData("elasticsearch", "/nothing", 404, "index_not_found_exception")]
    [InlineData("custom", "/health", 200, "ok")]
    [InlineData("custom", "/whatever", 200, "ok")]
    [InlineData("pyroscope", "/ready", 200, "ok")]
    [InlineData("loki", "/ready", 200, "ready")]
    [InlineData("loki", "/loki/api/v1/status/buildinfo", 200, "\"version\":\"3.")]
    [InlineData("loki", "/", 404, "404 page not found")]
    [InlineData("tempo", "/ready", 200, "ready")]
    [InlineData("tempo", "/api/echo", 200, "echo")]
    [InlineData("opensearch", "/", 200, "\"distribution\" : \"opensearch\"")]
    [InlineData("opensearch", "/_cluster/health", 200, "\"discovered_cluster_manager\":true")]
    [InlineData("victorialogs", "/health", 200, "OK")]
    [InlineData("victorialogs", "/nothing", 400, "unsupported path")]
    [InlineData("zipkin", "/health", 200, "\"status\":\"UP\"")]
    [InlineData("rabbitmq", "/api/overview", 401, "not_authorized")]
    [InlineData("rabbitmq", "/api/auth", 200, "\"oauth_enabled\":false")]
    [InlineData("victorialogs", "/select/buildinfo", 200, "\"version\":\"v1.")]
    [InlineData("rabbitmq", "/", 200, "RabbitMQ Management")]
    [InlineData("argocd", "/healthz", 200, "ok")]
    [InlineData("argocd", "/api/version", 200, "\"Version\":\"v3.")]
    [InlineData("alertmanager", "/-/healthy", 200, "OK")]
    [InlineData("alertmanager", "/api/v2/status", 200, "\"versionInfo\"")]
    [InlineData("prometheus", "/prometheus/api/v1/status/buildinfo", 200, "\"version\"")]
    public async Task A_sample_answers_as_its_product_does(string type, string path, int status, string text)
    {
        _backends[Service] = new SampleBackend(type, SampleAnswer.Right);

        using HttpResponseMessage response = await _client.GetAsync(new Uri($"http://svc.monitoring:9090{path}"), Stop);
        string body = await response.Content.ReadAsStringAsync(Stop);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(text, body, StringComparison.Ordinal);
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
            JsonDocument.Parse(body).Dispose();
    }

    [Theory]
    [InlineData("prometheus", SampleAnswer.Empty, "/api/v1/query?query=up", 200, "\"result\":[]")]
    [InlineData("prometheus", SampleAnswer.Empty, "/-/healthy", 200, "Healthy")]
    [InlineData("zipkin", SampleAnswer.Empty, "/api/v2/services", 200, "[]")]
    [InlineData("elasticsearch", SampleAnswer.Empty, "/_cluster/health", 200, "\"active_primary_shards\":0")]
    [InlineData("loki", SampleAnswer.Tenant, "/loki/api/v1/query_range", 401, "no org id\n")]
    [InlineData("loki", SampleAnswer.Tenant, "/ready", 200, "ready")]
    public async Task One_that_is_empty_or_of_tenants_is_well(string type, SampleAnswer answer, string path, int status, string text)
    {
        _backends[Service] = new SampleBackend(type, answer);
        using HttpResponseMessage response = await _client.GetAsync(new Uri($"http://svc.monitoring:9090{path}"), Stop);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("svc.monitoring", true)]
    [InlineData("svc.monitoring.svc", true)]
    [InlineData("svc.monitoring.svc.cluster.local", true)]
    [InlineData("svc", false)]
    [InlineData("svc.other", false)]
    [InlineData("svc.monitoring.pod.cluster.local", false)]
    [InlineData("www.example.com", false)]
    [InlineData("", false)]
    public void Only_the_names_of_services_with_a_backend_are_resolved(string host, bool isResolved)
    {
        _backends[Service] = new SampleBackend("custom", SampleAnswer.Right);

        Assert.Equal(isResolved, _server.Resolve(host, 80) is not null);
    }

    [Fact]
    public async Task Two_services_on_one_listener_are_told_apart_by_the_host_header()
    {
        _backends[Service] = new SampleBackend("prometheus", SampleAnswer.Right);
        _backends[new ObjectKey("monitoring", "other")] = new SampleBackend("grafana", SampleAnswer.Right);

        Assert.Equal(200, await StatusAsync("http://svc.monitoring/-/healthy"));
        Assert.Equal(404, await StatusAsync("http://other.monitoring/-/healthy"));
        Assert.Equal(200, await StatusAsync("http://other.monitoring.svc.cluster.local:3000/api/health"));
    }

    [Fact]
    public async Task An_answer_is_503_everywhere_and_right_again_when_the_annotation_goes()
    {
        _backends[Service] = new SampleBackend("prometheus", SampleAnswer.Unavailable);
        Assert.Equal(503, await StatusAsync("http://svc.monitoring/-/healthy"));

        _backends[Service] = new SampleBackend("prometheus", SampleAnswer.Right);
        Assert.Equal(200, await StatusAsync("http://svc.monitoring/-/healthy"));
    }

    [Fact]
    public async Task A_hanging_sample_takes_the_request_and_never_answers_and_does_not_delay_the_end()
    {
        TaskCompletionSource asked = new();
        SampleBackendServer server = await SampleBackendServer.StartAsync(
            _ =>
            {
                asked.TrySetResult();
                return new SampleBackend("prometheus", SampleAnswer.Hang);
            },
            Stop);
        using HttpClient client = ClientOf(server);

        Task<HttpResponseMessage> request = client.GetAsync(new Uri("http://svc.monitoring/-/healthy"), Stop);
        await asked.Task.WithPatienceAsync();
        Assert.False(request.IsCompleted);
        // Less than the half minute that ASP.NET Core gives to requests which do not end.
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(25), Stop);

        await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    [Fact]
    public async Task A_refusing_sample_is_a_closed_port()
    {
        _backends[Service] = new SampleBackend("prometheus", SampleAnswer.Refuse);

        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync("http://svc.monitoring/-/healthy"));
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
    }

    [Fact]
    public async Task A_tls_sample_gives_nobody_an_answer_who_has_no_certificate()
    {
        _backends[Service] = new SampleBackend("prometheus", SampleAnswer.Tls);
        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync("http://svc.monitoring/-/healthy"));
        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync("https://svc.monitoring/-/healthy"));
    }

    [Fact]
    public async Task A_service_with_the_scheme_https_is_answered_over_tls()
    {
        _backends[Service] = new SampleBackend("elasticsearch", SampleAnswer.Right, Https: true);

        Assert.Equal(200, await StatusAsync("https://svc.monitoring:9200/_cluster/health"));
    }

    [Fact]
    public async Task A_host_without_a_backend_is_not_found()
    {
        _backends[Service] = new SampleBackend("custom", SampleAnswer.Right);
        using HttpRequestMessage request = new(HttpMethod.Get, "http://svc.monitoring/health");
        request.Headers.Host = "nobody.nowhere";

        using HttpResponseMessage response = await _client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData(null, SampleAnswer.Right)]
    [InlineData("401", SampleAnswer.Unauthorized)]
    [InlineData("503", SampleAnswer.Unavailable)]
    [InlineData("hang", SampleAnswer.Hang)]
    [InlineData("refuse", SampleAnswer.Refuse)]
    [InlineData("tls", SampleAnswer.Tls)]
    public void The_annotation_chooses_the_answer(string? value, SampleAnswer answer)
    {
        Dictionary<string, string> annotations = [];
        if (value is not null)
            annotations[SampleBackend.AnswerAnnotation] = value;

        SampleBackend backend = SampleBackend.Create("grafana", https: false, annotations, unknown => Assert.Fail(unknown));

        Assert.Equal(new SampleBackend("grafana", answer), backend);
    }

    [Fact]
    public void The_annotation_chooses_the_product_whatever_the_labels_say() => Assert.All(SampleProducts.Names, product =>
    {
        Dictionary<string, string> annotations = new() { [SampleBackend.ProductAnnotation] = product };
        Assert.Equal(new SampleBackend(product, SampleAnswer.Right), SampleBackend.Create("grafana", https: false, annotations, unknown => Assert.Fail(unknown)));
    });

    [Theory]
    [InlineData("tempo", "/api/status/buildinfo", "\"version\":\"2.")]
    [InlineData("victoriatraces", "/select/jaeger/api/services", "\"total\":2")]
    [InlineData("kibana", "/api/status", "\"overall\"")]
    [InlineData("opensearch-dashboards", "/api/status", "\"overall\"")]
    [InlineData("cortex", "/api/v1/status/buildinfo", "\"Cortex\"")]
    public async Task What_stands_behind_a_Service_answers_as_its_annotation_says(string product, string path, string body)
    {
        _backends[Service] = SampleBackend.Create(
            "loki", https: false, new Dictionary<string, string> { [SampleBackend.ProductAnnotation] = product }, unknown => Assert.Fail(unknown));
        Assert.Contains(body, await _client.GetStringAsync(new Uri($"http://svc.monitoring:80{path}"), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_value_counts_as_none_and_is_told()
    {
        List<string> told = [];

        SampleBackend backend = SampleBackend.Create(
            "grafana", https: false, new Dictionary<string, string> { [SampleBackend.AnswerAnnotation] = "504" }, told.Add);

        Assert.Equal(SampleAnswer.Right, backend.Answer);
        Assert.Equal(["504"], told);
    }

    private async Task<int> StatusAsync(string url)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(url), Stop);
        return (int)response.StatusCode;
    }

    private static HttpClient ClientOf(SampleBackendServer server)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (context, stop) =>
            {
                System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(server.Resolve(context.DnsEndPoint.Host, context.DnsEndPoint.Port)!, stop);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }

                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=sandbox";
        return new HttpClient(handler);
    }
}
