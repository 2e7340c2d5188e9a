using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Input;

namespace DynamicToolset.Service.Cli;

/// <summary>The frame of a command that prints one answer and is done.</summary>
internal static class PrintedAnswer
{
    /// <param name="program">The program with the name of its command, for messages.</param>
    /// <param name="answer">With the exit code that says in short what it says.</param>
    /// <returns>That exit code, with the answer on standard output; 2 where an input cannot be used, and then with nothing on it.</returns>
    public static async Task<int> OfAsync(string program, Func<Task<(string Text, int ExitCode)>> answer)
    {
        try
        {
            (string text, int exitCode) = await answer();
            Console.Out.Write(text);
            return exitCode;
        }
        catch (NothingReadException e)
        {
            return e.ExitCode;
        }
        catch (Exception e) when (e is InputException or KubeApiException or ClusterException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, or no standard output at all: a program that is started without it (>&-) is refused access to it.
            await Console.Error.WriteLineAsync($"{program}: cannot write to standard output: {e.Message}");
            return ExitCode.Usage;
        }
    }
}
