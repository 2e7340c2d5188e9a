using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>Services whose clusters change all the time in what is none of their business, beside the same at rest.</summary>
internal static class ChurnBench
{
    private const int Rounds = 100;
    private const double LatencyFactor = 2;
    private const double MemoryFactor = 1.2;

    /// <summary>The largest that something is promised for.</summary>
    private const double MemoryMust = 128;

    /// <summary>Nothing but the unrelated changes happens, so that what they cause can be told.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(15);

    /// <summary>All of them side by side, their latencies in turns.</summary>
    public static async Task<IReadOnlyList<Figure>> RunAsync(IEnumerable<(Subject Subject, Latencies AtRest)> subjects, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long begun = TimeProvider.System.GetTimestamp();
        IReadOnlyList<Figure>[] figures = await Task.WhenAll(subjects.Select(s => RunAsync(s.Subject, s.AtRest, turn, stop)));
        double own = (Environment.CpuUsage.TotalTime - before) / TimeProvider.System.GetElapsedTime(begun);
        return [.. figures.SelectMany(f => f), new Figure("churn: CPU of the bench itself, all sizes", Unit.Cores, own)];
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(Subject subject, Latencies atRest, SemaphoreSlim turn, CancellationToken stop)
    {
        string prefix = $"churn, {subject.Content.Name}: ";
        double before = subject.Service.Read().ResidentMiB;
        Load load;
        Latencies latencies;
        double during;
        await using (Churn.Start(subject.Cluster))
        {
            load = await subject.LoadAsync(Window, stop);
            latencies = await Latencies.OfSingleChangesAsync(prefix, new LatencySeries(subject, turn, stop), Rounds);
            during = subject.Service.Read().ResidentMiB;
        }

        await Task.Delay(Afterwards, TimeProvider.System, stop);
        return
        [
            .. latencies.FiguresBeside(atRest, LatencyFactor),
            new Figure($"{prefix}resident memory, before", Unit.MiB, before, MemoryMust),
            new Figure($"{prefix}resident memory, during", Unit.MiB, during, MemoryMust, before * MemoryFactor),
            new Figure($"{prefix}resident memory, after", Unit.MiB, subject.Service.Read().ResidentMiB, MemoryMust, before * MemoryFactor),
            new Figure($"{prefix}CPU", Unit.Cores, load.Cores),
            new Figure($"{prefix}writes in {Window.TotalSeconds:0} s", Unit.Requests, load.Writes, Must: 0),
        ];
    }
}
