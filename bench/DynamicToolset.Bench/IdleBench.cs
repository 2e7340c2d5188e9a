using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>Memory, CPU and the API server's load of services that have converged and have nothing to do. They idle at the same time.</summary>
internal static class IdleBench
{
    /// <summary>Memory creeps for the first minutes: a look after half a minute flatters.</summary>
    private static readonly TimeSpan LookedAt = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>By the number of Services in the cluster.</summary>
    private static readonly Dictionary<int, Limits> LimitsOf = new()
    {
        [100] = new(ResidentMust: 64, ResidentAim: 28, AnonymousAim: 7),
        [1_000] = new(ResidentMust: 128, ResidentAim: 32, AnonymousAim: 10, CpuMust: 0.1, CpuAim: 0.005),
        [10_000] = new(ResidentMust: 128, ResidentAim: 42, AnonymousAim: 20),
    };

    /// <summary>Returns two minutes after the start of the last.</summary>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Fleet fleet, CancellationToken stop)
    {
        Idle[] idle = await Task.WhenAll(fleet.All.Select(s => LookAsync(s, stop)));
        return [.. idle.SelectMany(Memory), .. idle.Select(Cpu), .. idle.Where(i => i.Content == ClusterContent.Usual).SelectMany(Requests)];
    }

    private static async Task<Idle> LookAsync(Subject subject, CancellationToken stop)
    {
        await subject.Service.IsAgedAsync(LookedAt - Window, stop);
        Load load = await subject.LoadAsync(Window, stop);
        return new Idle(subject.Content, subject.Service.Read(), load);
    }

    private static IEnumerable<Figure> Memory(Idle idle)
    {
        Limits limits = idle.Limits;
        return
        [
            new($"resident memory, {idle.Content.Name}, after two minutes", Unit.MiB, idle.Memory.ResidentMiB, limits.ResidentMust, limits.ResidentAim),
            new($"proportional memory, {idle.Content.Name}, after two minutes", Unit.MiB, idle.Memory.ProportionalMiB),
            new($"anonymous memory, {idle.Content.Name}, after two minutes", Unit.MiB, idle.Memory.AnonymousMiB, Aim: limits.AnonymousAim),
            new($"resident memory, {idle.Content.Name}, peak of two minutes", Unit.MiB, idle.Memory.PeakResidentMiB, limits.ResidentMust),
        ];
    }

    private static Figure Cpu(Idle idle) =>
        new($"CPU, {idle.Content.Name}, idle", Unit.Cores, idle.Load.Cores, idle.Limits.CpuMust, idle.Limits.CpuAim);

    /// <summary>The ConfigMap is read every half minute.</summary>
    private static IEnumerable<Figure> Requests(Idle idle)
    {
        string window = $"{idle.Content.Name}, an idle minute";
        return
        [
            new($"LIST requests, {window}", Unit.Requests, idle.Load.Lists, Aim: 0),
            new($"GET requests, {window}", Unit.Requests, idle.Load.Reads, Aim: 2),
            new($"writes, {window}", Unit.Requests, idle.Load.Writes, Aim: 0),
            new($"other requests, {window}", Unit.Requests, idle.Load.Others),
        ];
    }

    private sealed record Idle(ClusterContent Content, ProcessFigures Memory, Load Load)
    {
        public Limits Limits => LimitsOf.GetValueOrDefault(Content.Services, new Limits());
    }

    /// <summary>Null where nothing is promised. Memory in MiB, CPU in cores.</summary>
    private sealed record Limits(
        double? ResidentMust = null, double? ResidentAim = null, double? AnonymousAim = null, double? CpuMust = null, double? CpuAim = null);
}
