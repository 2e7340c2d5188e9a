using System.Diagnostics;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>A file that cannot be read is told, costs itself only, and ends with 2.</summary>
public sealed class UnreadableFilesTests : IDisposable
{
    private const string Grafana = "{kind: Service, metadata: {name: grafana, labels: {app: grafana}}, spec: {ports: [{port: 3000}]}}\n";

    private readonly TestFolder _folder = new();
    private readonly string _services;

    public UnreadableFilesTests() => _services = _folder.Write("in/b.yaml", Grafana);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("generate -f")]
    [InlineData("explain --all -f")]
    [InlineData("sandbox --once -f")]
    [InlineData("generate -R -f")]
    public async Task Beside_others_in_a_directory_it_is_in_nobody_s_way(string command)
    {
        string pipe = MakePipe("in/a.yaml"), link = MakeLink("in/c.yaml", "/no/such/file"), loop = MakeLink("in/d.yml", Path.Combine(_folder.Path, "in/d.yml"));
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. command.Split(' '), Path.GetDirectoryName(_services)!]);
        Assert.Equal(2, exitCode);
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
        Assert.Contains($"{pipe}: is a pipe, but a file is needed here\n", error, StringComparison.Ordinal);
        Assert.Contains($"{link}: is a link to /no/such/file, which is not there\n", error, StringComparison.Ordinal);
        Assert.Contains($"{loop}: cannot be read: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate", "-f")]
    [InlineData("explain", "--all", "-f")]
    [InlineData("sandbox", "--once", "-f")]
    public async Task Beside_others_that_are_named_it_is_in_nobody_s_way(params string[] command)
    {
        string empty = Directory.CreateDirectory(Path.Combine(_folder.Path, "empty")).FullName;
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. command, "/no/such/file", "-f", empty, "-f", _services]);
        Assert.Equal(2, exitCode);
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
        Assert.Contains("/no/such/file: no such file or directory\n", error, StringComparison.Ordinal);
        Assert.Contains($"{empty}: there is no .yaml, .yml or .json file in it; use -R to read the directories below it too\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate", "-f")]
    [InlineData("explain", "--all", "-f")]
    [InlineData("diff", "-f")]
    [InlineData("sandbox", "--once", "-f")]
    [InlineData("validate")]
    public async Task Alone_it_is_all_that_is_told(params string[] command)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. command, "/no/such/file"]);
        Assert.Equal((2, "", "/no/such/file: no such file or directory\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task A_difference_that_only_part_of_the_files_shows_ends_with_2()
    {
        (_, string generated, _) = await BuiltProgram.RunAsync([], "generate", "-f", _services);
        string configMap = _folder.Write("cm.yaml", generated);
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([], "diff", "-f", "/no/such/file", "-f", _services, "--configmap", configMap);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("/no/such/file: no such file or directory\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_checks_the_others()
    {
        string good = _folder.Write("v/good.yaml", "grafana: {enabled: false}\n"), bad = _folder.Write("v/bad.yaml", "grafana: {enabled: 3}\n");
        string pipe = MakePipe("v/pipe.yaml"), link = MakeLink("v/link.yaml", "gone"), odd = Path.Combine(_folder.Path, "v/odd.yaml");
        await File.WriteAllTextAsync(odd, "grafana: {}\n", System.Text.Encoding.Unicode, TestContext.Current.CancellationToken);
        string[] told =
        [
            $"{link}: is a link to gone, which is not there",
            $"{odd}:1:1: this is not UTF-8: save it as UTF-8, not as the > of PowerShell writes it",
            $"{pipe}: is a pipe, but a file is needed here",
            "/no/such/file: no such file or directory",
            $"{bad}:1:20: \"enabled\" must be true or false",
        ];
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "validate", Path.GetDirectoryName(good)!, "/no/such/file");
        Assert.Equal((2, $"{good}: fine, overrides of 1 toolset\n"), (exitCode, output));
        Assert.Equal(told, error.TrimEnd().Split('\n'));
        (exitCode, output, _) = await BuiltProgram.RunAsync([], "validate", "-o", "json", "/no/such/file", good);
        Assert.Equal(2, exitCode);
        Assert.Contains("\"file\": \"/no/such/file\",\n      \"line\": null,\n      \"column\": null,\n      \"message\": \"no such file or directory\"", output, StringComparison.Ordinal);
        Assert.Contains("\"kind\": \"overrides\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overrides_are_all_read_or_none_are_used()
    {
        string good = _folder.Write("good.yaml", "grafana: {enabled: false}\n");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(
            [], "generate", "-f", _services, "--overrides", "/no/such/file", "--overrides", "/nor/this", "--overrides", good);
        Assert.Equal((2, "", "/no/such/file: no such file or directory\n/nor/this: no such file or directory\n"), (exitCode, output, error));
    }

    private string MakePipe(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return path;
    }

    private string MakeLink(string name, string target)
    {
        string path = Path.Combine(_folder.Path, name);
        File.CreateSymbolicLink(path, target);
        return path;
    }
}
