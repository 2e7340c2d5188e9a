using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench;

/// <summary>A cluster in which thousands of owners want a toolset each: more than the ConfigMap has room for, and all of them are checked.</summary>
internal static class CustomBench
{
    private const int Rounds = 40;
    private static readonly ClusterContent Content = new(Services: 10_000, Backends: 50, Custom: 5_000);

    /// <summary>Nothing was written for so long: all of them have been asked.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Stage stage, CancellationToken stop)
    {
        await using Subject subject = await stage.StartAsync(Content, LatencySeries.BackendsToCome(Rounds), stop);
        TimeSpan settled = await SettleAsync(subject, stop);
        Load load = await subject.LoadAsync(Window, stop);
        ProcessFigures memory = subject.Service.Read();
        int toolsets = subject.Observer.Newest.Data.Keys.Count(ToolsetKey.IsToolset);
        using var turn = new SemaphoreSlim(1);
        string prefix = $"{Content.Custom:N0} custom Services: ";
        Latencies latencies = await Latencies.OfSingleChangesAsync(prefix, new LatencySeries(subject, turn, stop), Rounds);
        return
        [
            new Figure($"{prefix}start -> last write", Unit.Milliseconds, settled.TotalMilliseconds),
            new Figure($"{prefix}toolsets in the ConfigMap", Unit.Requests, toolsets),
            new Figure($"{prefix}resident memory", Unit.MiB, memory.ResidentMiB, Must: 128),
            new Figure($"{prefix}anonymous memory", Unit.MiB, memory.AnonymousMiB),
            new Figure($"{prefix}CPU, with all checks", Unit.Cores, load.Cores),
            new Figure($"{prefix}writes in {Window.TotalSeconds:0} s", Unit.Requests, load.Writes, Must: 0),
            .. latencies.Figures(),
        ];
    }

    /// <returns>From the start until the ConfigMap was last changed.</returns>
    private static async Task<TimeSpan> SettleAsync(Subject subject, CancellationToken stop)
    {
        while (TimeProvider.System.GetElapsedTime(subject.Observer.NewestSeen) < Quiet)
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop);
        return TimeProvider.System.GetElapsedTime(subject.Service.Begun, subject.Observer.NewestSeen);
    }
}
