using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Service.Cli;

/// <summary>The frame of a command that prints one answer and is done.</summary>
internal static class PrintedAnswer
{
    /// <param name="command">Its name, for messages.</param>
    /// <returns>0 with the answer on standard output; 2 where an input cannot be used, and then with nothing on it.</returns>
    public static async Task<int> OfAsync(string command, Func<Task<string>> answer)
    {
        try
        {
            Console.Out.Write(await answer());
            return ExitCode.Success;
        }
        catch (Exception e) when (e is InputException or KubeApiException or ClusterException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"dynamic-toolset {command}: cannot write to standard output: {e.Message}");
            return ExitCode.Usage;
        }
    }
}
