using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Tests.Detectors;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class ValidateTests : IDisposable
{
    private readonly RuleFolder _folder = new();

    [Fact]
    public async Task Every_file_is_called_what_it_is_where_all_are_fine()
    {
        _folder.Write("a.yaml", RuleFolder.Rule("pyroscope"));
        _folder.Write("b.yaml", RuleFolder.Rule("sentry") + "\n---\n" + RuleFolder.Rule("promxy"));
        _folder.Write("overrides.yaml", "grafana: {enabled: false}\nmine: {config: {url: \"http://mine\"}}\n");
        _folder.Write(".hidden.yaml", "[");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "validate", _folder.Path);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(
            $"{_folder.File("a.yaml")}: fine, 1 detector rule\n{_folder.File("b.yaml")}: fine, 2 detector rules\n{_folder.File("overrides.yaml")}: fine, overrides of 2 toolsets\n",
            output);
    }

    [Theory]
    [InlineData("kind: DetectorRule, apiVersion: toolset.kubernaut.io/v1alpha1, metadata: {uid: x}, spec: {enabled: false}", 90, "validate")]
    [InlineData("kind: Service, apiVersion: v1, metadata: {name: s, namespace: n}, spec: {ports: [{port: none}]}", 3000, "generate", "-f")]
    [InlineData("kind: Service, apiVersion: v1, metadata: {name: s, namespace: n}, spec: {ports: [{port: none}]}", 3000, "explain", "--all", "-f")]
    public async Task Of_many_problems_the_first_twenty_are_told_and_how_many_more_there_are(string document, int count, params string[] command)
    {
        string bad = string.Concat(Enumerable.Repeat($"---\n{{{document}}}\n", count));
        _folder.Write("bad.yaml", bad);
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([], [.. command, _folder.File("bad.yaml")]);
        Assert.NotEqual(0, exitCode);
        string[] lines = error.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 21, 22);
        Assert.Matches("^and [0-9]{2,4} more like this$", lines[20]);
    }

    [Theory]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRul\nmetadata: {}\nspec: {}", "2:7: \"kind\" must be DetectorRule")]
    [InlineData("apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {name: x, uid: y}\nspec: {enabled: false}", "3:21: unknown field \"uid\": known are name, labels, annotations\n")]
    [InlineData("metadata: {name: x}\nspec: {}", "1:1: the field \"apiVersion\" is missing")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\ndata: {}", "2:7: this is an object of kind \"ConfigMap\", not a DetectorRule\n")]
    [InlineData("grafana: {enabled: maybe}", "1:20: \"enabled\" must be true or false")]
    [InlineData("grafana: [", "2:1: ")]
    [InlineData("- grafana", "1:1: the text must be a map of toolset names")]
    public async Task A_problem_has_its_place_and_the_exit_code_is_1(string text, string problem)
    {
        _folder.Write("file.yaml", text);
        _folder.Write("good.yaml", RuleFolder.Rule("pyroscope"));
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "validate", _folder.File("file.yaml"), _folder.File("good.yaml"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{_folder.File("file.yaml")}:{problem}", error);
        Assert.DoesNotContain("file.yaml", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promtheus: {enabled: false}", "1:1: warning: this is not a type and has no config.url, so it has an effect only while a Service has this name: did you mean prometheus?")]
    [InlineData("shop: {enabled: false}", "1:1: warning: this is not a type and has no config.url, so it has an effect only while a Service has this name\n")]
    [InlineData("grafana: {enable: false}", "1:11: warning: nothing reads this key: did you mean \"enabled\"?")]
    [InlineData("grafana: {disabled: true}", "1:11: warning: nothing reads this key: did you mean \"enabled: false\"?")]
    [InlineData("grafana:\n  configs:\n    url: http://g\n", "2:3: warning: nothing reads this key: did you mean \"config\"?")]
    [InlineData("grafana: {config: {org: 1}, descriptoin: d}", "1:29: warning: nothing reads this key: did you mean \"description\"?")]
    [InlineData("mine: {URL: http://m}", "1:8: warning: nothing reads this key: did you mean \"url\"?")]
    public async Task A_likely_slip_is_a_warning_with_its_place_and_what_was_meant_and_the_exit_code_is_0(string text, string warning)
    {
        _folder.Write("slip.yaml", text);
        _folder.Write("good.yaml", "{prometheus: {enabled: false}, kubernetes: {enabled: false}, mine: {url: 'http://m'}}");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "validate", _folder.File("slip.yaml"), _folder.File("good.yaml"));
        Assert.Equal(0, exitCode);
        Assert.StartsWith($"{_folder.File("slip.yaml")}:{warning}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("good.yaml", error, StringComparison.Ordinal);
        Assert.EndsWith($"{_folder.File("good.yaml")}: fine, overrides of 3 toolsets\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overrides_that_no_ConfigMap_has_room_for_are_a_problem()
    {
        _folder.Write("file.yaml", "mine: {enabled: true}\n#" + new string('x', ConfigMapPlanner.LargestSize));
        (int exitCode, string _, string error) = await BuiltProgram.RunAsync([], "validate", _folder.File("file.yaml"));
        Assert.Equal(1, exitCode);
        Assert.Equal($"{_folder.File("file.yaml")}:1:1: the text has 921623 bytes, but the whole ConfigMap may have only 921600\n", error);
    }

    [Fact]
    public async Task Rules_are_checked_together_with_the_built_in_ones()
    {
        _folder.Write("a.yaml", RuleFolder.Rule("prometheus").Replace("health: {path: /ready}", "type: graphite", StringComparison.Ordinal));
        (int exitCode, string _, string error) = await BuiltProgram.RunAsync([], "validate", _folder.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains($"{_folder.File("a.yaml")}:3:18: no rule defines the type graphite: add one with that name", error, StringComparison.Ordinal);
        Assert.Contains("detectors/thanos.yaml:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_machines_there_is_json()
    {
        _folder.Write("a.yaml", RuleFolder.Rule("pyroscope"));
        _folder.Write("b.yaml", "A: {}");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "validate", "-o", "json", _folder.Path);
        Assert.Equal((1, ""), (exitCode, error));
        Assert.Equal(
            $$"""
            {"files":[{"file":"{{_folder.File("a.yaml")}}","kind":"rules","entries":1,"valid":true},{"file":"{{_folder.File("b.yaml")}}","kind":"overrides","entries":0,"valid":false}],"problems":[{"file":"{{_folder.File("b.yaml")}}","line":1,"column":1,"message":"a toolset name is of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 240 characters; write the name in lower case"}],"warnings":[]}
            """,
            string.Concat(output.Split('\n').Select(l => l.Trim())).Replace("\": ", "\":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_for_HolmesGPT_is_checked_for_the_target_that_is_set()
    {
        _folder.Write("holmes.yaml", "toolsets:\n  kubernetes/core: {enabled: true}\n  kubernetes/logs: {enabled: true}\n  victorialogs: {enabled: true, config: {api_url: \"http://v:1\"}}\n");
        string file = _folder.File("holmes.yaml");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "validate", "--holmes", file);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"{file}:4:3: \"victorialogs\" is a built-in toolset that the releases of 2025 do not have. HolmesGPT drops this entry", error);
        Assert.Equal(
            (0, $"{file}: fine, 3 entries for HolmesGPT\n", ""),
            await BuiltProgram.RunAsync([("HOLMES_TARGET", "current")], "validate", "--holmes", file));
        Assert.Equal(0, (await BuiltProgram.RunAsync([], "validate", "--holmes", "--holmes-target", "current", file)).ExitCode);
    }

    [Fact]
    public async Task What_HolmesGPT_takes_and_nobody_means_is_a_warning_and_ends_with_0()
    {
        _folder.Write("holmes.txt", "toolsets:\n  kubernetes/core: {enabled: true}\n  kubernetes/logs: {enabled: true, foo: 1}\n  kubernetes/logs: {enabled: true}\n");
        string file = _folder.File("holmes.txt");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "validate", "--holmes", file);
        Assert.Equal((0, $"{file}: fine, 2 entries for HolmesGPT\n"), (exitCode, output));
        Assert.Equal(
            $"{file}:1:1: warning: HolmesGPT does not read a file of this name: the file of CUSTOM_TOOLSET_LOCATION must end in .yaml or .yml\n"
            + $"{file}:4:3: warning: \"kubernetes/logs\" is a duplicate. HolmesGPT uses the last one. Write each key once. [key-twice]\n",
            error);
    }

    [Fact]
    public async Task A_target_that_is_none_ends_with_2_where_it_matters()
    {
        _folder.Write("a.yaml", RuleFolder.Rule("pyroscope"));
        Assert.Equal(2, (await BuiltProgram.RunAsync([("HOLMES_TARGET", "tomorrow")], "validate", "--holmes", _folder.File("a.yaml"))).ExitCode);
        Assert.Equal(0, (await BuiltProgram.RunAsync([("HOLMES_TARGET", "tomorrow")], "validate", _folder.File("a.yaml"))).ExitCode);
        Assert.Equal(2, (await BuiltProgram.RunAsync([], "validate", "--holmes", "/no/such/file")).ExitCode);
    }

    [Theory]
    [InlineData("", "dynamic-toolset validate: a file is missing, or a directory, or - for standard input; see dynamic-toolset validate --help")]
    [InlineData("/no/such/file", "/no/such/file: no such file or directory\n")]
    public async Task What_cannot_be_read_ends_with_2(string argument, string error)
    {
        (int exitCode, string output, string actual) = await BuiltProgram.RunAsync([], argument.Length > 0 ? ["validate", argument] : ["validate"]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith(error, actual);
    }

    public void Dispose() => _folder.Dispose();
}
