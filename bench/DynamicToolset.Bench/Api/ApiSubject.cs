using System.Text.Json.Nodes;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench.Api;

/// <summary>A service that knows a thousand toolsets and ten thousand Services, and four identities who may ask it.</summary>
internal sealed class ApiSubject : IAsyncDisposable
{
    private const double AnswerMust = 200;
    private const double AnswerAim = 5;

    private const int Identities = 4;

    private static readonly ClusterContent Content = new(Services: 10_000, Backends: 1_000);

    private readonly ICluster _cluster;
    private readonly Callers _callers;

    private ApiSubject(ICluster cluster, ServiceProcess service, Callers callers, int port)
    {
        _cluster = cluster;
        _callers = callers;
        Service = service;
        Port = port;
    }

    public ServiceProcess Service { get; }

    public int Port { get; }

    /// <summary>Of the last answer, in bytes.</summary>
    public long AnswerLength => _callers.Length;

    /// <summary>A good caller was refused.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>Returns when the service has converged.</summary>
    public static async Task<ApiSubject> StartAsync(Stage stage, CancellationToken stop)
    {
        ICluster cluster = await stage.StartClusterAsync(Content, stop);
        int port = ServiceProcess.FreePort();
        ServiceProcess service = ServiceProcess.Start(stage.Program, cluster, Enumerable.Range(0, Content.Backends).Select(i => new Backend(i)), port);
        string[] tokens = await Task.WhenAll(Enumerable.Range(0, Identities).Select(i => cluster.IssueReaderTokenAsync(i, stop)));
        var subject = new ApiSubject(cluster, service, new Callers(new Uri($"http://127.0.0.1:{port}"), tokens), port);
        await subject.HasConvergedAsync(stop);
        return subject;
    }

    /// <param name="perSecond">Of all identities together, whether the last answer is there or not.</param>
    /// <param name="beside">What else is done to the service meanwhile; null where nothing is, and no Service changes either.</param>
    public async Task<IReadOnlyList<Figure>> AskAsync(string name, string path, int perSecond, TimeSpan lasting, Task? beside, CancellationToken stop)
    {
        double before = Service.Read().CpuSeconds;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task changing = beside is null ? Task.CompletedTask : ChangeAsync(end.Token);
        Sample answers = await _callers.AskAsync(path, perSecond, lasting, stop);
        ProcessFigures after = Service.Read();
        await end.CancelAsync();
        await changing;
        await (beside ?? Task.CompletedTask);
        foreach ((string answer, int count) in _callers.Refused)
            await Console.Out.WriteLineAsync($"{name}: {count} good callers were answered {answer}");
        HasRefused |= _callers.Refused.Count > 0;
        return
        [
            new Figure($"{name}, p50", Unit.Milliseconds, answers.Median),
            new Figure($"{name}, p95", Unit.Milliseconds, answers.Percentile(95), AnswerMust, AnswerAim),
            new Figure($"{name}, p99", Unit.Milliseconds, answers.Percentile(99)),
            new Figure($"{name}, answers", Unit.Requests, answers.Count),
            new Figure($"{name}, CPU", Unit.Cores, (after.CpuSeconds - before) / lasting.TotalSeconds),
            new Figure($"{name}, resident memory after", Unit.MiB, after.ResidentMiB),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _callers.Dispose();
        await Service.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    /// <summary>Ten times a second a backend whose health is asked at another path, which every rule's reader has to look at.</summary>
    private async Task ChangeAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        try
        {
            for (int i = 0; await timer.WaitForNextTickAsync(stop); i++)
                await _cluster.ChangeAsync(new ObjectKey(Backend.Namespace, new Backend(7).Name), AskedAt(i % 2 == 0 ? "/-/healthy" : "/-/ready"), stop);
        }
        catch (OperationCanceledException)
        {
            // Asked for.
        }
    }

    private static JsonObject AskedAt(string path) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["annotations"] = new JsonObject
            {
                ["kubernaut.io/toolset"] = "true",
                ["kubernaut.io/toolset-type"] = "prometheus",
                ["kubernaut.io/health-endpoint"] = path,
            },
        },
    };

    private async Task HasConvergedAsync(CancellationToken stop)
    {
        const string Status = "/api/v1/status";
        while (true)
        {
            Service.ThrowIfEnded();
            try
            {
                await _callers.AskAsync(Status, 1, TimeSpan.FromSeconds(2), stop);
                if (_callers.Refused.Count == 0 && (await _callers.ReadAsync(Status, stop)).Contains("\"converged\":true", StringComparison.Ordinal))
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop);
        }
    }
}
