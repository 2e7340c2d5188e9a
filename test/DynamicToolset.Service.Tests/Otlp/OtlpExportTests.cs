using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Otlp;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Tests.Otlp;

/// <summary>What reaches a collector, from a process of its own: who listens hears every source in a process, those of other tests too.</summary>
public sealed class OtlpExportTests
{
    private static readonly string[] Spans = [SpanNames.Check, SpanNames.Decide, SpanNames.Detect, SpanNames.Round, SpanNames.Write];

    /// <summary>So that nothing that hangs ends by itself while a test waits.</summary>
    private static readonly (string, string)[] Hours =
    [
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "7200000"), ("OTEL_BSP_EXPORT_TIMEOUT", "7200000"), ("OTEL_METRIC_EXPORT_TIMEOUT", "7200000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "10"), ("OTEL_METRIC_EXPORT_INTERVAL", "7200000"),
    ];

    [Fact]
    public void Where_nothing_is_to_be_sent_nothing_is_built()
    {
        Settings settings = TestCluster.Defaults();
        Assert.Null(OtlpExport.Begin(settings, NullLoggerFactory.Instance));
        Settings neither = settings with { OtlpEndpoint = "http://127.0.0.1:1", OtelTracesExporter = OtelExporter.None, OtelMetricsExporter = OtelExporter.None };
        Assert.Null(OtlpExport.Begin(neither, NullLoggerFactory.Instance));
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Spans_and_metrics_reach_a_collector(string protocol)
    {
        await using Collector collector = await Collector.StartAsync(protocol);
        string told = await RunOnceAsync(0, collector.Url, protocol, ("POD_NAME", "toolset-0"));
        Assert.Equal(Spans, collector.Spans.Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Telemetry", told, StringComparison.Ordinal);
        ProtobufMessage rounds = collector.Metrics.Single(m => m.Text(1) == "dynamictoolset_reconcile_duration_seconds");
        ProtobufMessage point = rounds.Messages(9).Single().Messages(1).Single();
        // The bounds of its own buckets, doubles of 8 bytes each.
        Assert.Equal(14 * 8, point.Fields(7).Single().Length);
        Assert.Contains("dynamictoolset_services_discovered", collector.Metrics.Select(m => m.Text(1)));
        Assert.All(collector.Resources.Select(Attributes), r => Assert.Equal(
            ("dynamic-toolset", BuildInfo.Current.Version, "toolset-0"), (r["service.name"], r["service.version"], r["service.instance.id"])));
    }

    [Fact]
    public async Task What_the_SDK_reads_itself_wins_over_what_the_service_says()
    {
        await using Collector collector = await Collector.StartAsync("http/protobuf");
        await RunOnceAsync(
            0,
            $"{collector.Url}/base/?tenant=1",
            "http/protobuf",
            ("OTEL_SERVICE_NAME", "mine"),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-token=t0ken"));
        Assert.Equal(["/base/v1/metrics", "/base/v1/traces"], collector.Requests.Select(r => r.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.All(collector.Requests, r => Assert.Equal("t0ken", r.Headers["x-token"]));
        Assert.All(collector.Resources.Select(Attributes), r => Assert.Equal(("mine", "test"), (r["service.name"], r["deployment.environment"])));
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER", "/v1/metrics")]
    [InlineData("OTEL_METRICS_EXPORTER", "/v1/traces")]
    public async Task Each_of_the_two_can_be_left_out(string setting, string path)
    {
        await using Collector collector = await Collector.StartAsync("http/protobuf");
        await RunOnceAsync(0, collector.Url, "http/protobuf", (setting, "none"));
        Assert.Equal([path], collector.Requests.Select(r => r.Path).Distinct());
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "hunter2", "OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nonexistent", "OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE or _CLIENT_KEY cannot be used")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/proc/self/status", "OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE or _CLIENT_KEY cannot be used")]
    [InlineData("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/proc/self/status", "OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE or _CLIENT_KEY cannot be used")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "allowed: one of grpc, http/protobuf")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin", "allowed: one of otlp, none")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "allowed: an absolute URL")]
    public async Task A_variable_that_cannot_be_used_ends_the_start(string name, string value, string told)
    {
        string error = await RunOnceAsync(2, "http://127.0.0.1:1", "grpc", (name, value));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_is_not_there_is_told_once_for_each_and_changes_nothing_else(string protocol)
    {
        string told = await RunOnceAsync(0, "http://127.0.0.1:1", protocol, ("OTEL_BSP_SCHEDULE_DELAY", "1"));
        Assert.Equal(["signal=metrics", "signal=traces"], Warnings(told));
    }

    [Theory]
    [InlineData(StatusCodes.Status307TemporaryRedirect)]
    [InlineData(StatusCodes.Status308PermanentRedirect)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using Collector elsewhere = await Collector.StartAsync("http/protobuf");
        await using Collector collector = await Collector.StartAsync("http/protobuf", context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url + context.Request.Path;
            return Task.CompletedTask;
        });
        string told = await RunOnceAsync(0, collector.Url, "http/protobuf");
        Assert.Empty(elsewhere.Requests);
        Assert.Equal(["signal=metrics", "signal=traces"], Warnings(told));
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_hangs_holds_up_neither_a_round_nor_the_end(string protocol)
    {
        var asked = new TaskCompletionSource();
        await using Collector collector = await Collector.StartAsync(protocol, context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await RunOnceAsync(0, collector.Url, protocol, Hours);
        Assert.True(asked.Task.IsCompleted);
    }

    /// <returns>What it says on standard error.</returns>
    private static async Task<string> RunOnceAsync(int expected, string endpoint, string protocol, params (string Name, string Value)[] more)
    {
        (int exitCode, string _, string error) = await BuiltProgram.RunAsync(
            [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), .. more], "sandbox", "--once");
        Assert.True(exitCode == expected, error);
        return error;
    }

    private static IEnumerable<string> Warnings(string told) => told.Split('\n')
        .Where(l => l.Contains("Telemetry could not be sent", StringComparison.Ordinal))
        .Select(l => l.Split(' ')[^1])
        .Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Attributes(ProtobufMessage resource) =>
        resource.Messages(1).ToDictionary(a => a.Text(1), a => a.Messages(2).Single().Text(1));
}
