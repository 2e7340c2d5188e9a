using System.Collections.Concurrent;
using System.CommandLine;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench;

/// <summary>
/// Two replicas in a cluster that changes all the time and whose API server dies once a minute, so that what creeps is seen.
/// </summary>
internal sealed class ChurnSoakCommand
{
    private const int ChangesPerSecond = 20;
    private const int TicksPerMinute = 12;
    private const int RestartsAt = 6;
    private const double RepairMust = 5_000;
    private const string Repaired = "key edited -> repaired, outside of restarts";

    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1) / TicksPerMinute;

    /// <summary>After the API server is ready: until the watches are back, repairs are told apart.</summary>
    private static readonly TimeSpan Reconnecting = TimeSpan.FromSeconds(5);

    private readonly Replicas _replicas;
    private readonly CancellationToken _stop;
    private readonly List<ProcessFigures[]> _looks = [];
    private readonly ConcurrentQueue<Repair> _repairs = new();
    private Task _restart = Task.CompletedTask;

    private ChurnSoakCommand(Replicas replicas, CancellationToken stop)
    {
        _replicas = replicas;
        _stop = stop;
    }

    private static TimeProvider Time => TimeProvider.System;

    public static Command Create()
    {
        Option<FileInfo> program = BenchOptions.Program();
        Option<DirectoryInfo> assets = BenchOptions.Assets();
        var minutes = new Option<int>("--minutes") { Description = "How long it lasts, 2 at least.", DefaultValueFactory = _ => 30 };
        var command = new Command("churn-soak", "Two replicas, changes, edits, and an API server that dies once a minute.")
        {
            program, assets, minutes,
        };
        command.SetAction(async (arguments, stop) =>
        {
            await using Replicas replicas = await Replicas.StartAsync(
                arguments.GetRequiredValue(program).FullName, arguments.GetRequiredValue(assets).FullName, ClusterContent.Usual, stop);
            return await new ChurnSoakCommand(replicas, stop).ExecuteAsync(arguments.GetValue(minutes));
        });
        return command;
    }

    /// <returns>0; 1 where a repair took longer than is promised.</returns>
    /// <exception cref="InvalidOperationException">A replica has ended.</exception>
    /// <exception cref="TimeoutException">A key stayed spoiled.</exception>
    private async Task<int> ExecuteAsync(int minutes)
    {
        await using (var churn = Churn.Start(_replicas.Cluster, ChangesPerSecond))
        {
            for (int minute = 1; minute <= minutes; minute++)
            {
                (int changes, int repairs) = (churn.Made, _repairs.Count);
                await LastAMinuteAsync();
                string done = $"{churn.Made - changes} changes, {RepairsOf([.. _repairs.Skip(repairs)])}";
                await Console.Out.WriteLineAsync($"minute {minute}: {done}, load average {Machine.LoadAverage()}");
                foreach (Replica replica in _replicas.All)
                    await Console.Out.WriteLineAsync($"  {replica.Name}: {await replica.StandingAsync(_stop)}, {Say(replica.Service.Read())}");
            }
        }

        await _replicas.SettleAsync(_stop);
        return await TellAsync(Math.Min(5, minutes / 2));
    }

    /// <summary>The last minutes beside the first.</summary>
    private async Task<int> TellAsync(int part)
    {
        Figure[] first = [.. Creeping(_looks[..(part * TicksPerMinute)])];
        var sample = new Sample(_repairs.Where(r => !r.IsInRestart).Select(r => r.Latency));
        Figure[] last =
        [
            .. Creeping(_looks[^(part * TicksPerMinute)..]),
            new Figure($"{Repaired}, median of {sample.Count}", Unit.Milliseconds, sample.Median),
            new Figure($"{Repaired}, worst of {sample.Count}", Unit.Milliseconds, sample.Max, RepairMust),
        ];
        await Console.Out.WriteLineAsync($"\nMedians of the last {part} minutes; the base line is those of the first {part}.");
        await Console.Out.WriteLineAsync(FigureTable.Print(last, Baseline.Of(first)));
        await Console.Out.WriteLineAsync($"{Machine.Describe()}, {Machine.Today()}, load average {Machine.LoadAverage()}");
        return last.Any(f => f.BreaksMust) ? 1 : 0;
    }

    private IEnumerable<Figure> Creeping(List<ProcessFigures[]> looks) => _replicas.All.SelectMany((replica, i) => (Figure[])
    [
        new($"{replica.Name}: resident memory", Unit.MiB, MedianOf(looks, l => l[i].ResidentMiB)),
        new($"{replica.Name}: anonymous memory", Unit.MiB, MedianOf(looks, l => l[i].AnonymousMiB)),
        new($"{replica.Name}: open files and sockets", Unit.Requests, MedianOf(looks, l => l[i].Handles)),
        new($"{replica.Name}: TCP sockets", Unit.Requests, MedianOf(looks, l => l[i].Sockets)),
        new($"{replica.Name}: threads", Unit.Requests, MedianOf(looks, l => l[i].Threads)),
    ]);

    private static double MedianOf(List<ProcessFigures[]> looks, Func<ProcessFigures[], double> figure) =>
        looks.Select(figure).Order().ElementAt(looks.Count / 2);

    private static string Say(ProcessFigures now) =>
        $"resident {Unit.MiB.Print(now.ResidentMiB)}, anonymous {Unit.MiB.Print(now.AnonymousMiB)}, "
        + $"{now.Handles} files, {now.Sockets} TCP sockets, {now.Threads} threads";

    private static string RepairsOf(Repair[] repairs)
    {
        ILookup<bool, TimeSpan> latencies = repairs.ToLookup(r => r.IsInRestart, r => r.Latency);
        return $"repairs: {CountOf(latencies[false])}, and {CountOf(latencies[true])} around the restart";
    }

    private static string CountOf(IEnumerable<TimeSpan> latencies) =>
        latencies.Any() ? $"{latencies.Count()} (worst {Unit.Milliseconds.Print(latencies.Max().TotalMilliseconds)})" : "none";

    private async Task LastAMinuteAsync()
    {
        var repairs = new List<Task>();
        using var timer = new PeriodicTimer(Tick, Time);
        for (int tick = 0; tick < TicksPerMinute; tick++)
        {
            await timer.WaitForNextTickAsync(_stop);
            if (tick == RestartsAt)
                _restart = RestartApiServerAsync();
            _looks.Add([.. _replicas.All.Select(r => r.Service.Read())]);
            repairs.Add(SpoilAsync());
        }

        await Task.WhenAll(repairs);
        await _restart;
    }

    private async Task RestartApiServerAsync()
    {
        await _replicas.Cluster.RestartApiServerAsync();
        await Task.Delay(Reconnecting, Time, _stop);
    }

    private async Task SpoilAsync()
    {
        bool isInRestart = !_restart.IsCompleted;
        try
        {
            long begun = Time.GetTimestamp();
            Func<ConfigMapRecord, bool> isRepaired = await _replicas.SpoilAsync(_stop);
            TimeSpan latency = Time.GetElapsedTime(begun, await _replicas.Observer.SeenAsync(isRepaired, _stop));
            _repairs.Enqueue(new Repair(latency, isInRestart || !_restart.IsCompleted));
        }
        catch (HttpRequestException)
        {
            // The API server is away, and nothing was edited.
        }
    }

    /// <param name="IsInRestart">The API server was away, or had been a few seconds before, at the edit or at the repair.</param>
    private readonly record struct Repair(TimeSpan Latency, bool IsInRestart);
}
