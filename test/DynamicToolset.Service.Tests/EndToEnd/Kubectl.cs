using DynamicToolset.Service.Tests.Cli;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>The real <c>kubectl</c> on PATH with one kubeconfig.</summary>
internal sealed class Kubectl
{
    private readonly string _program;
    private readonly string _kubeconfig;

    /// <summary>Skips the test where there is no <c>kubectl</c>, except in CI.</summary>
    public Kubectl(string kubeconfig)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(directory => Path.Combine(directory, "kubectl"))
            .FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null || Environment.GetEnvironmentVariable("CI") == "true", "There is no kubectl on PATH.");
        Assert.NotNull(program);
        _program = program;
        _kubeconfig = kubeconfig;
    }

    /// <summary>What it printed; a failure fails the test.</summary>
    public Task<string> RunAsync(params string[] arguments) => RunWithEditorAsync("", arguments);

    /// <param name="editor">Takes the place of an editor: a command that changes the file it is given.</param>
    public async Task<string> RunWithEditorAsync(string editor, params string[] arguments)
    {
        (int exitCode, string output, string error) =
            await BuiltProgram.RunAsync(_program, [("KUBECONFIG", _kubeconfig), ("KUBE_EDITOR", editor)], arguments);
        Assert.True(exitCode == 0, $"kubectl {string.Join(' ', arguments)} ended with {exitCode}: {error}");
        return output;
    }
}
