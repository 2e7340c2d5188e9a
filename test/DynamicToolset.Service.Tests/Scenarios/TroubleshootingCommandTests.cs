using DynamicToolset.Docs;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>
/// The next commands of <c>docs/troubleshooting.md</c>, as they are pasted, on a real API server on which the service is installed. Those of
/// <c>dynamic-toolset</c> are run with the lines of the other pages.
/// </summary>
public sealed class TroubleshootingCommandTests(RealServerFixture real) : IClassFixture<RealServerFixture>, IDisposable
{
    /// <summary>What the commands ask for, and no controller makes here.</summary>
    private const string Objects = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: monitoring }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: prometheus, namespace: monitoring, labels: { app: prometheus } }
        spec: { ports: [ { name: web, port: 9090 } ] }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: kubernaut-toolset-config, namespace: kubernaut-system, annotations: { kubernaut.io/override-error: "overrides.yaml:1:1: mistake" } }
        data: { overrides.yaml: "prometheus: {enabled: false}" }
        ---
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: { name: dynamic-toolset-leader, namespace: kubernaut-system }
        """;

    public void Dispose() => real.Check();

    [Fact]
    public async Task Each_next_command_of_kubectl_does_what_it_says_as_it_is_pasted()
    {
        IApiServer server = await real.ServerAsync();
        using var kubectl = new Kubectl(server.Kubeconfig);
        await kubectl.RunAsync("apply", "-f", Path.Combine(RepositoryRoot.Path, "deploy/base/namespace.yaml"));
        await kubectl.RunAsync("apply", "-k", Path.Combine(RepositoryRoot.Path, "deploy/base"));
        await kubectl.RunAsync("apply", "-f", kubectl.Manifest(Objects));
        using var shell = new AdminShell(server.Kubeconfig);
        shell.ShowLog("dynamic-toolset-1", LogMessage.All.Select(m => m.Text));
        string[] commands = [.. Troubles.All.SelectMany(t => t.Troubles).Select(t => t.Next).Where(c => c.StartsWith("kubectl ", StringComparison.Ordinal)).Distinct()];
        Assert.True(commands.Length >= 15, $"{commands.Length} commands");
        var failures = new List<string>();
        foreach (string command in commands)
        {
            (int code, string output) = await shell.TryAsync(command.Replace("NAMESPACE", "monitoring", StringComparison.Ordinal));
            if (code != 0 || output.Contains("rror", StringComparison.Ordinal) && !output.Contains("override-error", StringComparison.Ordinal))
                failures.Add($"{command}: {code}\n{output}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
