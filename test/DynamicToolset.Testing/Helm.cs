using System.Diagnostics;

namespace DynamicToolset.Testing;

/// <summary>A real <c>helm</c> that knows of one cluster at most, and a folder of its own for what it reads and keeps.</summary>
public sealed class Helm : IDisposable
{
    private readonly TestFolder _home = new();
    private readonly string _program = Find();
    private readonly string _kubeconfig;

    /// <summary>Skips the test where there is no helm, except in CI.</summary>
    /// <param name="kubeconfig">A path; null where no cluster may be asked.</param>
    public Helm(string? kubeconfig = null) => _kubeconfig = kubeconfig ?? Path.Combine(_home.Path, "none");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string text) => _home.Write(name, text);

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await TryAsync(arguments);
        Assert.True(code == 0, $"helm {string.Join(' ', arguments)} exited with {code}:\n{output}{errors}");
        return output;
    }

    /// <summary>The exit code and both outputs.</summary>
    public async Task<(int Code, string Output, string Errors)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = _kubeconfig;
        foreach (string name in (string[])["HOME", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"])
            start.Environment[name] = _home.Path;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop);
        Task<string> errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop).WithPatienceAsync();
        return (process.ExitCode, await output, await errors);
    }

    public void Dispose() => _home.Dispose();

    /// <summary>That of <c>HELM_ASSETS</c>, else what <c>make helm-assets</c> fetched.</summary>
    private static string Find()
    {
        string? folder = Environment.GetEnvironmentVariable("HELM_ASSETS");
        string program = Path.Combine(folder is { Length: > 0 } ? folder : CacheFolder.Of("helm", "4.1.4"), "helm");
        Assert.SkipUnless(File.Exists(program) || Environment.GetEnvironmentVariable("CI") == "true", "There is no helm: run make helm-assets, or set HELM_ASSETS.");
        Assert.True(File.Exists(program), $"There is no {program}: run make helm-assets, or set HELM_ASSETS.");
        return program;
    }
}
