using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>What a backend answered the service stands in the ConfigMap: whoever does not ask again takes it from there.</summary>
public sealed class AnsweredTypeTests : IDisposable
{
    private const string Ports = "spec: {selector: {app: x}, ports: [{name: http, port: 16686}]}";
    private const string Jaeger = "{apiVersion: v1, kind: Service, metadata: {name: j, namespace: traces, labels: {app: jaeger}}, " + Ports + "}\n";
    private const string Zipkin = "{apiVersion: v1, kind: Service, metadata: {name: j, namespace: traces, annotations: "
        + "{kubernaut.io/toolset: 'true', kubernaut.io/toolset-type: zipkin, kubernaut.io/toolset-port: http}}, " + Ports + "}\n";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_Jaeger_that_stands_there_as_a_Zipkin_is_one_to_diff_generate_and_explain()
    {
        (_, string written, _) = await BuiltProgram.RunAsync([], "generate", "-f", _folder.Write("zipkin.yaml", Zipkin));
        string services = _folder.Write("jaeger.yaml", Jaeger), configMap = _folder.Write("cm.yaml", written);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "diff", "-f", services, "--configmap", configMap);
        Assert.True(exitCode == 0, output + error);
        (_, string generated, _) = await BuiltProgram.RunAsync([], "generate", "-f", services, "-f", configMap);
        Assert.Contains("zipkin-toolset.yaml: |", generated, StringComparison.Ordinal);
        Assert.DoesNotContain("jaeger-toolset.yaml", generated, StringComparison.Ordinal);
        (_, string explained, _) = await BuiltProgram.RunAsync([], "explain", "--all", "-f", services, "-f", configMap);
        Assert.Matches("(?m)^traces +j +zipkin ", explained);
    }
}
