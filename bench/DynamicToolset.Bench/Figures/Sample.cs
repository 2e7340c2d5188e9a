namespace DynamicToolset.Bench.Figures;

/// <summary>Measured values, in milliseconds. Percentiles are by nearest rank: each is a value that was measured.</summary>
internal sealed class Sample
{
    private readonly List<double> _sorted;

    public Sample(IEnumerable<TimeSpan> values)
    {
        _sorted = [.. values.Select(v => v.TotalMilliseconds).Order()];
        ArgumentOutOfRangeException.ThrowIfZero(_sorted.Count);
    }

    public int Count => _sorted.Count;

    public double Median => Percentile(50);

    public double Max => _sorted[^1];

    /// <param name="percent">Above 0, at most 100.</param>
    public double Percentile(int percent) => _sorted[((percent * _sorted.Count) + 99) / 100 - 1];
}
