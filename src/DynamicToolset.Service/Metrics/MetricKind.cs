namespace DynamicToolset.Service.Metrics;

/// <summary>The types of the Prometheus text format.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
