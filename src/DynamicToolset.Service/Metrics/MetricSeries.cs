using System.Collections.Immutable;

namespace DynamicToolset.Service.Metrics;

/// <summary>The present numbers of one metric under one combination of label values.</summary>
internal sealed class MetricSeries(ImmutableArray<string> labelValues, int buckets)
{
    private readonly long[] _buckets = new long[buckets];

    public ImmutableArray<string> LabelValues => labelValues;

    /// <summary>The value of a counter or gauge; the sum of a histogram.</summary>
    public double Value { get; private set; }

    /// <summary>How many values a histogram has seen.</summary>
    public long Count { get; private set; }

    /// <summary>How many of them were no greater than the bound of a bucket, smaller buckets not included.</summary>
    public ReadOnlySpan<long> Buckets => _buckets;

    public void Set(double value) => Value = value;

    public void Add(double value) => Value += value;

    public void Observe(double value, ImmutableArray<double> bounds)
    {
        Add(value);
        Count++;
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
            bucket++;
        if (bucket < bounds.Length)
            _buckets[bucket]++;
    }
}
