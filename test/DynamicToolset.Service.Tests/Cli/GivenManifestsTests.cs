using System.Text;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>What people give with <c>-f</c>, to the program as it was built.</summary>
public sealed class GivenManifestsTests : IDisposable
{
    private const string Grafana = "apiVersion: v1\nkind: Service\nmetadata:\n  name: grafana\n  labels: {app: grafana}\nspec:\n  ports: [{name: service, port: 3000}]\n";
    private const string Bad = "apiVersion: v1\nkind: Service\nmetadata:\n  name: bad\n  annotations: {kubernaut.io/toolset: true}\n";

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Encodings { get; } = ["utf-16", "utf-16BE", "utf-8", "utf-32"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task What_a_byte_order_mark_says_is_read_as_that(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        string file = At("services.yaml");
        await File.WriteAllBytesAsync(file, [.. encoding.GetPreamble(), .. encoding.GetBytes(Grafana.ReplaceLineEndings("\r\n"))], Stop);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "generate", "-f", file);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
        (exitCode, output, error) = await BuiltProgram.RunAsync("/bin/bash", [], ["-c", $"cat '{file}' | '{BuiltProgram.BuiltPath}' generate -f -"]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_UTF_8_in_a_comment_is_in_nobody_s_way()
    {
        string file = At("services.yaml");
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes($"# für die Übersicht\n{Grafana}"), Stop);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "generate", "-f", file);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_reads_UTF_8_alone_so_overrides_and_rules_in_anything_else_are_refused()
    {
        string file = At("overrides.yaml");
        await File.WriteAllBytesAsync(file, [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("grafana: {enabled: false}\n")], Stop);
        string services = _folder.Write("services.yaml", Grafana);
        foreach (string[] command in new[] { new[] { "validate", file }, ["generate", "-f", services, "--overrides", file] })
        {
            (int exitCode, _, string error) = await BuiltProgram.RunAsync([], command);
            Assert.Equal(2, exitCode);
            Assert.StartsWith($"{file}:1:1: this is not UTF-8: save it as UTF-8", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("explain", "--all")]
    [InlineData("explain", "default/grafana")]
    public async Task A_fault_is_told_with_its_place_and_ends_with_1_and_the_rest_is_done(params string[] command)
    {
        string file = _folder.Write("services.yaml", $"{Bad}---\nkind: [\n---\n{Grafana}");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. command, "-f", file]);
        Assert.Equal(1, exitCode);
        Assert.Contains("grafana", output, StringComparison.Ordinal);
        string[] lines = [.. error.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith("Based on ", StringComparison.Ordinal))];
        Assert.Equal($"{file}:5:39: this is true or false, but the API server accepts only a string here: write kubernaut.io/toolset: \"true\"", lines[0]);
        Assert.StartsWith($"{file}:8:1: ", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public async Task Where_all_is_faulty_nothing_is_printed_that_looks_like_an_empty_cluster()
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "generate", "-f", _folder.Write("services.yaml", Bad));
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("write kubernaut.io/toolset: \"true\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_Services_of_one_name_the_first_counts_and_the_other_is_a_fault()
    {
        string a = _folder.Write("a.yaml", Grafana), b = _folder.Write("b.yaml", $"kind: Pod\n---\n{Grafana.Replace("3000", "3001", StringComparison.Ordinal)}");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "generate", "-f", a, "-f", b);
        Assert.Equal((1, $"{b}:3:1: Service default/grafana is there twice, first at {a}:1:1, which is used: remove one\n"), (exitCode, error));
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_beside_manifests_in_a_directory_is_passed_over_and_named()
    {
        _folder.Write("a.yaml", Grafana);
        string chart = _folder.Write("Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n");
        string values = _folder.Write("values.yaml", "replicas: 1\n");
        string customization = _folder.Write("kustomization.yaml", "resources: [a.yaml]\n");
        string package = _folder.Write("package.json", "{\"name\": \"x\"}\n");
        string template = _folder.Write("template.yaml", "{{- if .Values.x }}\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n{{- end }}\n");
        string empty = _folder.Write("empty.yml", "# nothing\n");
        _folder.Write("README.md", "{{ [");
        Directory.CreateDirectory(At("below/again"));
        _folder.Write("below/again/b.yml", Grafana.Replace("grafana\n", "grafana-b\n", StringComparison.Ordinal));
        Directory.CreateSymbolicLink(At("below/loop"), _folder.Path);
        foreach ((string recursive, int count) in new[] { ("generate", 1), ("generate -R", 2), ("sandbox --once", 1), ("sandbox --once --recursive", 2) })
        {
            (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. recursive.Split(' '), "-f", _folder.Path]);
            Assert.True(exitCode == 0, error);
            Assert.Equal(count, output.Split("-toolset.yaml: |").Length - 2);
            string none = "skipped: it contains no Kubernetes object";
            Assert.All(new[] { chart, values, customization, package, empty }, file => Assert.Contains($"{file}: {none}\n", error, StringComparison.Ordinal));
            Assert.Contains($"{template}: skipped: a template that is not rendered; render it with helm template\n", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("sandbox", "--once")]
    public async Task A_directory_without_a_manifest_is_not_an_empty_cluster(params string[] command)
    {
        string values = _folder.Write("values.yaml", "replicas: 1\n");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. command, "-f", _folder.Path]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"{values}: skipped: it contains no Kubernetes object\n", error, StringComparison.Ordinal);
        Assert.EndsWith(": there is no Kubernetes object in it\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_in_a_directory_and_is_meant_as_a_manifest_is_not_passed_over()
    {
        _folder.Write("a.yaml", Grafana);
        string broken = _folder.Write("b.yaml", "kind: Service\nmetadata: [\n");
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([], "generate", "-f", _folder.Path);
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{broken}:3:1: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_somebody_names_is_a_fault_with_advice()
    {
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([], "generate", "-f", _folder.Write("a.yaml", "kind: Service\nmetadata:\n  name: {{ .Release.Name }}-a\n"));
        Assert.Equal(1, exitCode);
        Assert.EndsWith(". It looks like a template: render it first, for example with helm template\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate", "-f", "-")]
    [InlineData("explain", "--all", "-f", "-")]
    [InlineData("diff", "-f", "-")]
    [InlineData("sandbox", "--once", "-f", "-")]
    [InlineData("validate", "-")]
    [InlineData("validate", "--holmes", "-")]
    public async Task An_empty_pipe_is_the_silence_of_the_command_before_it(params string[] command)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], command);
        Assert.Equal((2, "", "stdin: the pipe was empty: run the command before it alone to see why\n"), (exitCode, output, error));
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("explain", "--all")]
    [InlineData("sandbox", "--once")]
    public async Task A_blank_file_is_not_an_empty_cluster(params string[] command)
    {
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([], [.. command, "-f", _folder.Write("blank.yaml", " \n")]);
        Assert.Equal((2, $"{At("blank.yaml")}: there is no Kubernetes object in it\n"), (exitCode, error));
    }

    [Theory]
    [InlineData("grafana.monitoring:3000", "-n", "monitoring")]
    [InlineData("grafana.monitoring:3000", "--namespace=monitoring")]
    [InlineData("grafana.default:3000")]
    public async Task Services_that_name_no_namespace_are_where_the_flag_says(string url, params string[] flags)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], ["generate", "-f", _folder.Write("a.yaml", Grafana), .. flags]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(url, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate -n a", "dynamic-toolset generate: --namespace has an effect only with -f, for Services without a namespace; for a cluster use NAMESPACES; see dynamic-toolset generate --help\n")]
    [InlineData("explain --all -f - -n A.b", "dynamic-toolset explain: --namespace takes the name of a namespace, not \"A.b\"; see dynamic-toolset explain --help\n")]
    public async Task A_namespace_that_means_nothing_is_refused(string arguments, string problem)
    {
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([], arguments.Split(' '));
        Assert.Equal((2, problem), (exitCode, error));
    }

    [Fact]
    public async Task Nobody_is_asked_to_change_a_label_that_an_operator_puts_back()
    {
        string file = _folder.Write("a.yaml", Grafana
            .Replace("name: grafana", "name: dashboards", StringComparison.Ordinal)
            .Replace("{app: grafana}", "{app: grafanna, app.kubernetes.io/managed-by: grafana-operator}", StringComparison.Ordinal));
        (_, string output, _) = await BuiltProgram.RunAsync([], "explain", "default/dashboards", "-f", file);
        Assert.DoesNotContain("set the label", output, StringComparison.Ordinal);
        Assert.Contains("  kept by       grafana-operator, which reverts changes of its labels and ports\n", output, StringComparison.Ordinal);
        Assert.Contains("kubectl annotate service dashboards -n default kubernaut.io/toolset=true kubernaut.io/toolset-type=grafana\n", output, StringComparison.Ordinal);
        Assert.Contains("add its URL to overrides.yaml, or your own rule to DETECTORS_DIR\n", output, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
