using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>What people give to <c>sandbox -f</c>: as for <c>generate</c>, what cannot be used is told and the rest is done.</summary>
public sealed class SandboxManifestTests : IDisposable
{
    private const string Grafana = "apiVersion: v1\nkind: Service\nmetadata:\n  name: grafana\n  labels: {app: grafana}\nspec:\n  ports: [{name: service, port: 3000}]\n";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Objects_that_are_not_simulated_are_passed_over_in_one_line()
    {
        string others = string.Concat(Enumerable.Range(0, 300).Select(i => $"{{kind: Secret, apiVersion: v1, metadata: {{name: s{i}}}}}\n---\n"))
            + string.Concat(Enumerable.Range(0, 30).Select(i => $"{{kind: Kind{i:d2}, apiVersion: example.com/v1, metadata: {{name: s}}}}\n---\n"))
            + "{kind: Service, apiVersion: serving.knative.dev/v1, metadata: {name: grafana}}\n---\n";
        (int exitCode, string output, string error) = await RunAsync(others + Grafana);
        Assert.Equal(0, exitCode);
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
        Assert.StartsWith(
            "skipped, since the sandbox does not support these kinds: Kind00, Kind01, Kind02, Kind03, Kind04, Kind05, Kind06, Kind07, Kind08, Kind09, and 22 more kinds\n",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_of_others_that_is_called_as_one_of_Kubernetes_is_told_with_its_group()
    {
        (int exitCode, _, string error) = await RunAsync($"{{kind: Service, apiVersion: serving.knative.dev/v1, metadata: {{name: grafana}}}}\n---\n{{kind: Secret, metadata: {{name: a}}}}\n---\n{{kind: Secret, metadata: {{name: b}}}}\n---\n{Grafana}");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("skipped, since the sandbox does not support these kinds: Secret (2), Service of serving.knative.dev/v1\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: [\n", "2:1: ")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata:\n  name: bad\n  annotations: {kubernaut.io/toolset: true}\nspec: {ports: [{port: 80}]}\n", "5:39: this is true or false, but the API server accepts only a string here: write kubernaut.io/toolset: \"true\"\n")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: x\n", "3:11: \"metadata\" must be a map\n")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: [b]}\n", "3:32: \"namespace\" must be a text\n")]
    [InlineData("apiVersion: v1\nkind: [Service]\nmetadata: {name: a}\n", "1:1: \"kind\" is missing: this is not a Kubernetes object\n")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: x\n", "1:1: ")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_b}\n", "1:1: ")]
    [InlineData("- a\n", "1:1: a Kubernetes object must be a map\n")]
    public async Task A_fault_is_told_with_its_place_and_the_rest_is_loaded(string faulty, string told)
    {
        (int exitCode, string output, string error) = await RunAsync($"{faulty}---\n{Grafana}");
        Assert.Equal(1, exitCode);
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
        Assert.StartsWith($"{_folder.Path}/a.yaml:{told}", error, StringComparison.Ordinal);
        Assert.Contains("\nThe sandbox continues with the rest, and ends with exit code 1.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_in_an_item_of_a_list_costs_the_item()
    {
        const string List = """
            {"apiVersion": "v1", "kind": "ServiceList", "items": [
              {"metadata": {"name": "bad"}, "spec": {"ports": [{"port": "x"}]}},
              {"metadata": {"name": "grafana", "labels": {"app": "grafana"}}, "spec": {"ports": [{"port": 3000}]}}]}
            """;
        (int exitCode, string output, string error) = await RunAsync(List);
        Assert.Equal(1, exitCode);
        Assert.Contains("grafana.default:3000", output, StringComparison.Ordinal);
        Assert.StartsWith($"{_folder.Path}/a.yaml:2:61: \"port\" must be a number from 1 to 65535\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_all_is_faulty_it_does_not_begin()
    {
        (int exitCode, string output, string error) = await RunAsync("kind: [\n");
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"{_folder.Path}/a.yaml:2:1: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_name_that_no_API_server_takes_is_passed_over()
    {
        string longName = new('x', 64);
        (int exitCode, _, string error) = await RunAsync($"{{kind: Service, metadata: {{name: {longName}}}, spec: {{ports: [{{port: 80}}]}}}}\n---\n{Grafana}");
        Assert.Equal(0, exitCode);
        Assert.Contains("every API server rejects it; passed over\n", error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string manifests) =>
        BuiltProgram.RunAsync([], "sandbox", "--once", "-f", _folder.Write("a.yaml", manifests));
}
