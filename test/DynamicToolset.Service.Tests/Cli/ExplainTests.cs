using System.Net;
using System.Text.Json;
using DynamicToolset.Rules;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>The command as it was built, with Services from a file and from the simulated API server.</summary>
public sealed class ExplainTests : IDisposable
{
    private const string Manifests = """
        {kind: Service, metadata: {name: grafana, namespace: monitoring, labels: {app: grafanna}}, spec: {ports: [{name: service, port: 3000}]}}
        ---
        {kind: Service, metadata: {name: grafana-web, namespace: monitoring, labels: {app: grafana}}, spec: {ports: [{name: web, port: 8080}, {name: admin, port: 8081}]}}
        ---
        {kind: Service, metadata: {name: shop, namespace: monitoring, labels: {app: shop}}, spec: {ports: [{name: http, port: 80}]}}
        ---
        {kind: Service, metadata: {name: p, namespace: a, labels: {app: prometheus}}, spec: {selector: {app: prometheus}, ports: [{name: web, port: 9090}]}}
        ---
        {kind: Service, metadata: {name: p-operated, namespace: a, labels: {app: prometheus}}, spec: {clusterIP: None, selector: {app: prometheus}, ports: [{name: web, port: 9090}]}}
        ---
        {kind: Service, metadata: {name: p, namespace: b, labels: {app: prometheus}}, spec: {ports: [{name: web, port: 9090}]}}
        ---
        {kind: Service, metadata: {name: bad, namespace: b, annotations: {kubernaut.io/toolset: maybe}}, spec: {ports: [{port: 80}]}}
        ---
        {kind: Service, metadata: {name: out, namespace: b, labels: {app: grafana}, annotations: {kubernaut.io/toolset: "false"}}, spec: {ports: [{name: service, port: 3000}]}}
        ---
        {kind: Service, metadata: {name: elsewhere, namespace: b, labels: {app: grafana}}, spec: {type: ExternalName, externalName: 169.254.169.254, ports: [{name: service, port: 3000}]}}
        """;

    /// <summary>In place of the shipped rule, which knows more names and ports: what it knows is none of this test's business.</summary>
    private const string Rule = """
        apiVersion: toolset.kubernaut.io/v1alpha1
        kind: DetectorRule
        metadata: {name: grafana}
        spec:
          match: {labels: {app: grafana}}
          ports: [{name: service}, {number: 3000}]
          health: {path: /api/health}
          toolset: {config: {url: "{endpoint.url}"}}
        """;

    private readonly TestFolder _folder = new();
    private readonly string _file;

    public ExplainTests()
    {
        _file = _folder.Write("services.yaml", Manifests);
        _folder.Write("detectors.d/grafana.yaml", Rule);
    }

