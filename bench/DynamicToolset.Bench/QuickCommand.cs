using System.CommandLine;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;

namespace DynamicToolset.Bench;

/// <summary>Everything that can be measured of the published executable in two or three minutes, beside the base line.</summary>
internal static class QuickCommand
{
    public static Command Create()
    {
        var program = new Option<FileInfo>("--program") { Description = "The published executable.", Required = true };
        var baseline = new Option<FileInfo>("--baseline") { Description = "The file with the figures to compare with.", Required = true };
        var write = new Option<bool>("--write-baseline") { Description = "Write the figures of this run to that file." };
        var assets = new Option<DirectoryInfo>("--real")
        {
            Description = "A folder with etcd and kube-apiserver: measure the latencies on them too.",
        };
        var command = new Command("quick", "Start, memory, load and latencies, in two or three minutes.") { program, baseline, write, assets };
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
        var figures = new List<Figure>();
        figures.AddRange(await TellAsync("start", () => StartBench.RunAsync(program, stop)));
        figures.AddRange(await TellAsync("memory and load", () => IdleBench.RunAsync(program, stop)));
        figures.AddRange(await TellAsync("latencies", () => OnSimulatedServerAsync(program, stop)));
        if (assets is not null)
            figures.AddRange(await TellAsync("latencies on kube-apiserver", () => OnRealServerAsync(program, assets, stop)));

        await Console.Out.WriteLineAsync(FigureTable.Print(figures, baseline));
        await Console.Out.WriteLineAsync($"here:      {Machine.Describe()}, {Machine.Today()}, load average {loadBefore} before, {Machine.LoadAverage()} after");
        await Console.Out.WriteLineAsync($"base line: {(baseline.Figures.Count == 0 ? "none" : $"{baseline.Machine}, {baseline.Date}")}");
        if (isBaseline)
            Baseline.Of(figures).Write(baselineFile);
        return figures.Any(f => f.BreaksMust) ? 1 : 0;
    }

    private static async Task<IReadOnlyList<Figure>> TellAsync(string what, Func<Task<IReadOnlyList<Figure>>> run)
    {
        await Console.Error.WriteLineAsync($"measuring {what} ...");
        return await run();
    }

    private static async Task<IReadOnlyList<Figure>> OnSimulatedServerAsync(string program, CancellationToken stop)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(LatencyBench.Content, stop);
        return await LatencyBench.RunAsync(program, cluster, "", stop);
    }

    private static async Task<IReadOnlyList<Figure>> OnRealServerAsync(string program, string assets, CancellationToken stop)
    {
        await using RealCluster cluster = await RealCluster.StartAsync(assets, LatencyBench.Content, stop);
        return await LatencyBench.RunAsync(program, cluster, "kube-apiserver: ", stop);
    }
}
