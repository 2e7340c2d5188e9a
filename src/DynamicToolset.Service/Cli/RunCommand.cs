namespace DynamicToolset.Service.Cli;

/// <summary>The service: watches the cluster and keeps the ConfigMap until it is told to stop.</summary>
internal static class RunCommand
{
    /// <returns>0 after an orderly stop.</returns>
    public static async Task<int> ExecuteAsync(RunRequest request, CancellationToken stop)
    {
        await Console.Error.WriteLineAsync("dynamic-toolset run: not built yet");
        return ExitCode.Usage;
    }
}
