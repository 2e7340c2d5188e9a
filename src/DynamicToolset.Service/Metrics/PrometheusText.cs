using System.Globalization;
using System.Text;

namespace DynamicToolset.Service.Metrics;

/// <summary>The text format that Prometheus reads, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Write(StringBuilder text, MetricDefinition metric, IEnumerable<MetricSeries> series)
    {
        text.Append("# HELP ").Append(metric.Name).Append(' ').Append(EscapeHelp(metric.Help)).Append('\n');
        text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(NameOf(metric.Kind)).Append('\n');
        foreach (MetricSeries one in series)
        {
            if (metric.Kind == MetricKind.Histogram)
                WriteHistogram(text, metric, one);
            else
                WriteSample(text, metric.Name, metric, one, le: null, one.Value);
        }
    }

    public static string NameOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    private static void WriteHistogram(StringBuilder text, MetricDefinition metric, MetricSeries series)
    {
        long count = 0;
        for (int i = 0; i < metric.Buckets.Length; i++)
        {
            count += series.Buckets[i];
            WriteSample(text, metric.Name + "_bucket", metric, series, Number(metric.Buckets[i]), count);
        }

        WriteSample(text, metric.Name + "_bucket", metric, series, "+Inf", series.Count);
        WriteSample(text, metric.Name + "_sum", metric, series, le: null, series.Value);
        WriteSample(text, metric.Name + "_count", metric, series, le: null, series.Count);
    }

    private static void WriteSample(StringBuilder text, string name, MetricDefinition metric, MetricSeries series, string? le, double value)
    {
        text.Append(name);
        // An empty value means that the label is not there.
        IEnumerable<string> labels = metric.Labels.Zip(series.LabelValues)
            .Where(l => l.Second.Length > 0)
            .Select(l => $"{l.First.Name}=\"{EscapeLabel(l.Second)}\"");
        if (le is not null)
            labels = labels.Append($"le=\"{le}\"");
        string all = string.Join(',', labels);
        if (all.Length > 0)
            text.Append('{').Append(all).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);
}
