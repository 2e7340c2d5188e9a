using System.CommandLine;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;

namespace DynamicToolset.Bench;

/// <summary>Everything that can be measured of the published executable in about six minutes, beside the base line.</summary>
internal static class QuickCommand
{
    public static Command Create()
    {
        Option<FileInfo> program = BenchOptions.Program();
        var baseline = new Option<FileInfo>("--baseline") { Description = "The file with the figures to compare with.", Required = true };
        var write = new Option<bool>("--write-baseline") { Description = "Write the figures of this run to that file." };
        var assets = new Option<DirectoryInfo>("--real")
        {
            Description = "A folder with etcd and kube-apiserver: measure the latencies on them too.",
        };
        var command = new Command("quick", "Start, memory, load and latencies, in about six minutes.") { program, baseline, write, assets };
        command.SetAction((arguments, stop) => ExecuteAsync(
            arguments.GetRequiredValue(program).FullName,
            arguments.GetRequiredValue(baseline).FullName,
            arguments.GetValue(write),
            arguments.GetValue(assets)?.FullName,
            stop));
        return command;
    }

    /// <returns>0; 1 where a figure breaks what is promised. What cannot be measured ends with an exception.</returns>
    private static async Task<int> ExecuteAsync(string program, string baselineFile, bool isBaseline, string? assets, CancellationToken stop)
    {
        var baseline = Baseline.Read(baselineFile);
        string loadBefore = Machine.LoadAverage();
        List<Figure> figures = await MeasureAsync(program, assets, stop);
        await Console.Out.WriteLineAsync(FigureTable.Print(figures, baseline));
        await Console.Out.WriteLineAsync($"here:      {Machine.Describe()}, {Machine.Today()}, load average {loadBefore} before, {Machine.LoadAverage()} after");
        await Console.Out.WriteLineAsync($"base line: {(baseline.Figures.Count == 0 ? "none" : $"{baseline.Machine}, {baseline.Date}")}");
        if (isBaseline)
            Baseline.Of(figures).Write(baselineFile);
        return figures.Any(f => f.BreaksMust) ? 1 : 0;
    }

    private static async Task<List<Figure>> MeasureAsync(string program, string? assets, CancellationToken stop)
    {
        var figures = new List<Figure>();
        await TellAsync("the start");
        figures.AddRange(await StartBench.RunAsync(program, stop));
        figures.AddRange(await OnSimulatedServerAsync(program, stop));
        if (assets is null)
            return figures;
        await TellAsync("latencies on kube-apiserver");
        figures.AddRange((await LatencyBench.OnRealServerAsync(program, assets, stop)).Figures());
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> OnSimulatedServerAsync(string program, CancellationToken stop)
    {
        await TellAsync("latencies, and memory of services that idle meanwhile");
        await using IdleBench idle = await IdleBench.StartAsync(program, stop);
        Task<IReadOnlyList<Figure>> idling = idle.RunAsync(stop);
        (Latencies Usual, Latencies Large) atRest = await LatencyBench.OnSimulatedServerAsync(program, stop);
        IReadOnlyList<Figure> idled = await idling;
        await TellAsync($"the same under {Churn.PerSecond} unrelated changes a second");
        return [.. idled, .. atRest.Usual.Figures(), .. atRest.Large.Figures(), .. await ChurnBench.RunAsync(idle.ForChurn, atRest, stop)];
    }

    private static Task TellAsync(string what) => Console.Error.WriteLineAsync($"measuring {what} ...");
}
