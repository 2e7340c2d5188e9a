using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Otlp;
using DynamicToolset.Service.Tracing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>The native executable and a collector: what the compiler takes away, or the last second of a life, must not be missing.</summary>
public sealed class TelemetryTests
{
    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_has_all_spans_and_metrics_when_the_service_has_stopped(string protocol)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using Collector collector = await Collector.StartAsync(protocol);
        await using PublishedProgram program = Start(cluster, collector.Url, protocol);
        await program.LineAsync("\"msg\":\"ConfigMap created\"");
        Assert.Equal(0, await program.TerminateAsync());
        Assert.Equal(
            [SpanNames.Check, SpanNames.Decide, SpanNames.Detect, SpanNames.Round, SpanNames.Write],
            collector.Spans.Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("dynamictoolset_propagation_seconds", collector.Metrics.Select(m => m.Text(1)));
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_hangs_does_not_keep_the_service_from_stopping(string protocol)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using Collector collector = await Collector.StartAsync(protocol, context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        await using PublishedProgram program = Start(
            cluster, collector.Url, protocol, ("OTEL_EXPORTER_OTLP_TIMEOUT", "7200000"), ("OTEL_BSP_SCHEDULE_DELAY", "10"), ("SHUTDOWN_TIMEOUT", "5m"));
        await program.LineAsync("\"msg\":\"ConfigMap created\"");
        Assert.Equal(0, await program.TerminateAsync());
    }

    private static PublishedProgram Start(TestCluster cluster, string endpoint, string protocol, params (string Name, string Value)[] more) => PublishedProgram.Start(
        [
            ("KUBECONFIG", cluster.Kubeconfig),
            ("PORT", "0"),
            ("METRICS_PORT", "0"),
            ("SHUTDOWN_DELAY", "0s"),
            ("HEALTH_CHECK_MODE", "direct"),
            ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("HEALTH_CHECK_RESOLVE", $"prometheus.monitoring:9090={cluster.BackendAddress("prometheus.monitoring")}"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            .. more,
        ],
        "run");
}
