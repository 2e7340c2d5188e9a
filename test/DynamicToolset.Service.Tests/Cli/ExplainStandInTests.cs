using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>What the command says of a compatible backend beside a real one.</summary>
public sealed class ExplainStandInTests
{
    [Fact]
    public async Task Of_a_compatible_one_beside_a_real_one_it_says_that_it_stands_in_and_calls_it_no_other_name()
    {
        using var folder = new TestFolder();
        string file = folder.Write("thanos.yaml", """
            {kind: Service, metadata: {name: p, namespace: a, labels: {app: prometheus}}, spec: {selector: {app: prometheus}, ports: [{name: web, port: 9090}]}}
            ---
            {kind: Service, metadata: {name: thanos-querier-x, namespace: a}, spec: {selector: {app.kubernetes.io/instance: thanos-querier-x}, ports: [{name: http, port: 10902}]}}
            """);
        (_, string output, _) = await BuiltProgram.RunAsync([], "explain", "a/thanos-querier-x", "-f", file);
        Assert.StartsWith(
            """
            a/thanos-querier-x: prometheus

              toolset       none while a/p answers: it is only compatible with prometheus, and stands in for it only when that fails
              to have both  kubectl annotate service thanos-querier-x -n a kubernaut.io/toolset=true kubernaut.io/toolset-type=prometheus
              URL           http://thanos-querier-x.a:10902
            """,
            output,
            StringComparison.Ordinal);
        (_, output, _) = await BuiltProgram.RunAsync([], "explain", "--all", "-f", file);
        Assert.Contains("rule thanos; stands in for a/p while that does not answer", output, StringComparison.Ordinal);
        (_, output, _) = await BuiltProgram.RunAsync([], "explain", "--all", "-f", file, "-o", "json");
        Assert.Contains("\"twinOf\": null", output, StringComparison.Ordinal);
        Assert.Contains("\"standsInFor\": \"a/p\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("another name", output, StringComparison.Ordinal);
    }
}
