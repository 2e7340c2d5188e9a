using System.CommandLine;
using System.Net.Sockets;
using DynamicToolset.Bench.Api;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>
/// The REST API under load: four identities ask for all toolsets two hundred times a second while a Service changes every tenth of a second; then the
/// same beside callers who have no right to anything.
/// </summary>
internal static class ApiCommand
{
    private const string Question = "/api/v1/toolsets";
    private const int PerSecond = 200;

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
        await using ApiSubject subject = await ApiSubject.StartAsync(new Stage(program, Assets: null), stop);
        var figures = new List<Figure> { new("resident memory before", Unit.MiB, subject.Service.Read().ResidentMiB) };
        figures.AddRange(await subject.AskAsync("all toolsets, 200 a second", Question, PerSecond, Lasting, Task.CompletedTask, stop));
        foreach ((string name, Func<HostileCallers, Task> attack) in Attacks(stop))
        {
            var hostile = new HostileCallers(subject.Port);
            figures.AddRange(await subject.AskAsync($"beside {name}", Question, PerSecond, Attacked, attack(hostile), stop));
            await Console.Out.WriteLineAsync($"{name} were answered: {hostile.Answers}");
        }

        await Console.Out.WriteLineAsync(FigureTable.Print(figures, Baseline.None));
        await Console.Out.WriteLineAsync($"an answer has {subject.AnswerLength:N0} bytes; {Machine.Describe()}, {Machine.Today()}, load average {Machine.LoadAverage()}");
        return subject.HasRefused || figures.Any(f => f.BreaksMust) ? 1 : 0;
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
}
