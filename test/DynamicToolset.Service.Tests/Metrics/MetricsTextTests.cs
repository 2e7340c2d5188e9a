using System.Text;
using DynamicToolset.Service.Metrics;

namespace DynamicToolset.Service.Tests.Metrics;

public sealed class MetricsTextTests
{
    [Fact]
    public void Label_values_and_help_are_escaped() => Assert.Equal(
        "# HELP m a\\\\b\\nc\n# TYPE m counter\nm{l=\"x\\\\y\\\"z\\n\"} 1.5\n",
        Write(new MetricDefinition(MetricKind.Counter, "m", "{m}", "a\\b\nc", new MetricLabel("l")), 1.5, "x\\y\"z\n"));

    [Fact]
    public void Buckets_of_a_histogram_add_up_and_a_bound_belongs_to_its_bucket() => Assert.Equal(
        """
        # HELP h h
        # TYPE h histogram
        h_bucket{l="a",le="0.5"} 2
        h_bucket{l="a",le="2.5"} 3
        h_bucket{l="a",le="+Inf"} 4
        h_sum{l="a"} 12.75
        h_count{l="a"} 4

        """,
        Write(
            new MetricDefinition(MetricKind.Histogram, "h", MetricUnit.Seconds, "h", new MetricLabel("l")) { Buckets = [0.5, 2.5] },
            [0.25, 0.5, 2, 10],
            "a"));

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e21, "1E+21")]
    [InlineData(0.1, "0.1")]
    [InlineData(123456789012, "123456789012")]
    public void Numbers_are_written_as_Go_reads_them(double value, string text) =>
        Assert.EndsWith($"\ng {text}\n", Write(new MetricDefinition(MetricKind.Gauge, "g", MetricUnit.One, "g"), value));

    [Fact]
    public void OpenMetrics_names_a_counter_without_its_end_tells_the_unit_and_escapes_quotes_in_help() => Assert.Equal(
        "# HELP cpu_seconds \\\"a\\\"\n# TYPE cpu_seconds counter\n# UNIT cpu_seconds seconds\ncpu_seconds_total 1\n",
        Write(new MetricDefinition(MetricKind.Counter, "cpu_seconds_total", MetricUnit.Seconds, "\"a\""), [1], TextFormat.OpenMetrics));

    [Fact]
    public void A_unit_that_the_name_does_not_end_with_is_not_told() => Assert.DoesNotContain(
        "# UNIT", Write(new MetricDefinition(MetricKind.Gauge, "age", MetricUnit.Seconds, "a"), [1], TextFormat.OpenMetrics), StringComparison.Ordinal);

    [Fact]
    public void OpenMetrics_has_whole_bounds_end_as_numbers_of_Go_do()
    {
        string text = Write(new MetricDefinition(MetricKind.Histogram, "h", "", "h") { Buckets = [0.5, 1, 30] }, [1], TextFormat.OpenMetrics);
        Assert.Contains("{le=\"0.5\"} 0\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"30.0\"} 1\nh_bucket{le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
    }

    private static string Write(MetricDefinition definition, double value, params string[] labels) => Write(definition, [value], labels);

    private static string Write(MetricDefinition definition, double[] values, params string[] labels) => Write(definition, values, TextFormat.Plain, labels);

    private static string Write(MetricDefinition definition, double[] values, TextFormat format, params string[] labels)
    {
        var family = new MetricFamily(definition);
        KeyValuePair<string, object?>[] tags = [.. definition.Labels.Zip(labels, (label, value) => KeyValuePair.Create(label.Name, (object?)value))];
        foreach (double value in values)
            family.Record(value, tags, isTotal: false);
        var text = new StringBuilder();
        family.Write(text, format);
        return text.ToString();
    }
}
