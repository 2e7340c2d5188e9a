using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Sandbox.Http;

namespace DynamicToolset.Bench;

/// <summary>
/// Memory, CPU and the API server's load of a service that has converged and has nothing to do, in clusters of three sizes. One Service in a
/// hundred is a backend. The three idle at the same time, which saves a minute.
/// </summary>
internal static class IdleBench
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>Shorter than the interval at which the ConfigMap is read, so that one read at most falls into it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(25);

    public static async Task<IReadOnlyList<Figure>> RunAsync(string program, CancellationToken stop)
    {
        await using IdleService small = await IdleService.StartAsync(program, 100, stop);
        await using IdleService middle = await IdleService.StartAsync(program, 1_000, stop);
        await using IdleService large = await IdleService.StartAsync(program, 10_000, stop);
        await Task.Delay(Settling, TimeProvider.System, stop);
        IdleService[] all = [small, middle, large];
        foreach (IdleService service in all)
            service.Begin();
        await Task.Delay(Window, TimeProvider.System, stop);
        foreach (IdleService service in all)
            service.End();
        return
        [
            .. Memory(small, must: 64, aim: 30),
            .. Memory(middle, must: 128, aim: 38),
            .. Memory(large, must: 128, aim: 48),
            Cpu(small),
            Cpu(middle, must: 0.1, aim: 0.005),
            Cpu(large),
            .. Load(middle),
        ];
    }

    private static IEnumerable<Figure> Memory(IdleService service, double must, double aim) =>
    [
        new($"resident memory, {service.Name}, idle", Unit.MiB, service.Last.ResidentMiB, must, aim),
        new($"resident memory, {service.Name}, peak", Unit.MiB, service.Last.PeakResidentMiB, must),
    ];

    private static Figure Cpu(IdleService service, double? must = null, double? aim = null) =>
        new($"CPU, {service.Name}, idle", Unit.Cores, service.CpuSeconds / Window.TotalSeconds, must, aim);

    private static IEnumerable<Figure> Load(IdleService service)
    {
        int lists = service.Count(r => r.Verb == "list");
        int reads = service.Count(r => r.Verb == "get");
        int writes = service.Count(r => r.Method is not "GET");
        string window = $"{service.Name}, {Window.TotalSeconds:0} idle s";
        return
        [
            new($"LIST requests, {window}", Unit.Requests, lists, Aim: 0),
            new($"GET requests, {window}", Unit.Requests, reads, Aim: 1),
            new($"writes, {window}", Unit.Requests, writes, Aim: 0),
            new($"other requests, {window}", Unit.Requests, service.Count(_ => true) - lists - reads - writes),
        ];
    }

    /// <summary>One service with a cluster of its own.</summary>
    private sealed class IdleService(int services, SimulatedCluster cluster, ServiceProcess service) : IAsyncDisposable
    {
        private ProcessFigures? _first;
        private ProcessFigures? _last;
        private IReadOnlyList<LoggedRequest> _requests = [];

        public string Name => $"{services:#,0} Services";

        public ProcessFigures Last => _last!;

        public double CpuSeconds => _last!.CpuSeconds - _first!.CpuSeconds;

        /// <summary>Returns when the ConfigMap is right.</summary>
        public static async Task<IdleService> StartAsync(string program, int services, CancellationToken stop)
        {
            Backend[] backends = [.. Enumerable.Range(0, services / 100).Select(i => new Backend(i))];
            SimulatedCluster cluster = await SimulatedCluster.StartAsync(new ClusterContent(services, backends.Length), stop);
            await using ConfigMapObserver observer = await ConfigMapObserver.StartAsync(cluster, stop);
            Task<long> isRight = observer.ExpectAsync(present => backends.All(b => b.IsIn(present.Data)), stop);
            var idle = new IdleService(services, cluster, ServiceProcess.Start(program, cluster, backends));
            await idle.ConvergeAsync(isRight);
            return idle;
        }

        public void Begin()
        {
            cluster.Requests.Clear();
            _first = service.Read();
        }

        public void End()
        {
            _last = service.Read();
            _requests = [.. cluster.Requests.Entries];
        }

        /// <summary>A process that does not converge is not left behind.</summary>
        private async Task ConvergeAsync(Task<long> isRight)
        {
            try
            {
                await service.BringsAsync(isRight);
            }
            catch
            {
                await DisposeAsync();
                throw;
            }
        }

        public int Count(Func<LoggedRequest, bool> isOne) => _requests.Count(isOne);

        public async ValueTask DisposeAsync()
        {
            await service.DisposeAsync();
            await cluster.DisposeAsync();
        }
    }
}
