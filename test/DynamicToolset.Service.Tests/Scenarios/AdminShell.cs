using System.Diagnostics;
using System.Net;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>
/// A shell as an admin has it, with the real kubectl, curl and the published program, which runs commands as they are printed. What only a kubelet
/// could answer is answered here: <c>kubectl logs</c> shows what the processes of the test have written, and the port of localhost that
/// <c>kubectl port-forward</c> would open leads to theirs.
/// </summary>
internal sealed class AdminShell : IDisposable
{
    private const int ServicePort = 8080;

    private readonly TestFolder _home = new();
    private readonly string _kubeconfig;
    private readonly List<string> _exports = [];
    private readonly Dictionary<int, (IPEndPoint To, string? Host)> _forwards = [];

    /// <param name="kubeconfig">The admin's.</param>
    public AdminShell(string kubeconfig)
    {
        _kubeconfig = kubeconfig;
        InstalledProgram.Find("curl");
        _home.WriteScript("bin/kubectl", Kubectl(FindKubectl()));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What a port-forward would do: a port of localhost leads elsewhere.</summary>
    /// <param name="host">Goes as the header Host, for a server that stands for several; null for what curl sends.</param>
    public void Forward(int port, IPEndPoint to, string? host = null)
    {
        _forwards[port] = (to, host);
        // curl reads it at its start; so what is printed is what is run.
        _home.Write(".curlrc", string.Concat(_forwards.Select(f => $"connect-to = \"localhost:{f.Key}:{f.Value.To}\"\n{HeaderOf(f.Value.Host)}")));
        if (port == ServicePort)
            _home.WriteScript("bin/dynamic-toolset", DynamicToolset(to));
    }

    /// <summary>The processes that <c>kubectl logs</c> is to show from now on, by the names of their pods.</summary>
    public void ShowLogs(IEnumerable<(string Pod, PublishedProgram Program)> pods)
    {
        foreach ((string pod, PublishedProgram program) in pods)
            ShowLog(pod, program.Output);
    }

    /// <summary>The same, of a pod that nobody runs.</summary>
    public void ShowLog(string pod, IEnumerable<string> lines) => _home.Write($"logs/{pod}", string.Concat(lines.Select(line => line + "\n")));

    /// <summary>The exit code, and what stood on both outputs. What a command exports is there for those after it.</summary>
    public async Task<(int Code, string Output)> TryAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-c", string.Join('\n', _exports.Append(command))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.Path,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{Path.Combine(_home.Path, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = _home.Path;
        start.Environment["KUBECONFIG"] = _kubeconfig;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop);
        Task<string> errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop).WithPatienceAsync();
        if (command.StartsWith("export ", StringComparison.Ordinal))
            _exports.Add(command);
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => _home.Dispose();

    /// <summary>That of <c>HELM_ASSETS</c>, which is of a late release; else the one on PATH, which may have no "create token".</summary>
    private static string FindKubectl() => Environment.GetEnvironmentVariable("HELM_ASSETS") is { Length: > 0 } late
        ? InstalledProgram.Find(Path.Combine(late, "kubectl"))
        : InstalledProgram.Find("kubectl");

    private static string HeaderOf(string? host) => host is null ? "" : $"header = \"Host: {host}\"\n";

    private static string DynamicToolset(IPEndPoint service) => $"""
        for argument; do
          shift
          [ "$argument" != http://localhost:{ServicePort} ] || argument=http://{service}
          set -- "$@" "$argument"
        done
        exec {PublishedProgram.Path()} "$@"

        """;

    /// <summary>
    /// Of a selection of pods kubectl shows the last ten lines of each, unless told otherwise. A port-forward needs an object to lead to. Before
    /// 1.24 there was no "create token": it is the request that is sent here.
    /// </summary>
    private static string Kubectl(string real) => $$"""
        case "$1 $2" in
        'logs '*)
          lines=10
          for argument; do case $argument in --tail=*) lines=${argument#--tail=} ;; esac; done
          [ "$lines" != -1 ] || lines=+1
          for log in "$HOME"/logs/*; do tail -n "$lines" "$log"; done ;;
        'port-forward '*)
          shift
          for argument; do shift; case $argument in *[!0-9:]*) set -- "$@" "$argument" ;; esac; done
          exec {{real}} get "$@" ;;
        'create token')
          if {{real}} create --help | grep -q '^  token '; then exec {{real}} "$@"; fi
          echo '{}' | {{real}} create --raw "/api/v1/namespaces/$5/serviceaccounts/$3/token" -f - | sed 's/.*"token":"\([^"]*\)".*/\1/' ;;
        *)
          exec {{real}} "$@" ;;
        esac

        """;
}
