using System.Diagnostics;
using DynamicToolset.Testing;

namespace DynamicToolset.Sandbox.Tests.Transcript;

/// <summary>A shell in a folder of its own, with one <c>kubectl</c> and one kubeconfig, in a namespace that no other terminal uses.</summary>
internal sealed class Terminal : IDisposable
{
    private const string Namespace = "transcript";

    // As long as the name that it stands for: columns keep their width.
    private readonly string _namespace = $"t-{Guid.NewGuid():N}"[..Namespace.Length];
    private readonly TestFolder _home = new();

    /// <summary>Skips the test where there is no such program, except in CI.</summary>
    /// <param name="kubeconfig">A path. The file is copied, as commands may change it.</param>
    /// <param name="manifests">A folder.</param>
    public Terminal(string kubeconfig, string program, string manifests)
    {
        _home.WriteScript("bin/kubectl", $"exec '{InstalledProgram.Find(program)}' \"$@\"\n");
        _home.Write("kubeconfig", File.ReadAllText(kubeconfig));
        foreach (string manifest in Directory.EnumerateFiles(manifests, "*.yaml"))
        {
            _home.Write(Path.GetFileName(manifest), Rename(File.ReadAllText(manifest)));
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What a person sees: both outputs, then the exit code in brackets where it is not 0.</summary>
    public async Task<string> RunAsync(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec 2>&1\n{Rename(command)}"]) { RedirectStandardOutput = true, WorkingDirectory = _home.Path };
        start.Environment["PATH"] = $"{Path.Combine(_home.Path, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["KUBECONFIG"] = Path.Combine(_home.Path, "kubeconfig");
        start.Environment["HOME"] = _home.Path;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(Stop).WithPatienceAsync();
        await process.WaitForExitAsync(Stop).WithPatienceAsync();
        string shown = TranscriptMask.Apply(Kubectl.OfAnyRelease(output).Replace(_namespace, Namespace, StringComparison.Ordinal));
        return process.ExitCode == 0 ? shown : $"{shown}[{process.ExitCode}]\n";
    }

    public void Dispose() => _home.Dispose();

    private string Rename(string text) => text.Replace(Namespace, _namespace, StringComparison.Ordinal);
}
