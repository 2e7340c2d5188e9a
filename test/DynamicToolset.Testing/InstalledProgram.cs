using System.Diagnostics;

namespace DynamicToolset.Testing;

/// <summary>A program of the machine that tests compare with. Where it is missing the test is skipped, but in CI it fails.</summary>
public sealed class InstalledProgram
{
    private readonly string _path;

    /// <param name="name">As on PATH, or a path.</param>
    public InstalledProgram(string name) => _path = Find(name);

    /// <summary>The path of a program.</summary>
    public static string Find(string name)
    {
        IEnumerable<string> places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(directory => Path.Combine(directory, name));
        string? path = places.FirstOrDefault(File.Exists);
        Assert.SkipUnless(path is not null || Environment.GetEnvironmentVariable("CI") == "true", $"{name} is not installed");
        Assert.True(path is not null, $"{name} is not installed");
        return path;
    }

    /// <summary>The exit code, and what stood on both outputs.</summary>
    /// <param name="input">What it reads from its standard input.</param>
    public async Task<(int Code, string Output)> RunAsync(string input, params string[] arguments)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(_path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(stop);
        Task<string> errors = process.StandardError.ReadToEndAsync(stop);
        await process.StandardInput.WriteAsync(input.AsMemory(), stop);
        process.StandardInput.Close();
        await process.WaitForExitAsync(stop).WithPatienceAsync();
        return (process.ExitCode, await output + await errors);
    }
}
