using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DynamicToolset.Bench.Api;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench;

/// <summary>
/// The REST API under load: a thousand toolsets and ten thousand Services are known, four identities ask for all of them two hundred times a second while
/// a Service changes every tenth of a second; then the same beside callers who have no right to anything.
/// </summary>
internal static class ApiCommand
{
    private const string Question = "/api/v1/toolsets";
    private const int PerSecond = 200;
    private const double AnswerMust = 200;
    private const double AnswerAim = 5;

    private static readonly ClusterContent Content = new(Services: 10_000, Backends: 1_000);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Attacked = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        Option<FileInfo> program = BenchOptions.Program();
        var command = new Command("api", "The REST API under load, and beside callers who mean harm.") { program };
        command.SetAction((arguments, stop) => ExecuteAsync(arguments.GetRequiredValue(program).FullName, stop));
        return command;
    }

    /// <returns>0; 1 where a figure breaks what is promised, or a good caller was refused.</returns>
    private static async Task<int> ExecuteAsync(string program, CancellationToken stop)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(Content, stop);
        int port = ServiceProcess.FreePort();
        await using ServiceProcess service = ServiceProcess.Start(program, cluster, Enumerable.Range(0, Content.Backends).Select(i => new Backend(i)), port);
        var api = new Uri($"http://127.0.0.1:{port}");
        using var callers = new Callers(api, Enumerable.Range(0, 4).Select(cluster.IssueReaderToken));
        await HasConvergedAsync(callers, service, stop);
        var figures = new List<Figure> { new("resident memory before", Unit.MiB, service.Read().ResidentMiB) };
        bool isRefused = await LoadAsync("all toolsets, 200 a second", callers, service, figures, Lasting, Task.CompletedTask, cluster, stop);
        foreach ((string name, Func<HostileCallers, Task> attack) in Attacks(stop))
        {
            var hostile = new HostileCallers(port);
            isRefused |= await LoadAsync($"beside {name}", callers, service, figures, Attacked, attack(hostile), cluster, stop);
            await Console.Out.WriteLineAsync($"{name} were answered: {hostile.Answers}");
        }

        await Console.Out.WriteLineAsync(FigureTable.Print(figures, Baseline.None));
        await Console.Out.WriteLineAsync($"an answer has {callers.Length:N0} bytes; {Machine.Describe()}, {Machine.Today()}, load average {Machine.LoadAverage()}");
        return isRefused || figures.Any(f => f.BreaksMust) ? 1 : 0;
    }

    private static IEnumerable<(string Name, Func<HostileCallers, Task> Attack)> Attacks(CancellationToken stop) =>
    [
        ("1,000 bad tokens a second", h => h.SendBadTokensAsync(1_000, Attacked, stop)),
        ("500 connections on which nothing comes", async h => await HoldAsync(await h.ConnectAsync(500, stop), stop)),
        ("100 senders of headers, a byte a second", h => h.SendSlowlyAsync(100, isBody: false, Attacked, stop)),
        ("100 senders of bodies, a byte a second", h => h.SendSlowlyAsync(100, isBody: true, Attacked, stop)),
        ("headers of 10 MB", h => h.SendMuchAsync(10, isBody: false, stop)),
        ("bodies of 10 MB", h => h.SendMuchAsync(10, isBody: true, stop)),
    ];

    private static async Task HoldAsync(IReadOnlyList<Socket> sockets, CancellationToken stop)
    {
        await Task.Delay(Attacked, TimeProvider.System, stop);
        foreach (Socket socket in sockets)
            socket.Dispose();
    }

    /// <returns>True where a good caller was refused.</returns>
    private static async Task<bool> LoadAsync(
        string name,
        Callers callers,
        ServiceProcess service,
        List<Figure> figures,
        TimeSpan lasting,
        Task beside,
        SimulatedCluster cluster,
        CancellationToken stop)
    {
        double before = service.Read().CpuSeconds;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task changing = ChangeAsync(cluster, end.Token);
        Sample answers = await callers.AskAsync(Question, PerSecond, lasting, stop);
        ProcessFigures after = service.Read();
        await end.CancelAsync();
        await changing;
        await beside;
        figures.AddRange(
        [
            new Figure($"{name}, p50", Unit.Milliseconds, answers.Median),
            new Figure($"{name}, p95", Unit.Milliseconds, answers.Percentile(95), AnswerMust, AnswerAim),
            new Figure($"{name}, p99", Unit.Milliseconds, answers.Percentile(99)),
            new Figure($"{name}, answers", Unit.Requests, answers.Count),
            new Figure($"{name}, CPU", Unit.Cores, (after.CpuSeconds - before) / lasting.TotalSeconds),
            new Figure($"{name}, resident memory after", Unit.MiB, after.ResidentMiB),
        ]);
        foreach ((System.Net.HttpStatusCode status, int count) in callers.Refused)
            await Console.Out.WriteLineAsync($"{name}: {count} good callers were answered {(int)status}");
        return callers.Refused.Count > 0;
    }

    /// <summary>A backend whose health is asked at another path each time, which every rule's reader has to look at.</summary>
    private static async Task ChangeAsync(SimulatedCluster cluster, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        try
        {
            for (int i = 0; await timer.WaitForNextTickAsync(stop); i++)
            {
                cluster.Change(new ObjectKey(Backend.Namespace, new Backend(7).Name), new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["annotations"] = new JsonObject
                        {
                            ["kubernaut.io/toolset"] = "true",
                            ["kubernaut.io/toolset-type"] = "prometheus",
                            ["kubernaut.io/health-endpoint"] = i % 2 == 0 ? "/-/healthy" : "/-/ready",
                        },
                    },
                });
            }
        }
        catch (OperationCanceledException)
        {
            // Asked for.
        }
    }

    private static async Task HasConvergedAsync(Callers callers, ServiceProcess service, CancellationToken stop)
    {
        while (true)
        {
            service.ThrowIfEnded();
            try
            {
                await callers.AskAsync("/api/v1/status", 1, TimeSpan.FromSeconds(2), stop);
                if (callers.Refused.Count == 0 && await callers.ReadAsync("/api/v1/status", stop) is var status && status.Contains("\"converged\":true", StringComparison.Ordinal))
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
