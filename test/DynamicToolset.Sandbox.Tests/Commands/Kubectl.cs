using System.Diagnostics;

namespace DynamicToolset.Sandbox.Tests.Commands;

/// <summary>A real kubectl, pointed at a simulated API server by its kubeconfig and by nothing else.</summary>
internal sealed class Kubectl : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly string _program;
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("kubectl-");

    private Kubectl(string program, KubeSim sim)
    {
        _program = program;
        Sim = sim;
        File.WriteAllText(PathOf("kubeconfig"), sim.Kubeconfig());
    }

    /// <summary>The programs to test with: those in KUBECTLS (paths separated by colons), else the one on PATH.</summary>
    public static IEnumerable<string> Programs =>
        (Environment.GetEnvironmentVariable("KUBECTLS") ?? "kubectl").Split(':', StringSplitOptions.RemoveEmptyEntries);

    public KubeSim Sim { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where there is no kubectl, except in CI.</summary>
    public static async Task<Kubectl> StartAsync(string program)
    {
        bool exists = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));
        Assert.SkipUnless(exists || Environment.GetEnvironmentVariable("CI") == "true", $"{program} is not installed");
        Assert.True(exists, $"{program} is not installed");
        return new Kubectl(program, await KubeSim.StartAsync(new KubeSimOptions(), Stop));
    }

    public string PathOf(string file) => Path.Combine(_home.FullName, file);

    /// <summary>Writes a manifest and gives its path.</summary>
    public string Manifest(string text)
    {
        string path = PathOf($"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, text);
        return path;
    }

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
        await process.WaitForExitAsync(Stop).WaitAsync(Deadline, Stop);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>A running command; the caller ends it.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(_program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["KUBECONFIG"] = PathOf("kubeconfig");
        start.Environment["HOME"] = _home.FullName;
        start.Environment["KUBE_EDITOR"] = $"sh {PathOf("editor")}";
        return Process.Start(start)!;
    }

    /// <summary>The next line that a running command prints.</summary>
    public static async Task<string> NextLineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Deadline, Stop) ?? "";

    /// <summary>What <c>kubectl edit</c> does to the text: a sed script.</summary>
    public void EditBy(string script) => File.WriteAllText(PathOf("editor"), $"sed -i '{script}' \"$1\"\n");

    public async ValueTask DisposeAsync()
    {
        await Sim.DisposeAsync();
        _home.Delete(recursive: true);
    }
}
