using System.Diagnostics.Metrics;
using System.Globalization;

namespace DynamicToolset.Service.Metrics;

/// <summary>What the process takes, under the names that Prometheus' own client libraries use.</summary>
internal static class RuntimeMetrics
{
    public static void AddTo(Meter meter, DateTimeOffset started)
    {
        meter.CreateObservableGauge(MetricDefinitions.ResidentMemory.Name, static () => (double)Environment.WorkingSet);
        meter.CreateObservableCounter(MetricDefinitions.CpuSeconds.Name, static () => Environment.CpuUsage.TotalTime.TotalSeconds);
        meter.CreateObservableGauge(MetricDefinitions.StartTime.Name, () => started.ToUnixTimeMilliseconds() / 1000.0);
        meter.CreateObservableCounter(MetricDefinitions.Collections.Name, Collections);
        meter.CreateObservableGauge(MetricDefinitions.HeapBytes.Name, static () => (double)GC.GetTotalMemory(forceFullCollection: false));
        meter.CreateObservableGauge(MetricDefinitions.PoolThreads.Name, static () => (double)ThreadPool.ThreadCount);
    }

    /// <summary>A collection of a generation is one of every younger generation as well, as the runtime counts.</summary>
    private static IEnumerable<Measurement<double>> Collections() => Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation =>
        new Measurement<double>(GC.CollectionCount(generation), ServiceMetrics.Tag("generation", generation.ToString(CultureInfo.InvariantCulture))));
}
