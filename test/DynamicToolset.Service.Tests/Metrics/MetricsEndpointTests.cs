using System.Net;
using System.Net.Sockets;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

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
        Settings settings = TestCluster.Defaults() with { Port = FreePort(), MetricsPort = FreePort(), HealthCheckRetryInterval = TimeSpan.FromMilliseconds(1) };
        (Controller controller, KubeApiClient api) = cluster.Create(settings, cluster.States.Publish, TimeProvider.System);
        using var scraper = new MetricScraper(cluster.Metrics);
        using var stop = new CancellationTokenSource();
        using var http = new HttpClient();
        using (api)
        using (controller)
        {
            Task running = new ServiceHost(settings, controller, scraper, TimeProvider.System, NullLoggerFactory.Instance).RunAsync(stop.Token);
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
            await HasAsync("dynamictoolset_malformed_annotations 1");
            await HasAsync("dynamictoolset_holmes_file_valid 1");
            await HasAsync("dynamictoolset_holmes_file_left_out{part=\"key\"} 0");
            await HasAsync("dynamictoolset_configmap_reconcile_total{operation=\"create\",result=\"success\"} 2");
            await HasAsync("dynamictoolset_kube_requests_total{verb=\"list\",resource=\"services\",code=\"200\"} 1");
            Assert.DoesNotContain("monitoring", await TextAsync("/metrics"));
            Assert.DoesNotContain("dynamictoolset_propagation_seconds_count 0", await TextAsync("/metrics"));

            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(settings.MetricsPort, "/healthz")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(settings.Port, "/metrics")).StatusCode);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", (await GetAsync(settings.MetricsPort, "/metrics")).Content.Headers.ContentType?.ToString());
            await stop.CancelAsync();
            await running;
        }

        async Task HasAsync(string line)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            string text = "";
            while (!limit.IsCancellationRequested)
            {
                text = await TextAsync("/metrics");
                if (text.Split('\n').Contains(line))
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
            }

            Assert.Fail($"{line} is not in\n{text}");
        }

        async Task<string> TextAsync(string path) => await (await GetAsync(settings.MetricsPort, path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Task<HttpResponseMessage> GetAsync(int port, string path) =>
            http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), TestContext.Current.CancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
