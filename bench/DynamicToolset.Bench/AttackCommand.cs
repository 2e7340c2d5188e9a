using System.CommandLine;
using System.Text.Json.Nodes;
using DynamicToolset.Bench.Attack;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>How a service in the smallest container fares while one tenant does their worst: what the others see of it.</summary>
internal static class AttackCommand
{
    private const int LimitMiB = 64;
    private const int Services = 100;

    /// <summary>Of the others; more than come and go within the minute in which repairs of one key are counted.</summary>
    private const int Honest = 40;

    private const double AppearMust = 10_000;
    private const double RepairMust = 5_000;

    public static Command Create()
    {
        Option<FileInfo> program = BenchOptions.Program();
        var minutes = new Option<double>("--minutes") { Description = "How long the attack lasts.", DefaultValueFactory = _ => 10 };
        var seed = new Option<int>("--seed") { Description = "Of what the attacker does.", DefaultValueFactory = _ => 1 };
        var command = new Command("attack", $"One tenant does their worst to a service in {LimitMiB} MiB.") { program, minutes, seed };
        command.SetAction((arguments, stop) => ExecuteAsync(
            arguments.GetRequiredValue(program).FullName, TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed), stop));
        return command;
    }

    /// <returns>0; 1 where a figure breaks what is promised. A service that was killed ends with an exception.</returns>
    private static async Task<int> ExecuteAsync(string program, TimeSpan lasting, int seed, CancellationToken stop)
    {
        using var limit = new MemoryLimit(LimitMiB);
        await using var hostile = new HostileBackends();
        SimulatedCluster cluster = await SimulatedCluster.StartAsync(ClusterContent.Of(Services), stop);
        var container = new Container(limit, Attacker.Hosts.Select(host => $"{host}={hostile.Address}"));
        await using Subject subject = await Subject.StartAsync(program, cluster, Honest, stop, container);
        await WriteOverridesAsync(cluster, stop);
        IReadOnlyList<Figure> figures = await AttackAsync(cluster, subject, limit, lasting, seed, stop);
        await Console.Out.WriteLineAsync(FigureTable.Print(figures, Baseline.None));
        await Console.Out.WriteLineAsync($"checks that the attacker answered: {hostile.Asked}; {Machine.Describe()}, {Machine.Today()}, load average {Machine.LoadAverage()}");
        return figures.Any(f => f.BreaksMust) ? 1 : 0;
    }

    private static async Task<IReadOnlyList<Figure>> AttackAsync(
        SimulatedCluster cluster, Subject subject, MemoryLimit limit, TimeSpan lasting, int seed, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        var series = new LatencySeries(subject, turn, stop);
        Backend[] honest = subject.TakeToCome(Honest);
        double before = subject.Service.Read().CpuSeconds;
        await using Attacker attacker = Attacker.Start(cluster, seed);
        (Series appear, Series drift, Series disappear) = await series.ComeAndGoAsync(honest, lasting);
        subject.Service.ThrowIfEnded();
        ProcessFigures after = subject.Service.Read();
        return
        [
            .. Times("another's Service appears -> ConfigMap written", appear, AppearMust),
            .. Times("another's key edited -> repaired", drift, RepairMust),
            .. Times("another's Service goes -> ConfigMap written", disappear, RepairMust),
            new Figure("rounds of that", Unit.Requests, appear.Latency.Count),
            new Figure("changes by the attacker", Unit.Requests, attacker.Changes),
            new Figure("memory charged to the container, most", Unit.MiB, limit.PeakMiB, Must: LimitMiB),
            new Figure("resident memory at the end", Unit.MiB, after.ResidentMiB),
            new Figure("resident memory, most", Unit.MiB, after.PeakResidentMiB),
            new Figure("anonymous memory at the end", Unit.MiB, after.AnonymousMiB, Must: LimitMiB),
            new Figure("CPU", Unit.Cores, (after.CpuSeconds - before) / lasting.TotalSeconds),
        ];
    }

    private static IEnumerable<Figure> Times(string name, Series series, double must) =>
    [
        new($"{name}, p50", Unit.Milliseconds, series.Latency.Median),
        new($"{name}, p99", Unit.Milliseconds, series.Latency.Percentile(99)),
        new($"{name}, max", Unit.Milliseconds, series.Latency.Max, must),
    ];

    /// <summary>An admin's, with as many keys and values as are read: the attack finds the memory that they leave.</summary>
    private static async Task WriteOverridesAsync(SimulatedCluster cluster, CancellationToken stop)
    {
        string text = $"mine:\n  config:\n    url: http://mine:1\n    list: [{string.Join(',', Enumerable.Repeat('a', 29_000))}]\n# {new string('x', 100 * 1024)}\n";
        var patch = new JsonObject { ["data"] = new JsonObject { ["overrides.yaml"] = text } };
        await MergePatch.SendAsync(cluster.Admin, ConfigMapObserver.Path, patch, stop);
    }
}
