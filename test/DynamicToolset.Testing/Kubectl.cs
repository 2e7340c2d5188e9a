using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DynamicToolset.Testing;

/// <summary>A real <c>kubectl</c> with one kubeconfig, and a folder of its own for what it reads and keeps.</summary>
public sealed partial class Kubectl : IDisposable
{
    private readonly TestFolder _home = new();
    private readonly string _kubeconfig;
    private readonly string _program;

    /// <summary>Skips the test where there is no such program, except in CI.</summary>
    /// <param name="kubeconfig">A path.</param>
    public Kubectl(string kubeconfig, string program = "kubectl")
    {
        _kubeconfig = kubeconfig;
        _program = InstalledProgram.Find(program);
    }

    /// <summary>The programs to test with: those in KUBECTLS (paths separated by colons), else the one on PATH.</summary>
    public static IEnumerable<string> Programs =>
        (Environment.GetEnvironmentVariable("KUBECTLS") ?? "kubectl").Split(':', StringSplitOptions.RemoveEmptyEntries);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string text) => _home.Write(name, text);

    /// <summary>Writes a manifest and gives its path.</summary>
    public string Manifest(string text) => Write($"{Guid.NewGuid():N}.yaml", text);

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        (int code, string output) = await TryAsync(arguments);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)} exited with {code}:\n{output}");
        return output;
    }

    /// <summary>The exit code, and what stood on both outputs.</summary>
    public async Task<(int Code, string Output)> TryAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop);
        Task<string> errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop).WithPatienceAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>An output without what only some releases print: the namespace of what was deleted (from 1.34 on), a time that is null (before 1.34).</summary>
    public static string OfAnyRelease(string output) => OfSomeReleases().Replace(output, "");

    /// <summary>A running command; the caller ends it.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = _kubeconfig;
        start.Environment["HOME"] = _home.Path;
        start.Environment["KUBE_EDITOR"] = $"sh {Path.Combine(_home.Path, "editor")}";
        return Process.Start(start)!;
    }

    /// <summary>The next line that a running command prints.</summary>
    public static async Task<string> NextLineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(Stop).AsTask().WithPatienceAsync() ?? "";

    /// <summary>What <c>kubectl edit</c> does to the text: a sed script.</summary>
    public void EditBy(string script) => Write("editor", $"sed -i '{script}' \"$1\"\n");

    public void Dispose() => _home.Dispose();

    [GeneratedRegex(@"(?<= deleted) from \S+ namespace|^ *creationTimestamp: null\n", RegexOptions.Multiline)]
    private static partial Regex OfSomeReleases();
}
