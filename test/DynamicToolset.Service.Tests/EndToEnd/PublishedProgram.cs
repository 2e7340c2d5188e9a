using System.Collections.Concurrent;
using System.Diagnostics;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>The native executable as <c>make publish</c> leaves it, run as a user runs it.</summary>
internal sealed class PublishedProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();

    private PublishedProgram(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Skips the test where nothing was published, except in CI.</summary>
    public static string Path()
    {
        string published = System.IO.Path.Combine(RepositoryRoot.Path, "artifacts", "publish", "DynamicToolset.Service");
        string? program = Directory.Exists(published)
            ? Directory.EnumerateFiles(published, "dynamic-toolset", SearchOption.AllDirectories).SingleOrDefault()
            : null;
        Assert.SkipUnless(program is not null || Environment.GetEnvironmentVariable("CI") == "true", "Nothing is published: run make publish.");
        Assert.NotNull(program);
        return program;
    }

    /// <summary>
    /// The one that is deployed in tests: the published one. Where faults are planted none is published, which would take minutes for each: there it
    /// is the same code as it was built, and <c>TEST_PROGRAM</c> says where.
    /// </summary>
    public static string DeployedPath() => Environment.GetEnvironmentVariable("TEST_PROGRAM") is { Length: > 0 } built ? built : Path();

    public static PublishedProgram Deploy(IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) =>
        new(BuiltProgram.Start(DeployedPath(), environment, arguments));

    /// <summary>A command of that program, to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunDeployedAsync(
        IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) =>
        BuiltProgram.RunAsync(DeployedPath(), environment, arguments);

    public static PublishedProgram Start(IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) =>
        new(BuiltProgram.Start(Path(), environment, arguments));

    /// <summary>Takes over a process that runs it, for example in a container.</summary>
    public static PublishedProgram Follow(Process process) => new(process);

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(
        IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) =>
        BuiltProgram.RunAsync(Path(), environment, arguments);

    /// <summary>The first line of the output that contains a text.</summary>
    /// <param name="after">So many lines are of before, and do not count.</param>
    public async Task<string> LineAsync(string text, int after = 0)
    {
        await TestCluster.EventuallyAsync(
            () => Find(text, after) is not null || _process.HasExited, $"a line contains \"{text}\"");
        return Find(text, after) ?? throw new InvalidOperationException($"It ended without \"{text}\":\n{string.Join('\n', _output.Concat(_error))}");
    }

    /// <summary>Asks for a stop and waits for the end.</summary>
    public async Task<int> TerminateAsync()
    {
        await BuiltProgram.SignalAsync(_process, "TERM");
        await BuiltProgram.WaitAsync(_process);
        return _process.ExitCode;
    }

    public Task SignalAsync(string signal) => BuiltProgram.SignalAsync(_process, signal);

    public async Task<int> WaitAsync()
    {
        await BuiltProgram.WaitAsync(_process);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }

    private string? Find(string text, int after) => _output.Skip(after).FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal));
}
