using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>The series of one service, and what is promised of them.</summary>
/// <param name="Prefix">Of the figures' names.</param>
internal sealed record Latencies(string Prefix, Series Appear, Series Drift, Series? Together = null, Series? Delete = null)
{
    private const string Appears = "Service appears -> ConfigMap written";
    private const string Repaired = "key edited -> repaired";
    private const double AppearMust = 10_000;
    private const double RepairMust = 5_000;
    private const double Aim = 50;

    /// <summary>2 s of it are the pause in which whoever deleted the ConfigMap may create it anew.</summary>
    private const double RecreateAim = 2_100;

    private const double WritesAim = 2;

    /// <summary>A backend appears so often, and half as often a key is edited.</summary>
    public static async Task<Latencies> OfSingleChangesAsync(string prefix, LatencySeries series, int rounds)
    {
        (Series appear, Series drift) = await series.SingleChangesAsync(rounds, rounds / 2);
        return new Latencies(prefix, appear, drift);
    }

    public static async Task<Latencies> OfAllAsync(string prefix, LatencySeries series, int rounds)
    {
        Latencies single = await OfSingleChangesAsync(prefix, series, rounds);
        return single with { Together = await series.AppearTogetherAsync(), Delete = await series.DeleteAsync() };
    }

    public IEnumerable<Figure> Figures() =>
    [
        .. Times(Appears, Appear, AppearMust, Aim),
        Writes("Service appears", Appear),
        .. Together is null ? [] : Times("20 Services appear -> all in the ConfigMap", Together, AppearMust, Aim),
        .. Together is null ? [] : (Figure[])[Taken("20 Services appear", Together), Writes("20 Services appear", Together)],
        .. Times(Repaired, Drift, RepairMust, Aim),
        .. Delete is null ? [] : Times("ConfigMap deleted -> recreated", Delete, RepairMust, RecreateAim),
    ];

    /// <summary>Under a load: beside those at rest.</summary>
    /// <param name="factor">How many times as long it may take.</param>
    public IEnumerable<Figure> FiguresBeside(Latencies rest, double factor) =>
    [
        .. Times(Appears, Appear, AppearMust, factor * rest.Appear.Latency.Percentile(99), factor * rest.Appear.Latency.Median),
        .. Times(Repaired, Drift, RepairMust, factor * rest.Drift.Latency.Percentile(99), factor * rest.Drift.Latency.Median),
    ];

    private IEnumerable<Figure> Times(string name, Series series, double must, double p99Aim, double? p50Aim = null) =>
    [
        new($"{Prefix}{name}, p50", Unit.Milliseconds, series.Latency.Median, Aim: p50Aim),
        new($"{Prefix}{name}, p99", Unit.Milliseconds, series.Latency.Percentile(99), Aim: p99Aim),
        new($"{Prefix}{name}, max", Unit.Milliseconds, series.Latency.Max, must),
    ];

    /// <summary>Nothing that the service could do anything about.</summary>
    private Figure Taken(string name, Series series) =>
        new($"{Prefix}{name}: until the API server has taken all, p50", Unit.Milliseconds, series.Taken.Median);

    private Figure Writes(string name, Series series) =>
        new($"{Prefix}{name}: writes, most", Unit.Requests, series.MostWrites, Aim: WritesAim);
}
