using System.CommandLine;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>Everything that is promised of speed and size in one table, beside what is promised.</summary>
internal static class TableCommand
{
    /// <summary>In a smaller cluster the same would be measured once more.</summary>
    private const int SmallestForLatency = 1_000;

    /// <summary>Nothing is promised of a larger one that changes.</summary>
    private const int LargestForChurn = 10_000;

    private static readonly FailoverCommand.Rounds Failovers = new(Ends: 4, Pauses: 0, Restarts: 0);

    public static Command Create()
    {
        Option<FileInfo> program = BenchOptions.Program();
        var baseline = new Option<FileInfo>("--baseline") { Description = "The file with the figures to compare with.", Required = true };
        var write = new Option<bool>("--write-baseline") { Description = "Write the figures of this run to that file." };
        var assets = new Option<DirectoryInfo>("--real") { Description = "A folder with etcd and kube-apiserver; without it the API server is a simulated one." };
        var only = new Option<Part[]>("--only") { Description = "The parts to measure; all by default.", AllowMultipleArgumentsPerToken = true };
        var sizes = new Option<int[]>("--sizes")
        {
            Description = "How many Services there are in the clusters whose memory, latency and churn are measured.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [100, 1_000, 10_000, 50_000],
        };
        var command = new Command("table", "Everything that is promised, in one table.") { program, baseline, write, assets, only, sizes };
        command.SetAction((arguments, stop) => ExecuteAsync(
            new Stage(arguments.GetRequiredValue(program).FullName, arguments.GetValue(assets)?.FullName),
            new Wanted([.. arguments.GetValue(only) is { Length: > 0 } some ? some : Enum.GetValues<Part>()], arguments.GetRequiredValue(sizes)),
            arguments.GetRequiredValue(baseline).FullName,
            arguments.GetValue(write),
            stop));
        return command;
    }

    /// <returns>0; 1 where a figure breaks what is promised. What cannot be measured ends with an exception.</returns>
    private static async Task<int> ExecuteAsync(Stage stage, Wanted wanted, string baselineFile, bool isBaseline, CancellationToken stop)
    {
        var baseline = Baseline.Read(baselineFile);
        string loadBefore = Machine.LoadAverage();
        var figures = new List<Figure>();
        try
        {
            await MeasureAsync(stage, wanted, figures, stop);
        }
        finally
        {
            // What was measured is worth its minutes, whatever could not be.
            await Console.Out.WriteLineAsync(FigureTable.Print(figures, baseline));
            await Console.Out.WriteLineAsync($"here:      {Machine.Describe()}, {Machine.Today()}, load average {loadBefore} before, {Machine.LoadAverage()} after");
            await Console.Out.WriteLineAsync($"base line: {(baseline.Figures.Count == 0 ? "none" : $"{baseline.Machine}, {baseline.Date}")}");
        }

        if (isBaseline)
            Baseline.Of(figures).Write(baselineFile);
        return figures.Any(f => f.BreaksMust) ? 1 : 0;
    }

    private static async Task MeasureAsync(Stage stage, Wanted wanted, List<Figure> figures, CancellationToken stop)
    {
        if (wanted.Parts.Contains(Part.Start))
            figures.AddRange(await TellAsync("the start", StartBench.RunAsync(stage, stop)));
        if (wanted.Parts.Overlaps([Part.Memory, Part.Latency, Part.Churn]))
            await MeasureFleetAsync(stage, wanted, figures, stop);
        else if (wanted.Parts.Contains(Part.Failover))
            figures.AddRange(await FailoverAsync(stage, stop));
        if (wanted.Parts.Contains(Part.Custom))
            figures.AddRange(await TellAsync("thousands of custom Services", CustomBench.RunAsync(stage, stop)));
        if (wanted.Parts.Contains(Part.Api))
            figures.AddRange(await TellAsync("the REST API", ApiBench.RunAsync(stage, stop)));
    }

    private static async Task MeasureFleetAsync(Stage stage, Wanted wanted, List<Figure> figures, CancellationToken stop)
    {
        // The largest first: to fill it takes longest, and would disturb what has begun to idle.
        IEnumerable<int> sizes = wanted.Sizes.Where(wanted.IsNeeded).OrderDescending();
        await using Fleet fleet = await TellAsync("(filling clusters)", Fleet.StartAsync(stage, sizes, LatencySeries.BackendsToCome(LatencyBench.Rounds), stop));
        // A failover is mostly waited for, and a service that idles takes a hundredth of a core.
        Task<IReadOnlyList<Figure>> failover = wanted.Parts.Contains(Part.Failover) ? FailoverAsync(stage, stop) : Task.FromResult<IReadOnlyList<Figure>>([]);
        if (wanted.Parts.Contains(Part.Memory))
            figures.AddRange(await TellAsync("services that idle", IdleBench.RunAsync(fleet, stop)));
        figures.AddRange(await failover);
        if (!wanted.Parts.Overlaps([Part.Latency, Part.Churn]))
            return;

        Subject[] measured = [.. fleet.All.Where(s => s.Content.Services >= SmallestForLatency).Reverse()];
        IReadOnlyList<Latencies> atRest = await TellAsync("latencies", LatencyBench.RunAsync(measured, stop));
        figures.AddRange(atRest.SelectMany(l => l.Figures()));
        if (wanted.Parts.Contains(Part.Churn))
        {
            IEnumerable<(Subject, Latencies)> changing = measured.Zip(atRest).Where(m => m.First.Content.Services <= LargestForChurn);
            figures.AddRange(await TellAsync($"the same under {Churn.PerSecond} unrelated changes a second", ChurnBench.RunAsync(changing, stop)));
        }
    }

    /// <summary>Empty on the simulated server, which cannot be measured so.</summary>
    private static async Task<IReadOnlyList<Figure>> FailoverAsync(Stage stage, CancellationToken stop) => stage.Assets is null
        ? []
        : await TellAsync("failover", FailoverCommand.MeasureAsync(stage.Program, stage.Assets, Failovers, stop));

    private static async Task<T> TellAsync<T>(string what, Task<T> measuring)
    {
        await Console.Error.WriteLineAsync($"measuring {what} ...");
        return await measuring;
    }

    private sealed record Wanted(HashSet<Part> Parts, int[] Sizes)
    {
        /// <summary>Whether anything is measured in a cluster of this size.</summary>
        public bool IsNeeded(int size) => Parts.Contains(Part.Memory)
            || (size >= SmallestForLatency && (Parts.Contains(Part.Latency) || size <= LargestForChurn));
    }
}
