using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>Whose view <c>explain</c>, <c>diff</c> and <c>generate</c> show, and what they show without a cluster.</summary>
public sealed class ShownViewTests : IDisposable
{
    private const string Services = """
        {kind: Service, metadata: {name: grafana, namespace: a, labels: {app: grafana}}, spec: {ports: [{port: 3000}]}}
        ---
        {kind: Service, metadata: {name: grafana, namespace: b, labels: {app: grafana}}, spec: {ports: [{port: 3000}]}}
        """;

    private readonly TestFolder _folder = new();
    private readonly string _services;

    public ShownViewTests() => _services = _folder.Write("services.yaml", Services);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_line_says_which_rules_overrides_and_settings_were_used()
    {
        Assert.Equal("Based on the built-in rules and the default settings.\n", await ErrorOfAsync([], "explain", "--all", "-f", _services));
        string rules = Path.GetDirectoryName(_folder.Write("d/pyroscope.yaml", Detectors.RuleFolder.Rule("pyroscope")))!;
        string overrides = Path.GetDirectoryName(_folder.Write("o/1.yaml", "grafana: {enabled: false}"))!;
        Assert.Equal(
            $"Based on the built-in rules and 1 file of {rules} (DETECTORS_DIR), 1 file of overrides below overrides.yaml ({overrides}/1.yaml) and the settings NAMESPACES=\"a,b\", HOLMES_TARGET=current.\n",
            await ErrorOfAsync([("DETECTORS_DIR", rules), ("OVERRIDES_DIR", overrides), ("NAMESPACES", "a,b"), ("LOG_LEVEL", "debug"), ("HOLMES_RELOAD_URL", "http://h/")], "explain", "--all", "--holmes-target", "current", "-f", _services));
    }

