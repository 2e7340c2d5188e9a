using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>
/// One of the things that happen, in a cluster in which <c>deploy/base</c> was applied, with the commands that are printed for it. The test is the
/// kubelet: it runs the published program with the environment of the Deployment.
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    /// <summary>The overview names its pod so.</summary>
    public const string Pod = "dynamic-toolset-7d4f9-xyz";

    private const string PrintedAccount = "dynamic-toolset-sa";

    /// <summary>What differs between a pod and a process beside others.</summary>
    private static readonly string[] OfTheProcess = ["PORT", "METRICS_PORT", "SHUTDOWN_DELAY", "DETECTORS_DIR"];

    private readonly Story _story;
    private readonly AdminShell _shell;
    private readonly List<PrintedCommand> _left;
    private readonly Dictionary<string, PublishedProgram> _pods = [];
    private string _account = PrintedAccount;

    private Scenario(DeployedService cluster, AdminShell shell, Story story)
    {
        Cluster = cluster;
        _story = story;
        _shell = shell;
        _left = [.. PrintedCommands.All.Where(c => c.Story == story)];
    }

    public DeployedService Cluster { get; }

    /// <summary>Plays it in a cluster with one node and no backend, and looks whether every command was run that is printed for it.</summary>
    public static async Task PlayAsync(IApiServer server, Story story, Func<Scenario, Task> play)
    {
        PublishedProgram.Path();
        DeployedService cluster = await DeployedService.InstallAsync(server);
        await using var scenario = new Scenario(cluster, new AdminShell(server.Kubeconfig), story);
        await cluster.ClearAsync();
        await cluster.ApplyManifestsAsync();
        await cluster.ApplyAsync("apiVersion: v1\nkind: Node\nmetadata: { name: node-1 }\n");
        await play(scenario);
        Assert.Empty(scenario._left.Select(c => c.Text));
    }

    /// <summary>Starts a pod of the Deployment as it is now, and has the printed port-forward lead to it.</summary>
    public async Task StartAsync(string pod = Pod, params (string Name, string Value)[] more)
    {
        _pods[pod] = Cluster.Start([.. await EnvironmentAsync(), ("POD_NAME", pod), .. more]);
        await LeadToAsync(pod);
        foreach (PrintedCommand command in PrintedCommands.All.Where(c => c.Story == Story.Beforehand))
            await ShowsAsync(command, command.Shows);
    }

    /// <summary>What the controllers of Deployments and the kubelet do when it has changed: the pod goes, and another one comes.</summary>
    public async Task ReplaceAsync()
    {
        _pods.Remove(Pod, out PublishedProgram? before);
        await using (before)
            Assert.Equal(0, await before!.TerminateAsync());
        await StartAsync();
    }

    /// <summary>Runs the printed command that waits until the Deployment is rolled out, and is its kubelet meanwhile.</summary>
    public async Task RollOutAsync()
    {
        Task rolledOut = ShowsAsync("kubectl rollout status");
        await Patience.EventuallyAsync(
            async () =>
            {
                await Cluster.MakePodsReadyAsync();
                return rolledOut.IsCompleted;
            },
            () => "the Deployment is rolled out");
        await rolledOut;
    }

    /// <summary>Makes the object of a pod, where there are no controllers that would.</summary>
    public Task RegisterAsync(string pod) => Cluster.ApplyAsync($$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{pod}}, namespace: {{DeployedService.Namespace}}, labels: { app: dynamic-toolset } }
        spec:
          serviceAccountName: {{PrintedAccount}}
          automountServiceAccountToken: false
          containers: [ { name: dynamic-toolset, image: none } ]
        """);

    /// <summary>Has the printed port-forward lead to this pod.</summary>
    public async Task LeadToAsync(string pod)
    {
        (int api, int metrics) = ListeningLine.Ports(await _pods[pod].LineAsync(ListeningLine.Text));
        _shell.Forward(8080, new IPEndPoint(IPAddress.Loopback, api));
        _shell.Forward(9091, new IPEndPoint(IPAddress.Loopback, metrics));
    }

    /// <summary>Has the printed port-forward lead to the sample of that type.</summary>
    public void LeadToBackend(string type, int port) => _shell.Forward(port, Cluster.AddressOf(type), $"{type}.monitoring:{port}");

    /// <summary>Runs the printed command that begins so until it shows what it should.</summary>
    /// <param name="shows">Null for what is the same wherever it is run.</param>
    public Task ShowsAsync(string beginning, string? shows = null)
    {
        PrintedCommand command = Take(beginning);
        return ShowsAsync(command, shows ?? command.Shows);
    }

    /// <summary>Runs it once, and it fails.</summary>
    public async Task FailsAsync(string beginning)
    {
        (int code, string output) = await RunAsync(Take(beginning));
        Assert.True(code != 0, output);
    }

    /// <summary>Runs printed commands with each of the ServiceAccounts that are shipped: they have the same rights.</summary>
    public async Task AsEachAccountAsync(Func<Task> run)
    {
        foreach (string account in (string[])["dynamic-toolset", PrintedAccount])
        {
            _account = account;
            await run();
        }
    }

    /// <summary>Waits for the line of the log that the overview prints for this.</summary>
    public Task ShowsSymptomAsync() => LogsAsync(Pod, PrintedLines.Of(_story));

    /// <summary>Waits for a line of the log with these pieces.</summary>
    public async Task LogsAsync(string pod, params string[] pieces)
    {
        string line = await _pods[pod].LineAsync(pieces[0]);
        Assert.All(pieces, piece => Assert.Contains(piece, line, StringComparison.Ordinal));
    }

    /// <summary>Does what ends with the recovery, and holds it to the time that is promised for it.</summary>
    public static async Task WithinAsync(TimeSpan limit, Func<Task> recover)
    {
        long begun = Stopwatch.GetTimestamp();
        await recover();
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, limit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PublishedProgram program in _pods.Values)
            await program.DisposeAsync();
        await Cluster.DisposeAsync();
        _shell.Dispose();
    }

    private PrintedCommand Take(string beginning)
    {
        IEnumerable<PrintedCommand> printed = PrintedCommands.All.Where(c => c.Story == _story);
        PrintedCommand command = Assert.Single(printed, c => c.Text.StartsWith(beginning, StringComparison.Ordinal));
        _left.Remove(command);
        return command;
    }

    private async Task ShowsAsync(PrintedCommand command, string shows)
    {
        (int code, string output) = (0, "");
        await Patience.EventuallyAsync(
            async () =>
            {
                (code, output) = await RunAsync(command);
                return code == 0 && Regex.IsMatch(output, shows);
            },
            () => $"{command.Text}\nshows {shows}\nIt exited with {code} and showed:\n{output}");
    }

    private Task<(int Code, string Output)> RunAsync(PrintedCommand command)
    {
        _shell.ShowLogs(_pods.Select(p => (p.Key, p.Value)));
        return _shell.TryAsync(command.Text.Replace(PrintedAccount, _account, StringComparison.Ordinal));
    }

    private async Task<(string, string)[]> EnvironmentAsync()
    {
        string text = await Cluster.Kubectl.RunAsync("get", "deployment", "dynamic-toolset", "-n", DeployedService.Namespace, "-o", "json");
        return [.. PodEnvironment.Of(JsonNode.Parse(text)!, "", DeployedService.Namespace, "127.0.0.1").Where(v => !OfTheProcess.Contains(v.Name))];
    }
}