    private (string Name, string Value) Rules => ("DETECTORS_DIR", Path.Combine(_folder.Path, "detectors.d"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("monitoring/grafana", """
        monitoring/grafana: not detected

          came closest  rule grafana
          failed        label app is "grafanna" but must be "grafana"
          to fix it     set the label app to "grafana"
          or            kubectl annotate service grafana -n monitoring kubernaut.io/toolset=true kubernaut.io/toolset-type=grafana

        """)]
    [InlineData("monitoring/grafana-web", """
          or            kubectl annotate service grafana-web -n monitoring kubernaut.io/toolset=true kubernaut.io/toolset-type=grafana kubernaut.io/toolset-port=8080
                        or another port: 8081 (admin)

        """)]
    [InlineData("monitoring/shop", """
        monitoring/shop: not detected

          why           no rule comes close: neither its name nor a label or port suggests a known type
          to have it    kubectl annotate service shop -n monitoring kubernaut.io/toolset=true kubernaut.io/toolset-type=custom

        """)]
    [InlineData("b/p", """
        b/p: prometheus

          toolset       prometheus-b-p; the name prometheus belongs to a/p: its namespace and name come first
          to swap them  set PREFERRED_NAMESPACES=b; now HolmesGPT uses only the other one
          URL           http://p.b:9090
          port          9090 (web)
          scheme        http: nothing shows https
          health        not checked: GET /-/healthy must answer 200 or 204, or 401 or 403 if it wants credentials
          found by      rule prometheus: label app is "prometheus"

        """)]
    [InlineData("a/p-operated", """
        a/p-operated: another name of a/p

          type          prometheus
          why           both lead to the same pods
          to choose it  kubectl annotate service p-operated -n a kubernaut.io/toolset=true kubernaut.io/toolset-type=prometheus

        """)]
    [InlineData("b/bad", """
        b/bad: skipped

          problem       kubernaut.io/toolset is neither "true" nor "false"
          to fix it     kubectl annotate service bad -n b --overwrite kubernaut.io/toolset=true kubernaut.io/toolset-type=custom

        """)]
    [InlineData("b/out", """
        b/out: left alone

          why           its annotation kubernaut.io/toolset is "false"
          to change it  kubectl annotate service out -n b kubernaut.io/toolset-

        """)]
    [InlineData("b/elsewhere", """
          failed        it is an ExternalName Service, which is never connected to
          to fix it     use a Service with a selector or EndpointSlices instead

        """)]
    public async Task One_Service_is_explained_in_lines(string service, string text)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([Rules], "explain", service, "-f", _file);
        Assert.Equal((0, ""), (exitCode, BuiltProgram.BesideTheView(error)));
        Assert.EndsWith(text, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_are_a_table_of_those_that_are_something_or_nearly_are()
    {
        (int exitCode, string output, _) = await BuiltProgram.RunAsync([Rules], "explain", "--all", "-f", _file);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            """
            NAMESPACE   NAME         TYPE        TOOLSET         URL                       WHY
            a           p            prometheus  prometheus      http://p.a:9090           rule prometheus
            a           p-operated   prometheus  -               http://p-operated.a:9090  another name of a/p
            b           bad          -           -               -                         skipped: kubernaut.io/toolset is neither "true" nor "false"
            b           elsewhere    -           -               -                         not grafana: it is an ExternalName Service, which is never connected to
            b           out          -           -               -                         kubernaut.io/toolset is "false"
            b           p            prometheus  prometheus-b-p  http://p.b:9090           rule prometheus; a/p has the name prometheus
            monitoring  grafana      -           -               -                         not grafana: label app is "grafanna" but must be "grafana"
            """.Split('\n'),
            output.Split('\n')[..8]);
        Assert.EndsWith("\n\n1 more Service: no rule comes near it.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_not_looked_at_is_the_reason()
    {
        (_, string output, _) = await BuiltProgram.RunAsync([("NAMESPACES", "b")], "explain", "a/p", "-f", _file);
        Assert.Equal("a/p: not considered\n\n  why           its namespace is not one of NAMESPACES\n  to fix it     add a to NAMESPACES\n", output);
        (_, output, _) = await BuiltProgram.RunAsync([("NAMESPACES", "b")], "explain", "b/p", "-f", _file);
        Assert.Contains("  toolset       prometheus\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_machines_the_shape_is_always_the_same()
    {
        (_, string output, _) = await BuiltProgram.RunAsync([Rules], "explain", "--all", "-f", _file, "-o", "json");
        using JsonDocument document = JsonDocument.Parse(output);
        Dictionary<string, JsonElement> services = document.RootElement.GetProperty("services").EnumerateArray()
            .ToDictionary(s => $"{s.GetProperty("namespace")}/{s.GetProperty("name")}");
        Assert.Equal(9, services.Count);
        Assert.All(services.Values, s => Assert.Equal(
            ["namespace", "name", "type", "toolset", "url", "rule", "twinOf", "port", "why"], s.EnumerateObject().Select(p => p.Name)));
        Assert.StartsWith(
            """{"namespace":"b","name":"p","type":"prometheus","toolset":"prometheus-b-p","url":"http://p.b:9090","rule":"prometheus","twinOf":null,"port":{"name":"web","number":9090},"why":[{"rule":"prometheus","matched":true,"failed":null}""",
            JsonSerializer.Serialize(services["b/p"]), StringComparison.Ordinal);
        Assert.StartsWith(
            """{"namespace":"a","name":"p-operated","type":"prometheus","toolset":null,"url":"http://p-operated.a:9090","rule":"prometheus","twinOf":"a/p","port":{"name":"web","number":9090},"why":[{"rule":"prometheus","matched":true,"failed":null}""",
            JsonSerializer.Serialize(services["a/p-operated"]), StringComparison.Ordinal);
        Assert.Equal(
            """{"namespace":"monitoring","name":"shop","type":null,"toolset":null,"url":null,"rule":null,"twinOf":null,"port":null,"why":[]}""",
            JsonSerializer.Serialize(services["monitoring/shop"]));
        Assert.Equal("label app is \"grafanna\" but must be \"grafana\"", services["monitoring/grafana"].GetProperty("why")[0].GetProperty("failed").GetString());
    }

    [Theory]
    [InlineData("explain", "dynamic-toolset explain: NAMESPACE/NAME of a Service is missing, or --all; see dynamic-toolset explain --help")]
    [InlineData("explain a/p --all", "dynamic-toolset explain: NAMESPACE/NAME and --all exclude each other; see dynamic-toolset explain --help")]
    [InlineData("explain p", "dynamic-toolset explain: a Service is named NAMESPACE/NAME, not \"p\"; see dynamic-toolset explain --help")]
    [InlineData("explain a/b/c", "dynamic-toolset explain: a Service is named NAMESPACE/NAME, not \"a/b/c\"; see dynamic-toolset explain --help")]
    [InlineData("explain a/\u001b[31m", "dynamic-toolset explain: a Service is named NAMESPACE/NAME, not \"a/\\u001b[31m\"; see dynamic-toolset explain --help")]
    [InlineData("explain --all -o yaml", "dynamic-toolset explain: --output takes table or json, not yaml; see dynamic-toolset explain --help")]
    [InlineData("explain z/p -f FILE", "there is no Service z/p (did you mean a/p?); dynamic-toolset explain --all shows those that may be backends")]
    [InlineData("explain monitoring/grafane -f FILE", "there is no Service monitoring/grafane (did you mean monitoring/grafana?); dynamic-toolset explain --all shows those that may be backends")]
    [InlineData("explain z/nobody -f FILE", "there is no Service z/nobody; dynamic-toolset explain --all shows those that may be backends")]
    public async Task Mistakes_end_with_2_and_one_line_that_says_what_to_do(string arguments, string told)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. arguments.Split(' ').Select(a => a == "FILE" ? _file : a)]);
        Assert.Equal((2, "", told + "\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Without_a_cluster_and_without_a_file_it_says_so()
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([("HOME", "/nonexistent")], "explain", "--all");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task The_health_is_checked_where_that_is_asked_for()
    {
        await using LoopbackBackend good = LoopbackBackend.AnsweringStatus("200 OK");
        await using LoopbackBackend bad = LoopbackBackend.AnsweringStatus("503 Service Unavailable");
        await using LoopbackBackend forbidden = LoopbackBackend.On(IPAddress.IPv6Loopback);
        (string, string)[] environment =
        [
            ("HEALTH_CHECK_RESOLVE", $"p.a:9090={good.EndPoint},p.b:9090={bad.EndPoint},p-operated.a:9090={forbidden.EndPoint}"),
            ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("HEALTH_CHECK_ATTEMPTS", "1"),
        ];
        (_, string one, _) = await BuiltProgram.RunAsync(environment, "explain", "a/p", "--probe", "-f", _file);
        Assert.Contains("  health        healthy, it answers 200: GET /-/healthy must answer 200 or 204, or 401 or 403 if it wants credentials\n", one, StringComparison.Ordinal);
        (_, string all, _) = await BuiltProgram.RunAsync(environment, "explain", "--all", "--probe", "-f", _file);
        Assert.Contains("healthy, it answers 200; rule prometheus", all, StringComparison.Ordinal);
        Assert.Contains("unhealthy, it answers 503; rule prometheus; a/p has the name prometheus", all, StringComparison.Ordinal);
        // What answers is asked what it is and then what it says of itself, until it says nothing; and what does not answer as it should is not.
        int requests = 1 + BuiltInRules.All.FindRule("prometheus")!.Fingerprint!.Requests.Length + 1;
        Assert.Equal((2 * requests, 1, 0), (good.Accepted, bad.Accepted, forbidden.Accepted));
    }

    [Fact]
    public async Task A_backend_that_wants_credentials_is_shown_with_the_override_to_write()
    {
        const string Override = "prometheus: {config: {headers: {Authorization: 'Bearer ${TOOLSET_PROMETHEUS_TOKEN}'}}}";
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("401 Unauthorized");
        (string, string)[] environment =
        [
            ("HEALTH_CHECK_RESOLVE", $"p.a:9090={backend.EndPoint},p.b:9090={backend.EndPoint}"), ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"), ("HEALTH_CHECK_ATTEMPTS", "1"),
        ];
        (_, string one, _) = await BuiltProgram.RunAsync(environment, "explain", "a/p", "--probe", "-f", _file);
        Assert.Contains(
            "  health        healthy, it answers 401 and wants credentials: GET /-/healthy must answer 200 or 204, or 401 or 403 if it wants credentials\n"
            + $"  credentials   write {Override} in overrides.yaml, and give HolmesGPT's pod the variable TOOLSET_PROMETHEUS_TOKEN\n",
            one,
            StringComparison.Ordinal);
        (_, string all, _) = await BuiltProgram.RunAsync(environment, "explain", "--all", "--probe", "-f", _file);
        Assert.Contains("healthy, it answers 401 and wants credentials; rule prometheus", all, StringComparison.Ordinal);
        (_, string json, _) = await BuiltProgram.RunAsync(environment, "explain", "a/p", "--probe", "-f", _file, "-o", "json");
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement health = document.RootElement.GetProperty("services")[0].GetProperty("health");
        Assert.Equal((true, "credentials", 401), (health.GetProperty("healthy").GetBoolean(), health.GetProperty("reason").GetString(), health.GetProperty("status").GetInt32()));
        Assert.Equal(Override, health.GetProperty("override").GetString());
        (int exitCode, string configMap, string error) = await BuiltProgram.RunAsync(environment, "generate", "--probe", "-f", _file);
        Assert.Equal(0, exitCode);
        Assert.Contains("  prometheus-toolset.yaml: |", configMap, StringComparison.Ordinal);
        Assert.Contains($"a/p: answers and wants credentials: write {Override} in overrides.yaml", error, StringComparison.Ordinal);
        string overrides = _folder.Write("overrides.yaml", Override + "\n");
        (_, _, error) = await BuiltProgram.RunAsync(environment, "generate", "--probe", "-f", _file, "--overrides", overrides);
        Assert.DoesNotContain("a/p", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("direct")]
    public async Task A_name_that_means_nothing_outside_of_the_cluster_says_nothing_of_the_backend_and_what_to_do(string mode)
    {
        (string, string)[] environment = [("HEALTH_CHECK_MODE", mode), ("HEALTH_CHECK_ATTEMPTS", "1"), ("CLUSTER_DOMAIN", "cluster.invalid")];
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(environment, "explain", "a/p", "--probe", "-f", _file);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Health checks connect directly from outside of the cluster, and do not reach every backend: ", error, StringComparison.Ordinal);
        Assert.Single(BuiltProgram.BesideTheView(error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("  health        not known, dns: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_cluster_that_is_reached_from_outside_checks_go_through_its_API_server()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("grafana");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", "monitoring/grafana", "--probe");
        Assert.Equal((0, ""), (exitCode, BuiltProgram.BesideTheView(error)));
        Assert.Contains("  health        healthy, it answers 200: ", output, StringComparison.Ordinal);
        cluster.SetAnswer(new("monitoring", "grafana"), SampleAnswer.Unavailable);
        (_, output, _) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", "monitoring/grafana", "--probe");
        Assert.Contains("  health        unhealthy, it answers 503: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_is_read_and_not_written()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("grafana", "monitoring");
        cluster.AddService("prometheus", "elsewhere");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(
            [("KUBECONFIG", cluster.Kubeconfig), ("NAMESPACES", "monitoring")], "explain", "elsewhere/prometheus");
        Assert.Equal((0, ""), (exitCode, BuiltProgram.BesideTheView(error)));
        Assert.StartsWith("elsewhere/prometheus: not considered\n", output, StringComparison.Ordinal);
        (_, output, _) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "explain", "monitoring/grafana");
        Assert.Contains("  URL           http://grafana.monitoring:3000\n", output, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Writes());
    }
}
