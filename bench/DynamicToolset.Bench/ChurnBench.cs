using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>A service whose cluster changes all the time in what is none of its business, beside the same at rest.</summary>
internal static class ChurnBench
{
    private const double LatencyFactor = 2;
    private const double MemoryFactor = 1.2;

    /// <summary>Nothing but the unrelated changes happens, so that what they cause can be told.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(15);

    /// <summary>The two sizes side by side, their latencies in turns.</summary>
    /// <param name="subjects">That idled until now.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(
        (SimulatedSubject Usual, SimulatedSubject Large) subjects, (Latencies Usual, Latencies Large) atRest, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long begun = TimeProvider.System.GetTimestamp();
        IReadOnlyList<Figure>[] figures = await Task.WhenAll(
            RunAsync(subjects.Usual, atRest.Usual, memoryMust: 128, turn, stop),
            RunAsync(subjects.Large, atRest.Large, memoryMust: null, turn, stop));
        double own = (Environment.CpuUsage.TotalTime - before) / TimeProvider.System.GetElapsedTime(begun);
        return [.. figures.SelectMany(f => f), new Figure("churn: CPU of the bench itself, both sizes", Unit.Cores, own)];
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(
        SimulatedSubject subject, Latencies atRest, double? memoryMust, SemaphoreSlim turn, CancellationToken stop)
    {
        string prefix = $"churn, {subject.Content.Name}: ";
        double before = subject.Read().ResidentMiB;
        Load load;
        Latencies latencies;
        double during;
        await using (Churn.Start(subject.Cluster))
        {
            load = await subject.LoadAsync(Window, stop);
            latencies = await Latencies.OfSingleChangesAsync(prefix, new LatencySeries(subject.Subject, turn, stop));
            during = subject.Read().ResidentMiB;
        }

        await Task.Delay(Afterwards, TimeProvider.System, stop);
        return
        [
            .. latencies.FiguresBeside(atRest, LatencyFactor),
            new Figure($"{prefix}resident memory, before", Unit.MiB, before, memoryMust),
            new Figure($"{prefix}resident memory, during", Unit.MiB, during, memoryMust, before * MemoryFactor),
            new Figure($"{prefix}resident memory, after", Unit.MiB, subject.Read().ResidentMiB, memoryMust, before * MemoryFactor),
            new Figure($"{prefix}CPU", Unit.Cores, load.Cores),
            new Figure($"{prefix}writes in {Window.TotalSeconds:0} s", Unit.Requests, load.Writes, Must: 0),
        ];
    }
}
