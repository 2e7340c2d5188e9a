using System.Diagnostics;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>The program as it was built, run as a process of its own.</summary>
internal static class BuiltProgram
{
    public static string BuiltPath => Path.Combine(AppContext.BaseDirectory, "dynamic-toolset");

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(
        IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) =>
        RunAsync(BuiltPath, environment, arguments);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, IReadOnlyList<(string Name, string Value)> environment, string[] arguments)
    {
        using Process process = Start(program, environment, arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await WaitAsync(process);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>What a command told beside whose view it shows.</summary>
    public static string BesideTheView(string error)
    {
        Assert.Matches("(?m)^Based on .+\\.$", error);
        return string.Concat(error.Split('\n').Where(l => !l.StartsWith("Based on ", StringComparison.Ordinal)).Select((l, i) => i == 0 ? l : $"\n{l}"));
    }

    public static Process Start(IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) =>
        Start(BuiltPath, environment, arguments);

    /// <summary>
    /// Settings in the environment of the tests must not decide them, nor the shell that started them: what runs in the background
    /// inherits that SIGINT is ignored.
    /// </summary>
    public static Process Start(string program, IReadOnlyList<(string Name, string Value)> environment, string[] arguments)
    {
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Except(["PATH", "HOME", "DOTNET_ROOT"]).ToList())
            start.Environment.Remove(name);
        // One second is the default there: a check that a busy machine has not answered by then would end the only round there is without its toolset.
        if (arguments is ["sandbox", ..] && arguments.Contains("--once"))
            start.Environment["HEALTH_CHECK_TIMEOUT"] = "20s";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>A process that does not end fails the test, and is not left behind.</summary>
    public static async Task WaitAsync(Process process)
    {
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WithPatienceAsync();
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }
    }

    public static async Task SignalAsync(Process process, string signal)
    {
        // The process may have ended just before: then kill complains to nobody.
        using Process kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{process.Id}"]) { RedirectStandardError = true })!;
        await WaitAsync(kill);
    }
}
