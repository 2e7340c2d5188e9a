using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench;

/// <summary>From the start of the process to what others see of it.</summary>
internal static class StartBench
{
    private const int Runs = 5;
    private static readonly ClusterContent Content = new(Services: 100, Backends: 10);
    private static readonly Backend[] Backends = [.. Enumerable.Range(0, Content.Backends).Select(i => new Backend(i))];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Stage stage, CancellationToken stop)
    {
        await using ICluster cluster = await stage.StartClusterAsync(Content, stop);
        await using ConfigMapObserver observer = await ConfigMapObserver.StartAsync(cluster, stop);
        // Brings the executable into the disk's cache, and this program's own code into being.
        await StartAsync(stage, cluster, observer, stop);
        var runs = new List<(TimeSpan Http, TimeSpan ConfigMap)>();
        for (int run = 0; run < Runs; run++)
            runs.Add(await StartAsync(stage, cluster, observer, stop));
        var http = new Sample(runs.Select(r => r.Http));
        var configMap = new Sample(runs.Select(r => r.ConfigMap));
        return
        [
            new Figure("start -> HTTP answers, median", Unit.Milliseconds, http.Median, Aim: 100),
            new Figure("start -> HTTP answers, worst", Unit.Milliseconds, http.Max),
            new Figure("start -> right ConfigMap, 100 Services, median", Unit.Milliseconds, configMap.Median, Aim: 500),
            new Figure("start -> right ConfigMap, 100 Services, worst", Unit.Milliseconds, configMap.Max),
        ];
    }

    /// <summary>As the first one in a cluster: the ConfigMap is deleted at the end.</summary>
    private static async Task<(TimeSpan Http, TimeSpan ConfigMap)> StartAsync(Stage stage, ICluster cluster, ConfigMapObserver observer, CancellationToken stop)
    {
        int port = ServiceProcess.FreePort();
        Task<long> isRight = observer.ExpectAsync(IsRight, stop);
        await using ServiceProcess service = ServiceProcess.Start(stage.Program, cluster, Backends, port);
        long answered = await AnswersAsync(service, port, stop);
        long right = await service.BringsAsync(isRight);
        service.Send(Signal.Stop);
        using HttpResponseMessage deleted = await cluster.Admin.DeleteAsync(new Uri(ConfigMapObserver.Path, UriKind.Relative), stop);
        deleted.EnsureSuccessStatusCode();
        return (TimeProvider.System.GetElapsedTime(service.Begun, answered), TimeProvider.System.GetElapsedTime(service.Begun, right));
    }

    /// <summary>The toolset of Kubernetes itself is always there, and so is the file for HolmesGPT.</summary>
    private static bool IsRight(ConfigMapRecord present) =>
        present.Data.Count == Backends.Length + 2 && present.Data.ContainsKey(ToolsetKey.Holmes) && Backends.All(b => b.IsIn(present.Data));

    private static async Task<long> AnswersAsync(ServiceProcess service, int port, CancellationToken stop)
    {
        using var http = new HttpClient();
        var health = new Uri($"http://127.0.0.1:{port}/healthz");
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await http.GetAsync(health, stop);
                return TimeProvider.System.GetTimestamp();
            }
            catch (HttpRequestException)
            {
                service.ThrowIfEnded();
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stop);
            }
        }
    }
}
