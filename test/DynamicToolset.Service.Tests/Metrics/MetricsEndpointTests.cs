using System.Net;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task A_running_service_is_scraped_on_a_port_of_its_own()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana", answer: SampleAnswer.Unavailable);
        cluster.Load("{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: monitoring, annotations: {kubernaut.io/toolset: \"maybe\"}}, spec: {ports: [{port: 1}]}}");
        Settings settings = TestCluster.Defaults() with { Port = 0, MetricsPort = 0, HealthCheckRetryInterval = TimeSpan.FromMilliseconds(1) };
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        using var scraper = new MetricScraper(cluster.Metrics);
        using var stop = new CancellationTokenSource();
        using var http = new HttpClient();
        int apiPort = 0, metricsPort = 0;
        await using (RunningController controller = cluster.Create(TimeProvider.System, settings))
        {
            Task running = new ServiceHost(settings, controller.Controller, cluster.Api.InProcess, new StateStore(), scraper, TimeProvider.System, loggers).RunAsync(stop.Token);
            await TestCluster.EventuallyAsync(() => Listening() is not null, "it listens");
            (apiPort, metricsPort) = ListeningLine.Ports(Listening()!);
            await cluster.HasKeysAsync("kubernetes", "prometheus");
            cluster.SetData("prometheus-toolset.yaml", "drifted");
            await HasAsync("dynamictoolset_configmap_drift_detected_total{kind=\"modified\"} 1");
            cluster.DeleteConfigMap();
            await HasAsync("dynamictoolset_configmap_drift_detected_total{kind=\"deleted\"} 1");
            cluster.SetData("overrides.yaml", "[");
            await HasAsync("dynamictoolset_overrides_valid 0");
            await HasAsync("dynamictoolset_services_discovered{type=\"prometheus\"} 1");
            await HasAsync("dynamictoolset_services_discovered{type=\"jaeger\"} 0");
            await HasAsync("dynamictoolset_toolset_healthy{type=\"prometheus\",name=\"prometheus\"} 1");
            await HasAsync("dynamictoolset_toolset_healthy{type=\"grafana\",name=\"grafana\"} 0");
            await HasAsync("dynamictoolset_toolsets{type=\"prometheus\"} 1");
            await HasAsync("dynamictoolset_unhealthy_services{type=\"grafana\"} 1");
            await HasAsync("dynamictoolset_backend_verdicts{verdict=\"works\"} 1");
            await HasAsync("dynamictoolset_backend_verdicts{verdict=\"no_data\"} 0");
            await HasAsync("dynamictoolset_backend_verdicts{verdict=\"unknown\"} 1");
            await HasAsync("dynamictoolset_malformed_annotations 1");
            await HasAsync("dynamictoolset_holmes_file_valid 1");
            await HasAsync("dynamictoolset_holmes_file_left_out{part=\"key\"} 0");
            await HasAsync("dynamictoolset_configmap_reconcile_total{operation=\"create\",result=\"success\"} 2");
            await HasAsync("dynamictoolset_kube_requests_total{verb=\"list\",resource=\"services\",code=\"200\"} 1");
            Assert.DoesNotContain("monitoring", await TextAsync("/metrics"));
            Assert.DoesNotContain("dynamictoolset_propagation_seconds_count 0", await TextAsync("/metrics"));

            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(metricsPort, "/healthz")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(apiPort, "/metrics")).StatusCode);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", (await GetAsync(metricsPort, "/metrics")).Content.Headers.ContentType?.ToString());
            await stop.CancelAsync();
            await running;
        }

        string? Listening() => lines.All.FirstOrDefault(l => l.Contains(ListeningLine.Text, StringComparison.Ordinal));

        async Task HasAsync(string line)
        {
            string text = "";
            await Patience.EventuallyAsync(async () => (text = await TextAsync("/metrics")).Split('\n').Contains(line), () => $"{line} is in\n{text}");
        }

        async Task<string> TextAsync(string path) => await (await GetAsync(metricsPort, path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Task<HttpResponseMessage> GetAsync(int port, string path) =>
            http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("GET", "/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5", 200, "application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("GET", "/metrics", "*/*", 200, "text/plain; version=0.0.4; charset=utf-8", true)]
    [InlineData("GET", "/metrics", "image/png", 200, "text/plain; version=0.0.4; charset=utf-8", true)]
    [InlineData("HEAD", "/metrics", "application/openmetrics-text", 200, "application/openmetrics-text; version=1.0.0; charset=utf-8", false)]
    [InlineData("POST", "/metrics", "*/*", 405, null, false)]
    [InlineData("DELETE", "/metrics", "*/*", 405, null, false)]
    [InlineData("GET", "/metrics/", "*/*", 404, null, false)]
    [InlineData("POST", "/", "*/*", 404, null, false)]
    public async Task The_format_is_the_one_that_the_request_wants(string method, string path, string accept, int status, string? type, bool hasBody)
    {
        await using WebApplication server = await StartAsync(format => format.ContentType);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Urls.Single() + path);
        request.Headers.Add("Accept", accept);
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((status, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.Equal(hasBody ? type : "", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(status == 405 ? ["GET", "HEAD"] : [], answer.Content.Headers.Allow);
        Assert.Equal(status == 200 ? ["Accept"] : [], answer.Headers.Vary);
    }

    private static async Task<WebApplication> StartAsync(Func<TextFormat, string> scrape)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, MetricsEndpoint.MarkConnections));
        WebApplication server = builder.Build();
        MetricsEndpoint.Map(server, scrape, (context, next) => next(context));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
