using System.CommandLine;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench;

/// <summary>For how long nobody writes when the leader is gone, and that one that stood still writes nothing when it wakes.</summary>
internal sealed class FailoverCommand
{
    /// <summary>What is promised of a crash: LEASE_DURATION; of a stop in order: a second.</summary>
    private const double CrashMust = 15_000, StopMust = 1_000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    private readonly Replicas _replicas;
    private readonly CancellationToken _stop;
    private readonly Random _random = new(1);

    private FailoverCommand(Replicas replicas, CancellationToken stop)
    {
        _replicas = replicas;
        _stop = stop;
    }

    private static TimeProvider Time => TimeProvider.System;

    public static Command Create()
    {
        Option<FileInfo> program = BenchOptions.Program();
        Option<DirectoryInfo> assets = BenchOptions.Assets();
        Option<int> ends = Count("--ends", 20, "How often the leader is killed, and how often it is stopped.");
        Option<int> pauses = Count("--pauses", 3, "How often it stands still, with and without a key that is edited meanwhile.");
        Option<int> restarts = Count("--restarts", 5, "How often the API server dies with it, and after it.");
        var command = new Command("failover", "Two replicas, one of which dies, stops or stands still.")
        {
            program, assets, ends, pauses, restarts,
        };
        command.SetAction(async (arguments, stop) =>
        {
            string loadBefore = Machine.LoadAverage();
            IReadOnlyList<Figure> figures = await MeasureAsync(
                arguments.GetRequiredValue(program).FullName,
                arguments.GetRequiredValue(assets).FullName,
                new Rounds(arguments.GetValue(ends), arguments.GetValue(pauses), arguments.GetValue(restarts)),
                stop);
            await Console.Out.WriteLineAsync(FigureTable.Print(figures, Baseline.None));
            await Console.Out.WriteLineAsync($"{Machine.Describe()}, {Machine.Today()}, load average {loadBefore} before, {Machine.LoadAverage()} after");
            return figures.Any(f => f.BreaksMust) ? 1 : 0;
        });
        return command;
    }

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string program, string assets, Rounds rounds, CancellationToken stop)
    {
        await using Replicas replicas = await Replicas.StartAsync(program, assets, ClusterContent.Usual, stop);
        var bench = new FailoverCommand(replicas, stop);
        // Brings the code of the bench into being, and is not counted.
        await bench.EndAsync(Signal.Terminate);
        return
        [
            .. Times("kill -9", await RepeatAsync(rounds.Ends, () => bench.EndAsync(Signal.Kill)), CrashMust),
            .. Times("SIGTERM", await RepeatAsync(rounds.Ends, () => bench.EndAsync(Signal.Terminate)), StopMust),
            .. Woken("woken", await RepeatAsync(rounds.Pauses, () => bench.StandStillAsync(isSpoiled: false))),
            .. Woken("woken, a key edited just before", await RepeatAsync(rounds.Pauses, () => bench.StandStillAsync(isSpoiled: true))),
            .. FromReady("kill -9, API server too", await RepeatAsync(rounds.Restarts, () => bench.EndAsync(Signal.Kill, TimeSpan.Zero))),
            .. FromReady("kill -9, API server later", await RepeatAsync(rounds.Restarts, () => bench.EndAsync(Signal.Kill, Later))),
        ];
    }

    private static Option<int> Count(string name, int usual, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => usual };

    private static async Task<T[]> RepeatAsync<T>(int count, Func<Task<T>> round)
    {
        var results = new T[count];
        for (int i = 0; i < count; i++)
        {
            results[i] = await round();
            await Console.Error.WriteLineAsync($"{results[i]}, load average {Machine.LoadAverage()}");
        }

        return results;
    }

    /// <summary>The leader is told to end, at any moment between two renewals, and started again when another has done its work.</summary>
    /// <param name="apiServerAfter">When the API server is killed too; null for never.</param>
    private async Task<Failover> EndAsync(Signal signal, TimeSpan? apiServerAfter = null)
    {
        (Replica leader, _) = await _replicas.SettleAsync(_stop);
        await Task.Delay(Settling + TimeSpan.FromMilliseconds(_random.Next(2_000)), Time, _stop);
        string epoch = _replicas.Epoch;
        // It stands still for the few milliseconds of the edit, else it would repair that before the signal comes.
        leader.Service.Send(Signal.Stop);
        Func<ConfigMapRecord, bool> isRepaired = await _replicas.SpoilAsync(_stop);
        Task<long> fenced = _replicas.Observer.SeenAsync(present => Replicas.EpochOf(present) != epoch, _stop);
        Task<long> repaired = _replicas.Observer.SeenAsync(isRepaired, _stop);
        long begun = Time.GetTimestamp();
        leader.Service.Send(signal);
        leader.Service.Send(Signal.Continue);
        long ready = apiServerAfter is { } after ? await RestartApiServerAsync(after) : begun;
        var result = new Failover(
            signal,
            Fenced: Time.GetElapsedTime(begun, await fenced),
            Repaired: Time.GetElapsedTime(begun, await repaired),
            FromReady: Time.GetElapsedTime(ready, await repaired));
        await leader.StartAgainAsync();
        await _replicas.SettleAsync(_stop);
        return result;
    }

    private async Task<long> RestartApiServerAsync(TimeSpan after)
    {
        await Task.Delay(after, Time, _stop);
        await _replicas.Cluster.RestartApiServerAsync();
        return Time.GetTimestamp();
    }

    /// <summary>The leader stands still until another leads, and wakes.</summary>
    /// <param name="isSpoiled">Whether there is something to write when it wakes.</param>
    private async Task<Stillness> StandStillAsync(bool isSpoiled)
    {
        (Replica leader, Replica other) = await _replicas.SettleAsync(_stop);
        string epoch = _replicas.Epoch;
        long begun = Time.GetTimestamp();
        leader.Service.Send(Signal.Stop);
        long fenced = await _replicas.Observer.SeenAsync(present => Replicas.EpochOf(present) != epoch, _stop);
        await Task.Delay(Settling, Time, _stop);
        (string version, int before) = (_replicas.Observer.Newest.ResourceVersion, _replicas.Observer.Changes);
        leader.Service.ForgetLines();
        other.Service.ForgetLines();
        Func<ConfigMapRecord, bool> isRight = isSpoiled ? await _replicas.SpoilAsync(_stop) : present => present.ResourceVersion == version;
        leader.Service.Send(Signal.Continue);
        await Task.Delay(Watched, Time, _stop);
        // The edit and its repair.
        int writes = _replicas.Observer.Changes - before - (isSpoiled ? 2 : 0);
        bool isByOther = !isSpoiled || (HasWritten(other, "Drift detected") && !HasWritten(leader, "Drift detected"));
        bool follows = HasWritten(leader, "Lost leader election") && HasWritten(leader, "\"Following\"");
        return new Stillness(Time.GetElapsedTime(begun, fenced), writes, isRight(_replicas.Observer.Newest) && isByOther && follows);
    }

    private static bool HasWritten(Replica replica, string text) =>
        replica.Service.LastLines.Any(l => l.Contains(text, StringComparison.Ordinal));

    private static IEnumerable<Figure> Times(string name, Failover[] rounds, double? must) =>
    [
        .. Times($"{name} -> another has fenced", rounds.Select(r => r.Fenced), must),
        .. Times($"{name} -> edited key repaired", rounds.Select(r => r.Repaired), must),
    ];

    private static IEnumerable<Figure> FromReady(string name, Failover[] rounds) => rounds is [] ? [] :
    [
        .. Times(name, rounds, must: null),
        .. Times($"{name}: that is ready -> repaired", rounds.Select(r => r.FromReady), CrashMust),
    ];

    private static IEnumerable<Figure> Woken(string name, Stillness[] rounds) => rounds is [] ? [] :
    [
        .. Times($"{name}: SIGSTOP -> another has fenced", rounds.Select(r => r.Fenced), CrashMust),
        new Figure($"{name}: writes by it in {Watched.TotalSeconds:0} s", Unit.Requests, rounds.Sum(r => Math.Abs(r.StaleWrites)), Must: 0),
        new Figure($"{name}: times that it did not follow", Unit.Requests, rounds.Count(r => !r.IsRight), Must: 0),
    ];

    private static IEnumerable<Figure> Times(string name, IEnumerable<TimeSpan> values, double? must)
    {
        var sample = new Sample(values);
        return
        [
            new Figure($"{name}, median", Unit.Milliseconds, sample.Median),
            new Figure($"{name}, worst of {sample.Count}", Unit.Milliseconds, sample.Max, must),
        ];
    }

    /// <param name="Ends">How often the leader is killed, and how often it is stopped.</param>
    /// <param name="Pauses">How often it stands still, with and without a key that is edited meanwhile.</param>
    /// <param name="Restarts">How often the API server dies with it, and after it.</param>
    public sealed record Rounds(int Ends, int Pauses, int Restarts);

    /// <param name="FromReady">Until the repair, from when the API server said that it is ready again, or else from the signal.</param>
    private readonly record struct Failover(Signal Signal, TimeSpan Fenced, TimeSpan Repaired, TimeSpan FromReady);

    /// <param name="StaleWrites">Of the ConfigMap after it woke, beside those that had to be.</param>
    /// <param name="IsRight">The ConfigMap is, by whom it should be, and the one that woke says that it follows.</param>
    private readonly record struct Stillness(TimeSpan Fenced, int StaleWrites, bool IsRight);
}
