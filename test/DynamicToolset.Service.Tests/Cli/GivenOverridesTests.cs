using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>Where overrides come from, and what is said of it.</summary>
public sealed class GivenOverridesTests : IDisposable
{
    private const string Services = "{kind: Service, metadata: {name: grafana, namespace: a, labels: {app: grafana}}, spec: {ports: [{port: 3000}]}}\n";
    private const string ConfigMap = """
        apiVersion: v1
        kind: ConfigMapList
        items:
        - metadata: {name: another, namespace: kubernaut-system}
        - metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}
          data: {overrides.yaml: "grafana: {config: {org: from-the-key}}"}

        """;

    private readonly TestFolder _folder = new();
    private readonly string _services;
    private readonly string _both;

    public GivenOverridesTests()
    {
        _services = _folder.Write("services.yaml", Services);
        _both = _folder.Write("both.yaml", $"{Services}---\n{ConfigMap}");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("generate")]
    [InlineData("explain", "a/grafana")]
    [InlineData("diff")]
    public async Task Those_of_the_ConfigMap_among_the_files_count_and_it_is_said_that_they_do(params string[] command)
    {
        (_, string output, string error) = await BuiltProgram.RunAsync([], [.. command, "-f", _both]);
        Assert.Contains(command[0] == "explain" ? "  overrides     overrides.yaml: config.org\n" : "org: \"from-the-key\"", output, StringComparison.Ordinal);
        Assert.Contains(
            $"Based on the built-in rules, overrides.yaml from the ConfigMap kubernaut-system/kubernaut-toolset-config in {_both} and the default settings.\n",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_of_the_ConfigMap_to_compare_with_count()
    {
        string configMap = _folder.Write("cm.yaml", ConfigMap);
        (_, string output, string error) = await BuiltProgram.RunAsync([], "diff", "-f", _services, "--configmap", configMap);
        Assert.Contains("org: \"from-the-key\"", output, StringComparison.Ordinal);
        Assert.Contains($", overrides.yaml from the ConfigMap kubernaut-system/kubernaut-toolset-config in {configMap} and", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("explain", "a/grafana")]
    [InlineData("diff")]
    public async Task A_directory_lies_below_the_key_as_OVERRIDES_DIR_does(params string[] command)
    {
        string file = _folder.Write("o/z.yaml", "grafana: {config: {org: from-the-directory, keep: it}}");
        string directory = Path.GetDirectoryName(file)!;
        foreach (string[] order in new string[][] { ["--overrides", directory], ["--overrides", directory, "--overrides", Key()], ["--overrides", Key(), "--overrides", directory] })
        {
            (_, string output, string error) = await BuiltProgram.RunAsync([], [.. command, "-f", _both, .. order]);
            string org = order.Length > 2 ? "from-the-file" : "from-the-key";
            Assert.Contains(
                command[0] == "explain" ? "  overrides     z.yaml of OVERRIDES_DIR: config.keep; overrides.yaml: config.org\n" : $"org: \"{org}\"", output, StringComparison.Ordinal);
            string from = order.Length > 2 ? Key() : $"the ConfigMap kubernaut-system/kubernaut-toolset-config in {_both}";
            Assert.Contains($", overrides.yaml from {from}, 1 file of overrides below overrides.yaml ({file}) and", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("generate -f SERVICES --overrides -")]
    [InlineData("explain --all -f SERVICES --overrides - --overrides KEY")]
    [InlineData("diff -f SERVICES --configmap BOTH --overrides -")]
    public async Task An_empty_pipe_is_the_silence_of_the_command_before_it(string arguments)
    {
        string[] all = [.. arguments.Split(' ').Select(a => a switch { "SERVICES" => _services, "BOTH" => _both, "KEY" => Key(), _ => a })];
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], all);
        Assert.Equal((2, "", "stdin: the pipe was empty: run the command before it alone to see why\n"), (exitCode, output, error));
        (exitCode, _, error) = await BuiltProgram.RunAsync(
            "/bin/bash", [], ["-c", $"'{BuiltProgram.BuiltPath}' {string.Join(' ', all.Select(a => a == "-" ? "<(true)" : a))}"]);
        Assert.Equal(2, exitCode);
        Assert.EndsWith(": the pipe was empty: run the command before it alone to see why\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_has_no_overrides() =>
        Assert.Equal(0, (await BuiltProgram.RunAsync([], "generate", "-f", _services, "--overrides", _folder.Write("empty.yaml", ""))).ExitCode);

    [Theory]
    [InlineData("diff -f - --configmap -")]
    [InlineData("diff -f a --configmap - --overrides -")]
    [InlineData("generate -f - --overrides /dev/stdin")]
    [InlineData("generate --overrides - --overrides -")]
    [InlineData("explain --all -f - --overrides -")]
    [InlineData("sandbox -f - -f -")]
    public async Task Standard_input_is_read_once(string arguments)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], arguments.Split(' '));
        Assert.Equal(
            (2, "", $"dynamic-toolset {arguments.Split(' ')[0]}: standard input can be read only once: save it to a file, and use that for the other flag; see dynamic-toolset {arguments.Split(' ')[0]} --help\n"),
            (exitCode, output, error));
    }

    private string Key() => _folder.Write("key.yaml", "grafana: {config: {org: from-the-file}}");
}
