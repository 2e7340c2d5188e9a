using System.Diagnostics.Metrics;
using System.Text;

namespace DynamicToolset.Service.Metrics;

/// <summary>Adds up what the instruments of one <see cref="ServiceMetrics"/> record, and shows it. Without one they cost next to nothing.</summary>
public sealed class MetricScraper : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricFamily> _families = MetricDefinitions.All.ToDictionary(d => d.Name, d => new MetricFamily(d));

    public MetricScraper(ServiceMetrics metrics)
    {
        Http = metrics.Http;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (metrics.Owns(instrument))
                listener.EnableMeasurementEvents(instrument, _families[instrument.Name]);
        };
        _listener.SetMeasurementEventCallback<double>(static (instrument, value, tags, family) =>
            ((MetricFamily)family!).Record(value, tags, isTotal: instrument.IsObservable));
        _listener.Start();
    }

    /// <summary>Where those who answer over HTTP record it.</summary>
    public HttpMeasures Http { get; }

    /// <summary>Everything, as Prometheus has always read it.</summary>
    public string Scrape() => Scrape(TextFormat.Plain);

    /// <summary>Everything. One at a time: gauges are taken away and read anew on the way.</summary>
    internal string Scrape(TextFormat format)
    {
        lock (_gate)
        {
            foreach (MetricFamily family in _families.Values)
                family.BeginScrape();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (MetricDefinition definition in MetricDefinitions.All)
                _families[definition.Name].Write(text, format);
            return text.Append(format.End).ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}
