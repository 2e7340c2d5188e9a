using System.Diagnostics.Metrics;
using System.Globalization;

namespace DynamicToolset.Service.Metrics;

/// <summary>What the process takes, under the names that Prometheus' own client libraries use.</summary>
internal static class RuntimeMetrics
{
    public static void AddTo(Meter meter, DateTimeOffset started)
    {
        MetricDefinitions.ResidentMemory.Observe(meter, static () => [new(Environment.WorkingSet)]);
        MetricDefinitions.CpuSeconds.Observe(meter, static () => [new(Environment.CpuUsage.TotalTime.TotalSeconds)]);
        MetricDefinitions.StartTime.Observe(meter, () => [new(started.ToUnixTimeMilliseconds() / 1000.0)]);
        MetricDefinitions.Collections.Observe(meter, Collections);
        MetricDefinitions.HeapBytes.Observe(meter, static () => [new(GC.GetTotalMemory(forceFullCollection: false))]);
        MetricDefinitions.PoolThreads.Observe(meter, static () => [new(ThreadPool.ThreadCount)]);
    }

    /// <summary>A collection of a generation is one of every younger generation as well, as the runtime counts.</summary>
    private static IEnumerable<Measurement<double>> Collections() => Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation =>
        new Measurement<double>(GC.CollectionCount(generation), ServiceMetrics.Tag("generation", generation.ToString(CultureInfo.InvariantCulture))));
}
