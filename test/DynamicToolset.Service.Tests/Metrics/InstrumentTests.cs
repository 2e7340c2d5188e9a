using System.Diagnostics.Metrics;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Samples;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Metrics;

/// <summary>What anybody else sees who listens, such as an exporter or dotnet-counters.</summary>
public sealed class InstrumentTests : IDisposable
{
    private readonly List<Instrument> _seen = [];
    private readonly List<(string Name, string Tags)> _told = [];
    private readonly MeterListener _listener = new();
    private readonly StateStore _states = new();
    private readonly ServiceMetrics _metrics;

    public InstrumentTests()
    {
        _metrics = new ServiceMetrics(_states, new FakeTimeProvider(), "1.2.3");
        _metrics.Watch("services", () => DateTimeOffset.UnixEpoch);
        _metrics.Elect(() => true, () => TimeSpan.Zero);
        _states.Publish(States.WithGrafanas(_ => true, ("n/1", "a")));
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!_metrics.Owns(instrument))
                return;
            _seen.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
            _told.Add((instrument.Name, string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}")))));
        _listener.Start();
    }

    public static TheoryData<string> Names => [.. MetricDefinitions.All.Select(d => d.Name)];

    [Fact]
    public void Every_metric_is_an_instrument_and_every_instrument_a_metric() =>
        Assert.Equal(MetricDefinitions.All.Select(d => d.Name).Order(), _seen.Select(i => i.Name).Order());

    [Theory, MemberData(nameof(Names))]
    public void Any_listener_sees_the_unit_the_description_and_the_buckets(string name)
    {
        MetricDefinition definition = MetricDefinitions.All.Single(d => d.Name == name);
        Instrument instrument = _seen.Single(i => i.Name == name);
        IReadOnlyList<double>? buckets = (instrument as Instrument<double>)?.Advice?.HistogramBucketBoundaries;
        Assert.Equal((definition.Unit, definition.Help), (instrument.Unit, instrument.Description));
        Assert.Equal(definition.Buckets.AsEnumerable(), buckets ?? []);
        Assert.Equal(definition.Kind == MetricKind.Histogram, !definition.Buckets.IsEmpty);
    }

    /// <summary>The unit of a name and that of its instrument are one thing said twice.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_metric_in_seconds_or_bytes_says_so_in_its_name(string name)
    {
        MetricDefinition definition = MetricDefinitions.All.Single(d => d.Name == name);
        string family = TextFormat.OpenMetrics.FamilyOf(definition);
        string? word = ((string[])["seconds", "bytes"]).FirstOrDefault(w => family.EndsWith("_" + w, StringComparison.Ordinal));
        Assert.Equal(word, MetricUnit.WordFor(definition.Unit));
        Assert.Equal(definition.Kind == MetricKind.Counter, name.EndsWith("_total", StringComparison.Ordinal));
    }

    [Fact]
    public void Gauges_are_told_with_the_labels_of_their_definitions_and_no_others()
    {
        _listener.RecordObservableInstruments();
        Assert.Contains(("dynamictoolset_toolset_healthy", "type=grafana,name=a"), _told);
        Assert.Contains(("dynamictoolset_build_info", "version=1.2.3"), _told);
        Assert.All(_told, t => Assert.Equal(LabelsOf(t.Name), t.Tags.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0])));

        static IEnumerable<string> LabelsOf(string name) => MetricDefinitions.All.Single(d => d.Name == name).Labels.Select(l => l.Name);
    }

    [Fact]
    public void What_went_well_has_no_type_of_error_not_even_an_empty_one()
    {
        _metrics.Asked("read");
        Assert.Equal([("dynamictoolset_configmap_reconcile_total", "operation=read,result=success")], _told);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _metrics.Dispose();
    }
}
