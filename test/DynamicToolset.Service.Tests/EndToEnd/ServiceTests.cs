using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.Hosting;

namespace DynamicToolset.Service.Tests.EndToEnd;

public sealed class ServiceTests
{
    [Fact]
    public async Task It_answers_health_paths_also_while_the_endpoints_learn_of_its_stop()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        // So long that the test sees what happens meanwhile, be the machine as busy as it may; its end is not waited for.
        await using PublishedProgram program = Start(cluster, port: 0, ("SHUTDOWN_DELAY", "4m"), ("SHUTDOWN_TIMEOUT", "5m"));
        int port = ListeningLine.Ports(await program.LineAsync(ListeningLine.Text)).Api;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await cluster.HasKeysAsync("kubernetes", "prometheus");
        foreach (string path in (string[])["/healthz", "/livez", "/health", "/readyz", "/ready"])
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);

        await program.SignalAsync("TERM");
        await TestCluster.EventuallyAsync(() => Status(http, "/readyz") == HttpStatusCode.ServiceUnavailable, "it is no longer ready, and still answers");
        Assert.Equal(HttpStatusCode.OK, Status(http, "/healthz"));
    }

    [Fact]
    public async Task It_keeps_the_messages_that_operators_search_for()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using PublishedProgram program = Start(cluster, port: 0);
        await program.LineAsync("\"msg\":\"ConfigMap created\"");
        string found = await program.LineAsync("\"msg\":\"Service discovery complete\"");
        Assert.Contains("\"discovered_count\":1,\"prometheus_count\":1,\"grafana_count\":0", found);
        Assert.Contains("\"version\":", found);
        cluster.SetData("prometheus-toolset.yaml", "x");
        Assert.Contains("\"keys\":[\"prometheus-toolset.yaml\"],\"action\":\"reconciling\"", await program.LineAsync("\"msg\":\"Drift detected\""));
        await program.LineAsync("\"msg\":\"ConfigMap updated\"");
        cluster.DeleteConfigMap();
        Assert.Contains("\"level\":\"error\"", await program.LineAsync("\"msg\":\"ConfigMap not found\""));
        await program.LineAsync("\"msg\":\"ConfigMap recreated\"");
        cluster.SetAnswer(new ObjectKey("monitoring", "prometheus"), SampleAnswer.Unavailable);
        Assert.Contains("\"service_type\":\"prometheus\"", await program.LineAsync("\"msg\":\"Service health check failed, skipping\""));
        Assert.All(program.Output, line => Assert.NotNull(JsonNode.Parse(line)!["timestamp"]));
    }

    [Fact]
    public async Task It_waits_for_an_API_server_that_is_not_there_yet()
    {
        Socket taken = TakePort(out int apiPort);
        string kubeconfig = Path.GetTempFileName();
        KubeSimOptions options = new() { Port = apiPort, Token = "t0ken", Tls = false };
        await File.WriteAllTextAsync(kubeconfig, PlainKubeconfig(apiPort), TestContext.Current.CancellationToken);
        await using PublishedProgram program = PublishedProgram.Start([("KUBECONFIG", kubeconfig), ("PORT", "0"), ("METRICS_PORT", "0"), ("SHUTDOWN_DELAY", "0s")], "run");
        Assert.Contains("\"error\":", await program.LineAsync("\"msg\":\"Failed to list services\""));
        taken.Dispose();
        await using KubeSim api = await KubeSim.StartAsync(options, TestContext.Current.CancellationToken);
        SandboxManifests.EnsureNamespace(api, TestCluster.ConfigMapKey.Namespace);
        await program.LineAsync("\"msg\":\"ConfigMap created\"");
        Assert.Equal(0, await program.TerminateAsync());
        File.Delete(kubeconfig);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_of_the_surroundings()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        await using PublishedProgram program = Start(cluster, ((IPEndPoint)taken.LocalEndpoint).Port);
        Assert.Equal(2, await program.WaitAsync());
    }

    [Fact]
    public async Task Without_a_kubeconfig_it_says_what_to_do()
    {
        (int exitCode, string _, string error) = await PublishedProgram.RunAsync([("HOME", "/nonexistent")], "run", "--port", "0", "--metrics-port", "0");
        Assert.Equal(2, exitCode);
        Assert.Contains("KUBECONFIG", error);
    }

    [Fact]
    public async Task Generate_reads_the_cluster_and_writes_nothing_to_it()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}, data: {overrides.yaml: \"mine: {url: http://mine.shop:8080}\"}}");
        (int exitCode, string output, string error) = await PublishedProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "generate", "-o", "json");
        Assert.Equal((0, ""), (exitCode, BuiltProgram.BesideTheView(error)));
        JsonObject data = JsonNode.Parse(output)!["data"]!.AsObject();
        Assert.Equal(["kubernetes-toolset.yaml", "prometheus-toolset.yaml", "mine-toolset.yaml", "holmes-toolsets.yaml", "overrides.yaml"], data.Select(d => d.Key));
        Assert.Equal(0, cluster.Writes());
    }

    [Fact]
    public async Task Generate_leaves_out_what_does_not_answer_when_it_is_to_probe()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            "{apiVersion: v1, kind: Service, metadata: {name: p, namespace: n, labels: {app: prometheus}}, spec: {ports: [{port: 9090}]}}",
            TestContext.Current.CancellationToken);
        using Socket taken = TakePort(out int port);
        (int exitCode, string output, string error) = await PublishedProgram.RunAsync(
            [("HEALTH_CHECK_RESOLVE", $"p.n:9090=127.0.0.1:{port}"), ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"), ("HEALTH_CHECK_RETRY_INTERVAL", "1ms")],
            "generate",
            "--probe",
            "-f",
            file);
        File.Delete(file);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("prometheus", output);
        Assert.Contains("n/p: skipped: health check of http://p.n:9090 failed: refused", error);
    }

    private static PublishedProgram Start(TestCluster cluster, int port, params (string Name, string Value)[] more) => PublishedProgram.Start(
        [
            ("KUBECONFIG", cluster.Kubeconfig),
            ("PORT", $"{port}"),
            ("METRICS_PORT", "0"),
            ("SHUTDOWN_DELAY", "0s"),
            ("HEALTH_CHECK_MODE", "direct"),
            ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("HEALTH_CHECK_RESOLVE", $"prometheus.monitoring:9090={cluster.BackendAddress("prometheus.monitoring")}"),
            ("HEALTH_CHECK_INTERVAL", "1s"),
            ("HEALTH_CHECK_RETRY_INTERVAL", "10ms"),
            .. more,
        ],
        "run");

    private static HttpStatusCode Status(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using HttpResponseMessage response = http.Send(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>Bound but not listening: connections are refused, and nobody else can take the port meanwhile.</summary>
    private static Socket TakePort(out int port)
    {
        var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        return taken;
    }

    private static string PlainKubeconfig(int port) => $$"""
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [ { name: c, cluster: { server: "http://127.0.0.1:{{port}}" } } ]
        contexts: [ { name: c, context: { cluster: c, user: u } } ]
        users: [ { name: u, user: { token: t0ken } } ]
        """;
}
