using DynamicToolset.Service.Tests.Detectors;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>Every command that detects goes by the rules of DETECTORS_DIR, or not at all.</summary>
public sealed class RulesAtTheStartTests : IDisposable
{
    private const string Logs = """
        {apiVersion: v1, kind: Service, metadata: {name: logs, namespace: logging, labels: {app: pyroscope}}, spec: {ports: [{port: 3100}]}}
        """;

    private readonly RuleFolder _folder = new();
    private readonly string _services = Path.GetTempFileName();

    public RulesAtTheStartTests() => File.WriteAllText(_services, Logs);

    [Theory]
    [InlineData("run")]
    [InlineData("sandbox --once")]
    [InlineData("generate -f FILE")]
    [InlineData("explain --all -f FILE")]
    public async Task A_bad_first_set_ends_with_2_every_problem_and_what_to_do(string command)
    {
        _folder.Write("a.yaml", RuleFolder.Rule("pyroscope") + "\n  pots: []\n");
        _folder.Write("b.yaml", "kind: [");
        (int exitCode, string output, string[] lines) = await RunAsync(command);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"{_folder.File("a.yaml")}:9:3: unknown field \"pots\"", lines[0]);
        Assert.StartsWith($"{_folder.File("b.yaml")}:2:1: ", lines[1]);
        Assert.Equal($"DETECTORS_DIR: the rules in \"{_folder.Path}\" cannot be used; fix them, and check them with \"dynamic-toolset validate {_folder.Path}\"", lines[2]);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("sandbox --once")]
    [InlineData("generate -f FILE")]
    [InlineData("explain --all -f FILE")]
    public async Task A_directory_that_somebody_named_must_be_there(string command)
    {
        (int exitCode, string _, string[] lines) = await RunAsync(command, [("DETECTORS_DIR", "/no/such/directory")]);
        Assert.Equal(2, exitCode);
        Assert.Equal(["DETECTORS_DIR: there is no directory \"/no/such/directory\"; create it, or remove the setting"], lines);
    }

    [Fact]
    public async Task Generate_and_the_sandbox_find_what_the_rules_say()
    {
        _folder.Write("pyroscope.yaml", RuleFolder.Rule("pyroscope"));
        foreach (string command in new[] { "generate -f FILE", "sandbox --once -f FILE" })
        {
            (int exitCode, string output, string[] _) = await RunAsync(command);
            Assert.Equal(0, exitCode);
            Assert.Contains("pyroscope-toolset.yaml", output, StringComparison.Ordinal);
            Assert.Contains("http://logs.logging:3100", output, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        File.Delete(_services);
    }

    private async Task<(int ExitCode, string Output, string[] Lines)> RunAsync(string command, IReadOnlyList<(string, string)>? environment = null)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(
            environment ?? [("DETECTORS_DIR", _folder.Path)], [.. command.Split(' ').Select(word => word == "FILE" ? _services : word)]);
        return (exitCode, output, error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
