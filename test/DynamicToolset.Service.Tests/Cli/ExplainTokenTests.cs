using System.Security.Cryptography.X509Certificates;
using System.Text;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>A backend behind a guard, and the token of HEALTH_CHECK_TOKEN_FILES, as a person meets them.</summary>
public sealed class ExplainTokenTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly X509Certificate2 _authority = TestCertificates.Authority("ours");
    private readonly string _services, _ca, _token;

    public ExplainTokenTests()
    {
        _services = _folder.Write(
            "services.yaml",
            "{kind: Service, metadata: {name: thanos-querier, namespace: NS, labels: {app.kubernetes.io/name: thanos-querier}}, spec: {ports: [{name: web, port: 9091}]}}\n"
                .Replace("NS", "openshift-monitoring", StringComparison.Ordinal));
        _ca = _folder.Write("ca.crt", _authority.ExportCertificatePem());
        _token = _folder.Write("token", "s3cr3t\n");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("thanos/openshift-monitoring", "s3cr3t", "healthy, it answers 401 and wants credentials, and 200 to the token of HEALTH_CHECK_TOKEN_FILES")]
    [InlineData("thanos/openshift-monitoring", "other", "healthy, it answers 401 and wants credentials, and refuses the token of HEALTH_CHECK_TOKEN_FILES")]
    [InlineData("thanos/openshift-user-workload-monitoring", "s3cr3t", "healthy, it answers 401 and wants credentials")]
    [InlineData("prometheus/openshift-monitoring", "s3cr3t", "healthy, it answers 401 and wants credentials")]
    public async Task It_is_told_what_came_of_it_and_that_HolmesGPT_still_needs_one(string whom, string accepted, string words)
    {
        using X509Certificate2 certificate = TestCertificates.For("thanos-querier.openshift-monitoring", _authority);
        LoopbackBackend? guard = null;
        await using LoopbackBackend backend = guard = LoopbackBackend.Scripted(
            async (stream, stop) =>
            {
                bool isLetIn = guard!.Requests.Last().Contains($"Authorization: Bearer {accepted}\r\n", StringComparison.Ordinal);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(isLetIn ? "200 OK" : "401 Unauthorized")}\r\nContent-Length: 0\r\n\r\n"), stop);
            },
            certificate);
        (string, string)[] environment =
        [
            ("HEALTH_CHECK_RESOLVE", $"thanos-querier.openshift-monitoring:9091={backend.EndPoint}"), ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("HEALTH_CHECK_ATTEMPTS", "1"), ("HEALTH_CHECK_CA_FILE", _ca), ("HEALTH_CHECK_TOKEN_FILES", $"{whom}={_token}"),
        ];
        (_, string output, string error) = await BuiltProgram.RunAsync(environment, "explain", "openshift-monitoring/thanos-querier", "--probe", "-f", _services);
        Assert.Matches($"(?m)^  health +{words}(: |$)", output);
        Assert.Contains("TOOLSET_PROMETHEUS_TOKEN", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", output + error, StringComparison.Ordinal);
        Assert.Equal(words.Contains("token", StringComparison.Ordinal), backend.Requests.Any(r => r.Contains("s3cr3t", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("not-there", "no such file")]
    [InlineData("two words", "cannot be used: a file with a bearer token, and nothing else, is needed")]
    public async Task A_file_that_is_of_no_use_is_told_at_the_start(string content, string problem)
    {
        string file = content == "not-there" ? $"{_folder.Path}/{content}" : _folder.Write("bad", content);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(
            [("HEALTH_CHECK_CA_FILE", _ca), ("HEALTH_CHECK_TOKEN_FILES", $"thanos/openshift-monitoring={file}")], "generate", "--probe", "-f", _services);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("HEALTH_CHECK_TOKEN_FILES: ", error, StringComparison.Ordinal);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }
}