    [Fact]
    public async Task A_service_that_goes_by_something_else_is_a_warning_that_names_it()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("grafana");
        await using (await cluster.RunAsync(s => s with { PreferredNamespaces = ["x"], HolmesBaseToolsets = [] }))
            await cluster.HasKeysAsync("kubernetes", "grafana");
        string rules = Path.GetDirectoryName(_folder.Write("d/pyroscope.yaml", Detectors.RuleFolder.Rule("pyroscope")))!;
        const string Other = "warning: the service that wrote kubernaut-system/kubernaut-toolset-config uses other HOLMES_BASE_TOOLSETS, PREFERRED_NAMESPACES";
        Assert.Contains($"{Other}: it may do something else than shown here\n", await ErrorOfAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", "--all"), StringComparison.Ordinal);
        Assert.Contains($"{Other}, rules: ", await ErrorOfAsync([("KUBECONFIG", cluster.Kubeconfig), ("DETECTORS_DIR", rules)], "diff"), StringComparison.Ordinal);
        Assert.Contains(Other, await ErrorOfAsync([("KUBECONFIG", cluster.Kubeconfig)], "generate"), StringComparison.Ordinal);
        Assert.Contains(
            "uses other HEALTH_CHECK_CA_FILE, HOLMES_BASE_TOOLSETS",
            await ErrorOfAsync([("KUBECONFIG", cluster.Kubeconfig), ("HEALTH_CHECK_CA_FILE", "/any/ca.crt")], "explain", "--all"),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "warning",
            await ErrorOfAsync([("KUBECONFIG", cluster.Kubeconfig), ("PREFERRED_NAMESPACES", "x")], "explain", "--all", "--holmes-base-toolsets", ""),
            StringComparison.Ordinal);
        cluster.Patch("""{"metadata":{"annotations":{"kubernaut.io/made-with":"spoilt,=,rules"}}}""");
        Assert.DoesNotContain("warning", await ErrorOfAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", "--all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_was_made_with_is_written_along_with_a_change_and_is_never_a_reason_for_one()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("grafana");
        await using RunningController running = await cluster.RunAsync(time: new FakeTimeProvider());
        cluster.Patch("""{"metadata":{"annotations":{"kubernaut.io/made-with":null}}}""");
        string version = cluster.Version();
        await running.LookAsync(3);
        Assert.Equal(version, cluster.Version());
        cluster.SetData("stray-toolset.yaml", "x");
        await TestCluster.EventuallyAsync(() => cluster.Data("stray-toolset.yaml") is null, "it is repaired");
        Assert.Contains(",rules=", cluster.ConfigMap()!["metadata"]!["annotations"]!["kubernaut.io/made-with"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_is_shown_without_a_cluster()
    {
        (_, string generated, _) = await BuiltProgram.RunAsync([], "generate", "-f", _services);
        string configMap = _folder.Write("cm.yaml", generated);
        Assert.Equal((0, ""), await DiffAsync("-f", _services, "--configmap", configMap));
        string byPowerShell = _folder.Write("utf16.yaml", "");
        string withAlias = generated.Replace("\ndata:\n", "\nx: &x 1\ny: *x\ndata:\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(byPowerShell, withAlias, System.Text.Encoding.Unicode, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await DiffAsync("-f", _services, "--configmap", byPowerShell));
        string both = _folder.Write("both.yaml", $"{Services}\n---\n{generated}");
        Assert.Equal((0, ""), await DiffAsync("-f", both));

        string old = _folder.Write("old.yaml", generated.Replace("grafana.b:3000", "grafana.b:1", StringComparison.Ordinal));
        (int exitCode, string output) = await DiffAsync("-f", _services, "--configmap", old);
        Assert.Equal(1, exitCode);
        Assert.Contains("-  url: \"http://grafana.b:1\"\n+  url: \"http://grafana.b:3000\"\n", output, StringComparison.Ordinal);

        string overridden = _folder.Write("overridden.yaml", generated + "  overrides.yaml: |\n    grafana: {enabled: false}\n");
        Assert.Contains("-enabled: true\n+enabled: false\n", (await DiffAsync("-f", _services, "--configmap", overridden)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-f SERVICES", "there is no ConfigMap kubernaut-system/kubernaut-toolset-config in the files to compare with: add --configmap FILE")]
    [InlineData("-f SERVICES --configmap SERVICES", "services.yaml: there is no ConfigMap kubernaut-system/kubernaut-toolset-config in it; CONFIGMAP_NAME and CONFIGMAP_NAMESPACE say which one it is")]
    [InlineData("-f SERVICES --configmap /no/such/file", "/no/such/file: no such file or directory")]
    public async Task Without_a_ConfigMap_to_compare_with_it_says_how_to_give_one(string arguments, string told)
    {
        (int exitCode, string output, string error) =
            await BuiltProgram.RunAsync([], ["diff", .. arguments.Split(' ').Select(a => a == "SERVICES" ? _services : a)]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Several_overrides_lie_over_each_other_and_the_last_is_the_key()
    {
        string low = _folder.Write("o/low.yaml", "grafana: {enabled: false, config: {org: low, keep: low}}");
        string high = _folder.Write("high.yaml", "grafana: {enabled: true, config: {org: high}}\n");
        (int exitCode, string output, _) = await BuiltProgram.RunAsync([], "generate", "-f", _services, "--overrides", low, "--overrides", high);
        Assert.Equal(0, exitCode);
        Assert.Contains("    enabled: true\n", output, StringComparison.Ordinal);
        Assert.Contains("      keep: \"low\"\n      org: \"high\"\n", output, StringComparison.Ordinal);
        Assert.Contains("Set by low.yaml of OVERRIDES_DIR: config.keep; overrides.yaml: enabled, config.org.", output, StringComparison.Ordinal);
        Assert.Contains("  overrides.yaml: |\n    grafana: {enabled: true, config: {org: high}}\n", output, StringComparison.Ordinal);
        (_, string sameByDirectory, _) = await BuiltProgram.RunAsync(
            [("OVERRIDES_DIR", Path.GetDirectoryName(low)!)], "generate", "-f", _services, "--overrides", high);
        Assert.Equal(output, sameByDirectory);
        (_, string explained, _) = await BuiltProgram.RunAsync([], "explain", "a/grafana", "-f", _services, "--overrides", low, "--overrides", high);
        Assert.Contains("  overrides     low.yaml of OVERRIDES_DIR: config.keep; overrides.yaml: enabled, config.org\n", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_file_that_cannot_be_used_the_place_is_told()
    {
        string bad = _folder.Write("o/bad.yaml", "grafana:\n  enabled: maybe\n");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([("OVERRIDES_DIR", Path.GetDirectoryName(bad)!)], "generate", "-f", _services);
        Assert.Equal((2, "", $"{bad}:2:12: \"enabled\" must be true or false\n"), (exitCode, output, error));
        (exitCode, output, error) = await BuiltProgram.RunAsync([], "explain", "a/grafana", "-f", _services, "--overrides", bad);
        Assert.Equal(0, exitCode);
        Assert.Contains("  toolset       grafana\n", output, StringComparison.Ordinal);
        Assert.StartsWith($"warning: {bad}:2:12: \"enabled\" must be true or false; what it says is not shown here\n", error, StringComparison.Ordinal);
        (exitCode, _, error) = await BuiltProgram.RunAsync([("OVERRIDES_DIR", "/no/such/directory")], "generate", "-f", _services);
        Assert.Equal((2, "OVERRIDES_DIR: there is no directory \"/no/such/directory\"; create it, or remove the setting\n"), (exitCode, error));
    }

    [Theory]
    [InlineData("", "set PREFERRED_NAMESPACES=b")]
    [InlineData("x,a", "set PREFERRED_NAMESPACES=x,b,a")]
    [InlineData("a,b", "set PREFERRED_NAMESPACES=b,a")]
    public async Task Two_of_a_kind_can_be_swapped_by_what_is_told(string preferred, string told)
    {
        (string, string)[] environment = [("PREFERRED_NAMESPACES", preferred)];
        (_, string output, _) = await BuiltProgram.RunAsync(environment, "explain", "b/grafana", "-f", _services);
        Assert.Contains($"  to swap them  {told}; now HolmesGPT uses only the other one\n", output, StringComparison.Ordinal);
        (_, _, string error) = await BuiltProgram.RunAsync(environment, "generate", "-f", _services);
        Assert.Contains($"grafana-b-grafana: HolmesGPT supports only one grafana/dashboards, and grafana is used: set HOLMES_TARGET=current for several; or, to use this one instead, {told}", error, StringComparison.Ordinal);
        string swapped = told[(told.IndexOf('=', StringComparison.Ordinal) + 1)..];
        (_, output, _) = await BuiltProgram.RunAsync([("PREFERRED_NAMESPACES", swapped)], "explain", "b/grafana", "-f", _services);
        Assert.Contains("  toolset       grafana\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_of_a_kind_in_one_namespace_are_swapped_by_taking_the_other_one_out()
    {
        string both = _folder.Write("same.yaml", Services.Replace("name: grafana, namespace: b", "name: second, namespace: a", StringComparison.Ordinal));
        (_, string output, _) = await BuiltProgram.RunAsync([], "explain", "a/second", "-f", both);
        Assert.Contains("  to swap them  kubectl annotate service grafana -n a kubernaut.io/toolset=false;", output, StringComparison.Ordinal);
    }

    private static async Task<string> ErrorOfAsync((string, string)[] environment, params string[] arguments) =>
        (await BuiltProgram.RunAsync(environment, arguments)).Error;

    private static async Task<(int ExitCode, string Output)> DiffAsync(params string[] arguments)
    {
        (int exitCode, string output, _) = await BuiltProgram.RunAsync([], ["diff", .. arguments]);
        return (exitCode, output);
    }
}
