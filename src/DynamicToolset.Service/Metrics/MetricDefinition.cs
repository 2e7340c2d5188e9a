using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace DynamicToolset.Service.Metrics;

/// <summary>One metric: all that its instrument, recording, scraping and the reference page need to know about it.</summary>
/// <param name="Unit">See <see cref="MetricUnit"/>. Units are base units, and stand in the name too.</param>
/// <param name="Help">One sentence, which says what a value means.</param>
internal sealed record MetricDefinition(MetricKind Kind, string Name, string Unit, string Help, params ImmutableArray<MetricLabel> Labels)
{
    /// <summary>The upper bounds of a histogram's buckets, ascending.</summary>
    public ImmutableArray<double> Buckets { get; init; } = [];

    /// <summary>Whether these label values may stand together.</summary>
    public Func<ImmutableArray<string>, bool> CanOccur { get; init; } = static _ => true;

    /// <summary>False where most of the series that could be are never used.</summary>
    public bool BeginsAtZero { get; init; } = true;

    /// <summary>Every combination of label values that can occur, where all of them are known.</summary>
    public IEnumerable<ImmutableArray<string>> KnownSeries() => Labels.Any(l => l.Values.IsEmpty)
        ? []
        : Labels.Aggregate<MetricLabel, IEnumerable<ImmutableArray<string>>>(
            [[]], (series, label) => series.SelectMany(start => label.Values.Select(value => start.Add(value)))).Where(CanOccur);

    public Counter<double> CounterOf(Meter meter) => meter.CreateCounter<double>(Name, Unit, Help);

    /// <summary>Any listener learns which buckets fit.</summary>
    public Histogram<double> HistogramOf(Meter meter) => meter.CreateHistogram(
        Name, Unit, Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });

    /// <param name="read">Asked at each scrape; what it does not tell of is not there.</param>
    public void Observe(Meter meter, Func<IEnumerable<Measurement<double>>> read)
    {
        if (Kind == MetricKind.Counter)
            meter.CreateObservableCounter(Name, read, Unit, Help);
        else
            meter.CreateObservableGauge(Name, read, Unit, Help);
    }
}
