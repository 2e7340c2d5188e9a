using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>
/// Memory, CPU and the API server's load of services that have converged and have nothing to do, in clusters of four sizes. They idle at
/// the same time, and while others are measured.
/// </summary>
internal sealed class IdleBench : IAsyncDisposable
{
    /// <summary>Memory creeps for the first minutes: a look after half a minute flatters.</summary>
    private static readonly TimeSpan LookedAt = TimeSpan.FromMinutes(2);

    /// <summary>Shorter than the interval at which the ConfigMap is read, so that one read at most falls into it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(25);

    private readonly List<SimulatedSubject> _subjects = [];

    /// <summary>With 1,000 Services and with 20,000; they go on to be measured in a cluster that changes.</summary>
    public (SimulatedSubject Usual, SimulatedSubject Large) ForChurn => (_subjects[1], _subjects[3]);

    public static async Task<IdleBench> StartAsync(string program, CancellationToken stop)
    {
        var bench = new IdleBench();
        try
        {
            bench._subjects.Add(await SimulatedSubject.StartAsync(program, ClusterContent.Of(100), toCome: 0, stop));
            bench._subjects.Add(await SimulatedSubject.StartAsync(program, ClusterContent.Usual, LatencySeries.BackendsToCome, stop));
            bench._subjects.Add(await SimulatedSubject.StartAsync(program, ClusterContent.Of(10_000), toCome: 0, stop));
            bench._subjects.Add(await SimulatedSubject.StartAsync(program, ClusterContent.Large, LatencySeries.BackendsToCome, stop));
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns two minutes after the start of the last.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stop)
    {
        Idle[] idle = await Task.WhenAll(_subjects.Select(s => LookAsync(s, stop)));
        return
        [
            .. Memory(idle[0], must: 64, aim: 28, anonymousAim: 7),
            .. Memory(idle[1], must: 128, aim: 32, anonymousAim: 10),
            .. Memory(idle[2], must: 128, aim: 42, anonymousAim: 20),
            .. Memory(idle[3], must: null, aim: null, anonymousAim: null),
            Cpu(idle[0]),
            Cpu(idle[1], must: 0.1, aim: 0.005),
            Cpu(idle[2]),
            Cpu(idle[3]),
            .. Requests(idle[1]),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SimulatedSubject subject in _subjects)
            await subject.DisposeAsync();
    }

    private static async Task<Idle> LookAsync(SimulatedSubject subject, CancellationToken stop)
    {
        await subject.Subject.Service.IsAgedAsync(LookedAt - Window, stop);
        Load load = await subject.LoadAsync(Window, stop);
        return new Idle(subject.Content.Name, subject.Read(), load);
    }

    private static IEnumerable<Figure> Memory(Idle idle, double? must, double? aim, double? anonymousAim) =>
    [
        new($"resident memory, {idle.Name}, after two minutes", Unit.MiB, idle.Memory.ResidentMiB, must, aim),
        new($"anonymous memory, {idle.Name}, after two minutes", Unit.MiB, idle.Memory.AnonymousMiB, Aim: anonymousAim),
        new($"resident memory, {idle.Name}, peak of two minutes", Unit.MiB, idle.Memory.PeakResidentMiB, must),
    ];

    private static Figure Cpu(Idle idle, double? must = null, double? aim = null) =>
        new($"CPU, {idle.Name}, idle", Unit.Cores, idle.Load.Cores, must, aim);

    private static IEnumerable<Figure> Requests(Idle idle)
    {
        string window = $"{idle.Name}, {Window.TotalSeconds:0} idle s";
        return
        [
            new($"LIST requests, {window}", Unit.Requests, idle.Load.Lists, Aim: 0),
            new($"GET requests, {window}", Unit.Requests, idle.Load.Reads, Aim: 1),
            new($"writes, {window}", Unit.Requests, idle.Load.Writes, Aim: 0),
            new($"other requests, {window}", Unit.Requests, idle.Load.Others),
        ];
    }

    private sealed record Idle(string Name, ProcessFigures Memory, Load Load);
}
