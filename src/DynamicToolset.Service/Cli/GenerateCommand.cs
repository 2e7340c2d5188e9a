namespace DynamicToolset.Service.Cli;

/// <summary>Prints the ConfigMap that the service would write, and writes nothing to the cluster.</summary>
internal static class GenerateCommand
{
    /// <returns>0 with the ConfigMap on standard output; 2 where an input cannot be read.</returns>
    public static async Task<int> ExecuteAsync(GenerateRequest request, CancellationToken stop)
    {
        await Console.Error.WriteLineAsync("dynamic-toolset generate: not built yet");
        return ExitCode.Usage;
    }
}
