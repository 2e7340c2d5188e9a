using System.Collections.Immutable;
using System.Text;

namespace DynamicToolset.Service.Metrics;

/// <summary>All series of one metric. Safe for several recorders at once.</summary>
internal sealed class MetricFamily
{
    private readonly MetricDefinition _definition;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Counters begin at 0 where their labels are known: the first increase would otherwise be invisible to <c>rate()</c>.</summary>
    public MetricFamily(MetricDefinition definition)
    {
        _definition = definition;
        if (definition.Kind == MetricKind.Gauge || !definition.BeginsAtZero)
            return;
        foreach (ImmutableArray<string> labels in definition.KnownSeries())
            SeriesOf(labels);
    }

    /// <param name="isTotal">True where a counter's value is told as a whole instead of by how much it grew.</param>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, bool isTotal)
    {
        ImmutableArray<string> labels = LabelsOf(tags);
        lock (_gate)
        {
            MetricSeries series = SeriesOf(labels);
            if (_definition.Kind == MetricKind.Histogram)
                series.Observe(value, _definition.Buckets);
            else if (_definition.Kind == MetricKind.Gauge || isTotal)
                series.Set(value);
            else
                series.Add(value);
        }
    }

    /// <summary>Before gauges are read anew: what is not told of any more is gone.</summary>
    public void BeginScrape()
    {
        if (_definition.Kind != MetricKind.Gauge)
            return;
        lock (_gate)
            _series.Clear();
    }

    public void Write(StringBuilder text, TextFormat format)
    {
        lock (_gate)
            MetricsText.Write(text, format, _definition, _series.Values);
    }

    private MetricSeries SeriesOf(ImmutableArray<string> labels)
    {
        string key = string.Join('\n', labels);
        if (!_series.TryGetValue(key, out MetricSeries? series))
            series = _series[key] = new MetricSeries(labels, _definition.Buckets.Length);
        return series;
    }

    private ImmutableArray<string> LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new string[_definition.Labels.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = ValueOf(tags, _definition.Labels[i].Name);
        return [.. values];
    }

    private static string ValueOf(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == name)
                return tag.Value as string ?? "";
        }

        return "";
    }
}
