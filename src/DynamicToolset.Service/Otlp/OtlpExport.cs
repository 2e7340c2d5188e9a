using System.Security.Cryptography;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tracing;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DynamicToolset.Service.Otlp;

/// <summary>
/// Sends spans and metrics to an OpenTelemetry collector, by threads of its own: nobody waits for it. What the collector does not take is dropped, and no
/// redirect is followed. Variables that no setting is called after are read by the SDK:
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/.
/// </summary>
public sealed partial class OtlpExport : IDisposable
{
    public const string ServiceName = "dynamic-toolset";

    /// <summary>What a collector that hangs may take of the stop.</summary>
    public static readonly TimeSpan LastCall = TimeSpan.FromSeconds(2);

    /// <summary>The SDK sets room aside for each series of each metric. Series beyond are added up in one.</summary>
    private const int MostSeries = 200;

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;
    private Task? _stopped;

    private OtlpExport(TracerProvider? traces, MeterProvider? metrics)
    {
        _traces = traces;
        _metrics = metrics;
    }

    /// <returns>Null where nothing is to be sent: then nothing of the SDK is loaded.</returns>
    /// <exception cref="InputException">A variable that the SDK reads cannot be used.</exception>
    public static OtlpExport? Begin(Settings settings, ILoggerFactory loggers)
    {
        if (settings.OtlpEndpoint.Length == 0 || settings is { OtelTracesExporter: OtelExporter.None, OtelMetricsExporter: OtelExporter.None })
            return null;
        try
        {
            ILogger logger = loggers.CreateLogger<OtlpExport>();
            var export = new OtlpExport(
                settings.OtelTracesExporter == OtelExporter.Otlp ? Traces(settings, logger) : null,
                settings.OtelMetricsExporter == OtelExporter.Otlp ? Metrics(settings, logger) : null);
            LogBegun(logger, ShownEndpoint(settings), SettingKinds.OtlpProtocol.Show(settings.OtlpProtocol));
            return export;
        }
        catch (ArgumentException)
        {
            // Its message may hold the value, and headers are secrets.
            throw new InputException("An OTEL_ variable cannot be used: OTEL_EXPORTER_OTLP_HEADERS is key=value,key=value");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            throw new InputException($"OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE or _CLIENT_KEY cannot be used: {e.Message}");
        }
    }

    /// <summary>Sends what is left. It ends within <see cref="LastCall"/>.</summary>
    public Task StopAsync() => _stopped ??= Task.WhenAll(
        Task.Run(() => _traces?.Shutdown((int)LastCall.TotalMilliseconds)), Task.Run(() => _metrics?.Shutdown((int)LastCall.TotalMilliseconds)));

    /// <summary>Waits for <see cref="StopAsync"/> if nobody has called it. A hanging export is abandoned.</summary>
    public void Dispose()
    {
        if (_stopped is null)
            StopAsync().Wait();
        if (!_stopped!.IsCompleted)
            return;
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static TracerProvider Traces(Settings settings, ILogger logger) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(ResourceOf(settings))
        .AddSource(ServiceSpans.SourceName)
        .AddProcessor(Batches(new TraceExporter(OptionsOf(settings, "v1/traces"), new ExportLog("traces", logger))))
        .Build();

    private static MeterProvider Metrics(Settings settings, ILogger logger) => Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(ResourceOf(settings))
        .AddMeter(ServiceMetrics.MeterName)
        .AddView("*", new MetricStreamConfiguration { CardinalityLimit = MostSeries })
        .AddReader(Periods(new MetricExporter(OptionsOf(settings, "v1/metrics"), new ExportLog("metrics", logger))))
        .Build();

    /// <summary>What the environment says of it wins.</summary>
    private static ResourceBuilder ResourceOf(Settings settings) => ResourceBuilder.CreateEmpty()
        .AddService(ServiceName, serviceVersion: BuildInfo.Current.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: InstanceOf(settings))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static string InstanceOf(Settings settings) => settings.PodName.Length > 0 ? settings.PodName : Environment.MachineName;

    /// <summary>An endpoint that is set in code is taken as it is, and the one of the setting is where both signals go.</summary>
    private static OtlpExporterOptions OptionsOf(Settings settings, string path)
    {
        var endpoint = new UriBuilder(settings.OtlpEndpoint);
        if (settings.OtlpProtocol == OtlpProtocol.Grpc)
            return new OtlpExporterOptions { Protocol = OtlpExportProtocol.Grpc, Endpoint = endpoint.Uri };
        endpoint.Path = $"{endpoint.Path.TrimEnd('/')}/{path}";
        return new OtlpExporterOptions { Protocol = OtlpExportProtocol.HttpProtobuf, Endpoint = endpoint.Uri };
    }

    private static BatchActivityExportProcessor Batches(TraceExporter exporter)
    {
        var read = new BatchExportActivityProcessorOptions();
        return new BatchActivityExportProcessor(
            exporter, read.MaxQueueSize, read.ScheduledDelayMilliseconds, read.ExporterTimeoutMilliseconds, read.MaxExportBatchSize);
    }

    private static PeriodicExportingMetricReader Periods(MetricExporter exporter)
    {
        var read = new PeriodicExportingMetricReaderOptions();
        return new PeriodicExportingMetricReader(exporter, read.ExportIntervalMilliseconds ?? 60_000, read.ExportTimeoutMilliseconds ?? 30_000);
    }

    private static string ShownEndpoint(Settings settings) =>
        new Uri(settings.OtlpEndpoint).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private sealed class TraceExporter(OtlpExporterOptions options, ExportLog log) : OtlpTraceExporter(options)
    {
        public override ExportResult Export(in Batch<System.Diagnostics.Activity> activityBatch) => log.Tell(base.Export(activityBatch));
    }

    private sealed class MetricExporter(OtlpExporterOptions options, ExportLog log) : OtlpMetricExporter(options)
    {
        public override ExportResult Export(in Batch<Metric> metrics) => log.Tell(base.Export(metrics));
    }
}
