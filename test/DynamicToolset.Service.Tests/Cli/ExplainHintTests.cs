using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>What <c>explain</c> and <c>generate</c> say of what was hardly meant so.</summary>
public sealed class ExplainHintTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE\ngrafana      ClusterIP   10.0.0.1     <none>        3000/TCP   3d\n", "this is a table that kubectl prints for people: add -o yaml to the command")]
    [InlineData("NAMESPACE    NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE   SELECTOR\nm            grafana      ClusterIP   10.0.0.1     <none>        80:3000/TCP,443/TCP   3d   a=b,c=d\n", "this is a table that kubectl prints for people: add -o yaml to the command")]
    [InlineData("NAME   DATA   AGE\nkubernaut-toolset-config   5      3d\n", "this is a table that kubectl prints for people: add -o yaml to the command")]
    [InlineData("service/grafana\nservice/kubernetes\n", "these are only names, as kubectl prints them with -o name: use -o yaml instead")]
    [InlineData("Name:              grafana\nNamespace:         m\nLabels:            app=grafana\nSelector:          <none>\n", "this is what kubectl describe prints for people: use kubectl get with -o yaml")]
    [InlineData("just words\n", "a Kubernetes object must be a map")]
    public async Task What_kubectl_prints_for_people_is_told_from_manifests(string text, string told)
    {
        string file = _folder.Write("services", text);
        foreach (string[] command in new string[][] { ["explain", "--all"], ["generate"], ["sandbox", "--once"] })
        {
            (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. command, "-f", file]);
            Assert.Equal((1, "", $"{file}:1:1: {told}\n"), (exitCode, output, error));
        }
    }

    [Theory]
    [InlineData("app: grafana", "kubernaut.io/toolset-port: web", "kubernaut.io/toolset-port: it has an effect only with kubernaut.io/toolset: \"true\"")]
    [InlineData("app: shop", "kubernaut.io/toolset-type: custom", "kubernaut.io/toolset-type: it has an effect only with kubernaut.io/toolset: \"true\"")]
    [InlineData("app: shop", "kubernaut.io/health-endpoint: /up", "kubernaut.io/health-endpoint: it has an effect only with kubernaut.io/toolset: \"true\"")]
    [InlineData("app: grafana", "kubernaut.io/toolset: 'true', kubernaut.io/toolset-type: grafana, kubernaut.io/toolset-prot: web", "kubernaut.io/toolset-prot: did you mean kubernaut.io/toolset-port?")]
    [InlineData("app: shop", "kubernaut.io/tolset: 'true'", "kubernaut.io/tolset: did you mean kubernaut.io/toolset?")]
    public async Task An_annotation_that_says_nothing_is_told(string labels, string annotations, string told)
    {
        string file = _folder.Write("a.yaml", $"{{kind: Service, metadata: {{name: a, labels: {{{labels}}}, annotations: {{{annotations}}}}}, spec: {{ports: [{{name: web, port: 3000}}]}}}}\n");
        (_, string output, _) = await BuiltProgram.RunAsync([], "explain", "default/a", "-f", file);
        Assert.Contains($"  ignored       {told}\n", output, StringComparison.Ordinal);
        (_, output, _) = await BuiltProgram.RunAsync([], "explain", "--all", "-f", file);
        Assert.Contains($"ignored: {told}\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubernaut.io/toolset: 'true', kubernaut.io/toolset-type: grafana, kubernaut.io/toolset-port: web")]
    [InlineData("kubernaut.io/toolset: 'false', kubernaut.io/toolset-port: web")]
    [InlineData("kubernaut.io/other: x, example.com/toolset-port: x")]
    public async Task One_that_counts_or_is_not_ours_is_not(string annotations)
    {
        string file = _folder.Write("a.yaml", $"{{kind: Service, metadata: {{name: a, labels: {{app: grafana}}, annotations: {{{annotations}}}}}, spec: {{ports: [{{name: web, port: 3000}}]}}}}\n");
        Assert.DoesNotContain("ignored", (await BuiltProgram.RunAsync([], "explain", "default/a", "-f", file)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("explain", "--all")]
    public async Task A_CA_file_with_which_no_service_starts_is_told_without_a_check(params string[] command)
    {
        string services = _folder.Write("a.yaml", "{kind: Service, metadata: {name: a, labels: {app: grafana}}, spec: {ports: [{port: 3000}]}}\n");
        foreach ((string file, string why) in new[] { ("/no/such/ca.crt", ": no such file or directory"), (_folder.Write("ca.crt", "x"), " cannot be used: it contains no certificate") })
        {
            (string, string)[] environment = [("HEALTH_CHECK_CA_FILE", file)];
            (int exitCode, _, string error) = await BuiltProgram.RunAsync(environment, [.. command, "-f", services]);
            Assert.Equal(0, exitCode);
            Assert.Contains($"warning: HEALTH_CHECK_CA_FILE: \"{file}\"{why}; a PEM file with CA certificates is needed; the service would not start with it\n", error, StringComparison.Ordinal);
            foreach ((string, string) unread in new[] { ("HEALTH_CHECK_ENABLED", "false"), ("HEALTH_CHECK_MODE", "apiserver-proxy") })
                Assert.DoesNotContain("warning", (await BuiltProgram.RunAsync([.. environment, unread], [.. command, "-f", services])).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Slips_in_overrides_are_told()
    {
        string services = _folder.Write("a.yaml", "{kind: Service, metadata: {name: a, labels: {app: grafana}}, spec: {ports: [{port: 3000}]}}\n");
        string key = _folder.Write("o.yaml", "grafana: {enable: false}\n");
        foreach (string[] command in new string[][] { ["explain", "--all"], ["generate"] })
        {
            (int exitCode, _, string error) = await BuiltProgram.RunAsync([], [.. command, "-f", services, "--overrides", key]);
            Assert.Equal(0, exitCode);
            Assert.Contains($"{key}:1:11: warning: nothing reads this key: did you mean \"enabled\"?\n", error, StringComparison.Ordinal);
        }
    }
}
