using System.Collections.Immutable;

namespace DynamicToolset.Service.Metrics;

/// <summary>One metric: all that recording, scraping and the reference page need to know about it.</summary>
/// <param name="Help">One sentence, which says what a value means; units are base units and stand in the name.</param>
internal sealed record MetricDefinition(MetricKind Kind, string Name, string Help, params ImmutableArray<MetricLabel> Labels)
{
    /// <summary>The upper bounds of a histogram's buckets, ascending.</summary>
    public ImmutableArray<double> Buckets { get; init; } = [];

    /// <summary>Whether these label values may stand together.</summary>
    public Func<ImmutableArray<string>, bool> CanOccur { get; init; } = static _ => true;

    /// <summary>Every combination of label values that can occur, where all of them are known.</summary>
    public IEnumerable<ImmutableArray<string>> KnownSeries() => Labels.Any(l => l.Values.IsEmpty)
        ? []
        : Labels.Aggregate<MetricLabel, IEnumerable<ImmutableArray<string>>>(
            [[]], (series, label) => series.SelectMany(start => label.Values.Select(value => start.Add(value)))).Where(CanOccur);
}
