using System.Diagnostics;
using System.Text;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>A shell at a terminal of its own, to which keys are sent.</summary>
internal sealed class ShellSession : IAsyncDisposable
{
    private const string InsertAll = "\x18\x05", Print = "\x18\x10";

    private readonly Process _process;

    private ShellSession(Process process) => _process = process;

    /// <param name="command">The shell, which makes <c>{ready}</c> its prompt, inserts all candidates at Ctrl-X Ctrl-E, and at Ctrl-X Ctrl-P prints its line as <c>[line]</c> and empties it.</param>
    /// <param name="home">Also the working directory.</param>
    public static async Task<ShellSession> StartAsync(string command, string home)
    {
        InstalledProgram.Find(command.Split(' ')[0]);
        var session = new ShellSession(BuiltProgram.Start(
            InstalledProgram.Find("script"),
            [("PATH", $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}"), ("TERM", "dumb"), ("HOME", home), ("SHELL", "/bin/sh")],
            ["-qefc", $"cd '{home}' && stty cols 500 && exec {command}", "/dev/null"]));
        await session.PrintedAsync('{', '}');
        return session;
    }

    /// <summary>The line after all that can be meant by its last word stands in place of it.</summary>
    public async Task<string> CompletedAsync(string line)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await _process.StandardInput.WriteAsync($"{line}{InsertAll}{Print}".AsMemory(), stop);
        await _process.StandardInput.FlushAsync(stop);
        return await PrintedAsync('[', ']');
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await BuiltProgram.WaitAsync(_process);
        _process.Dispose();
    }

    private async Task<string> PrintedAsync(char start, char end)
    {
        var seen = new StringBuilder();
        char[] one = new char[1];
        while (!(seen.Length > 0 && seen[^1] == end))
        {
            int read = await _process.StandardOutput.ReadAsync(one.AsMemory(), TestContext.Current.CancellationToken).AsTask().WithPatienceAsync();
            Assert.True(read > 0, $"the shell ended: {seen}");
            if (one[0] == start)
                seen.Clear();
            seen.Append(one[0]);
        }

        return seen.ToString().Trim(start, end);
    }
}
