using System.Net;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Tests.Page;

/// <summary>A whole service on a simulated cluster, and its page behind a gate.</summary>
internal sealed class ShownService : IAsyncDisposable
{
    private readonly KubeApiClient _api;
    private readonly Controller _controller;
    private readonly MetricScraper _scraper;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    private ShownService(TestCluster cluster, Settings settings)
    {
        Cluster = cluster;
        _api = cluster.Connect();
        _controller = cluster.CreateController(settings, _api, cluster.States.Publish, TimeProvider.System);
        _scraper = new MetricScraper(cluster.Metrics);
        _running = new ServiceHost(settings, _controller, _api, cluster.States, _scraper, TimeProvider.System, NullLoggerFactory.Instance)
        {
            Address = IPAddress.Loopback,
            OnListening = listening => _address.SetResult(listening.Api),
        }.RunAsync(_stop.Token);
    }

    public TestCluster Cluster { get; }

    public Gate Gate { get; private set; } = null!;

    /// <summary>Of the page; through the gate.</summary>
    public Uri Address => Gate.Address;

    /// <param name="prepare">What is in the cluster beforehand; the four sample backends where it is null.</param>
    public static async Task<ShownService> StartAsync(Action<TestCluster>? prepare = null, Func<Settings, Settings>? change = null)
    {
        TestCluster cluster = await TestCluster.StartAsync();
        (prepare ?? (c => AddBackends(c)))(cluster);
        // No Deployment is there to own the ConfigMap, which would be told as a problem.
        Settings settings = TestCluster.Defaults() with { OwnerReferenceEnabled = false };
        var service = new ShownService(cluster, change?.Invoke(settings) ?? settings);
        service.Gate = await Gate.StartAsync(await service._address.Task.WithPatienceAsync());
        return service;
    }

    public static void AddBackends(TestCluster cluster, SampleAnswer grafana = SampleAnswer.Right)
    {
        cluster.AddService("prometheus");
        cluster.AddService("grafana", answer: grafana);
        cluster.AddService("jaeger", "tracing");
        cluster.AddService("elasticsearch", "logging");
        cluster.Load("""
            apiVersion: v1
            kind: Service
            metadata: { name: alertmanager, namespace: monitoring, labels: { app: prometheus } }
            spec: { ports: [ { name: web, port: 9093 } ] }
            """);
    }

    public void SetAnswer(string ns, string name, SampleAnswer answer) => Cluster.SetAnswer(new(ns, name), answer);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WithPatienceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Gate.DisposeAsync();
        await StopAsync();
        _controller.Dispose();
        _scraper.Dispose();
        _api.Dispose();
        _stop.Dispose();
        await Cluster.DisposeAsync();
    }
}
