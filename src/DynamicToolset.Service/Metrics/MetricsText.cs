using System.Text;

namespace DynamicToolset.Service.Metrics;

/// <summary>One metric with all its series, in a format that Prometheus reads.</summary>
internal static class MetricsText
{
    public static void Write(StringBuilder text, TextFormat format, MetricDefinition metric, IEnumerable<MetricSeries> series)
    {
        string family = format.FamilyOf(metric);
        text.Append("# HELP ").Append(family).Append(' ').Append(format.EscapeHelp(metric.Help)).Append('\n');
        text.Append("# TYPE ").Append(family).Append(' ').Append(NameOf(metric.Kind)).Append('\n');
        if (format.UnitOf(metric) is { } unit)
            text.Append("# UNIT ").Append(family).Append(' ').Append(unit).Append('\n');
        foreach (MetricSeries one in series)
        {
            if (metric.Kind == MetricKind.Histogram)
                WriteHistogram(text, format, metric, one);
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

    private static void WriteHistogram(StringBuilder text, TextFormat format, MetricDefinition metric, MetricSeries series)
    {
        long count = 0;
        for (int i = 0; i < metric.Buckets.Length; i++)
        {
            count += series.Buckets[i];
            WriteSample(text, metric.Name + "_bucket", metric, series, format.Bound(metric.Buckets[i]), count);
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
            .Select(l => $"{l.First.Name}=\"{TextFormat.EscapeLabel(l.Second)}\"");
        if (le is not null)
            labels = labels.Append($"le=\"{le}\"");
        string all = string.Join(',', labels);
        if (all.Length > 0)
            text.Append('{').Append(all).Append('}');
        text.Append(' ').Append(TextFormat.Number(value)).Append('\n');
    }
}
