namespace DynamicToolset.Service.Cli;

/// <summary>The same service on a Kubernetes API of its own, in memory and on loopback.</summary>
internal static class SandboxCommand
{
    /// <returns>0 after convergence with <c>--once</c>, or after an orderly stop.</returns>
    public static async Task<int> ExecuteAsync(SandboxRequest request, CancellationToken stop)
    {
        await Console.Error.WriteLineAsync("dynamic-toolset sandbox: not built yet");
        return ExitCode.Usage;
    }
}
