using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>
/// The service as a process, at its most talkative, in a cluster in which a secret stands wherever one can: in what it is given, in Services, in overrides, in
/// what others write, in what backends and HolmesGPT answer. Everything goes wrong in turn, and nothing that the service says holds one.
/// </summary>
public sealed class PlantedSecretTests
{
    /// <summary>Part of each secret.</summary>
    private const string Secret = "hunter2";

    private const string Answer = "Set-Cookie: hunter2\r\nServer: hunter2\r\nLocation: http://a:hunter2@b/\r\nWWW-Authenticate: hunter2\r\nContent-Length: 7\r\n\r\nhunter2";

    private static readonly string[] Backends =
    [
        $"HTTP/1.1 200 hunter2\r\n{Answer}", $"HTTP/1.1 500 hunter2\r\n{Answer}", $"HTTP/1.1 302 hunter2\r\n{Answer}", $"HTTP/1.1 401 hunter2\r\n{Answer}",
        "hunter2 is no HTTP\r\n\r\n", "HTTP/1.1 200 OK\r\nhunter2 is no header\r\n\r\n", "HTTP/1.1 hunter2 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: hunter2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhunter2\r\n",
    ];

    private static readonly string[] Annotations = ["toolset", "toolset-type", "toolset-name", "health-endpoint", "toolset-port", "toolset-scheme"];

    /// <summary>What is written into overrides.yaml, and what the log says of it.</summary>
    private static readonly (string Overrides, string Told)[] Overrides =
    [
        ("""
         s0: {config: {apiKey: hunter2, headers: {X-Token: hunter2, Authorization: Bearer hunter2}, url: "http://a:hunter2@b:80/", "a.b": hunter2}}
         prometheus: {config: {apiKey: hunter2, headers: {X-Token: hunter2}, additional_headers: {X: hunter2}, "c.d": {e: hunter2}}}
         grafana: {config: {token: hunter2}}
         mine: {config: {url: "http://a:hunter2@c:80/", password: hunter2}, description: hunter2, llm_instructions: hunter2}
         idle: {config: {token: hunter2}}
         """, "Override is ignored for now"),
        ("s0: {config: {apiKey: \"hunter2}", "Malformed overrides"),
        ("prometheus: {config: {additional_headers: hunter2}}", ""),
        ("s0: hunter2", ""),
        ("s0: {enabled: hunter2}", ""),
        ("s0: [hunter2]", ""),
        ("s0: {tools: [hunter2]}", ""),
        ("s0: {config: hunter2}", ""),
        ("- hunter2", ""),
        ("s0: &hunter2 {config: *hunter2}", ""),
        ("s0: !hunter2 x", ""),
        ("s0: {config: {a: hunter2, a: hunter2}}", ""),
        ("s0:\n\thunter2: 1", ""),
        ("hunter2", ""),
        ("{}", "Overrides are valid again"),
    ];

    private readonly ConcurrentQueue<string> _lines = new();

    [Theory]
    [InlineData("json", "HTTP/1.1 500 hunter2\r\nX: hunter2\r\nContent-Length: 7\r\n\r\nhunter2")]
    [InlineData("text", "hunter2 is no HTTP\r\n\r\n")]
    public async Task Nothing_that_the_service_says_holds_one(string format, string answerOfHolmes)
    {
        await using LoopbackBackend holmes = LoopbackBackend.Answering(answerOfHolmes);
        LoopbackBackend[] backends = [.. Backends.Select(b => LoopbackBackend.Answering(b))];
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions { Token = "hunter2-admin" });
        LoadServices(cluster);
        using var folder = new TestFolder();
        (string, string)[] environment =
        [
            ("KUBECONFIG", cluster.Kubeconfig), ("LOG_LEVEL", "debug"), ("LOG_FORMAT", format), ("PORT", "0"), ("METRICS_PORT", "0"), ("SHUTDOWN_DELAY", "0s"),
            ("HOLMES_RELOAD_URL", $"http://{holmes.EndPoint}/reload?token=hunter2"), ("HOLMES_RELOAD_API_KEY", "hunter2-key"),
            ("HEALTH_CHECK_MODE", "direct"), ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"), ("HEALTH_CHECK_INTERVAL", "1s"), ("HEALTH_CHECK_RETRY_INTERVAL", "10ms"),
            ("HEALTH_CHECK_RESOLVE", string.Join(',', backends.Select((b, i) => $"s{i}.m:80={b.EndPoint}").Append($"prometheus.m:9090={backends[0].EndPoint}"))),
            ("RECONCILIATION_INTERVAL", "1s"), ("DISCOVERY_INTERVAL", "1s"), ("JOURNAL_DIR", folder.Path),
        ];
        using Process process = BuiltProgram.Start(environment, "run", "--yes");
        process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        await ProvokeAsync(cluster);
        _lines.Enqueue(await LookAsync(PortsOf(await ToldAsync("Listening"))));
        await BuiltProgram.SignalAsync(process, "TERM");
        await BuiltProgram.WaitAsync(process);
        await Task.WhenAll(backends.Select(b => b.DisposeAsync().AsTask()));
        foreach (JsonObject told in cluster.Api.Store.List(KubeResource.Events))
            _lines.Enqueue(told.ToJsonString());
        _lines.Enqueue(cluster.ConfigMap()!["metadata"]!["annotations"]!.ToJsonString());

        string journal = Assert.Single(Directory.GetFiles(folder.Path));
        foreach (string line in await File.ReadAllLinesAsync(journal, TestContext.Current.CancellationToken))
            _lines.Enqueue(line);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "replay", journal);
        Assert.True(exitCode == 0, $"{error}\n{output}");
        _lines.Enqueue(output);

        string[] said = [.. _lines];
        Assert.All(said, line => Assert.DoesNotContain(Secret, line, StringComparison.OrdinalIgnoreCase));
        Assert.True(said.Length > 50, string.Join('\n', said));
    }

    /// <summary>Each thing that can go wrong, and what the log says of it: only then it has.</summary>
    private async Task ProvokeAsync(TestCluster cluster)
    {
        await ToldAsync("ConfigMap created");
        await ToldAsync("Malformed annotation, skipping");
        await ToldAsync("Service health check failed, skipping");
        await ToldAsync("Backend wants credentials");
        await ToldAsync("HolmesGPT could not be told to reload its toolsets");
        foreach ((string overrides, string told) in Overrides)
        {
            cluster.SetData("overrides.yaml", overrides);
            string version = cluster.Version();
            if (told.Length > 0)
                await ToldAsync(told);
            else
                await TestCluster.EventuallyAsync(() => cluster.Version() != version, "the error stands in the annotation");
        }

        cluster.SetData("prometheus-toolset.yaml", "hunter2");
        cluster.SetData("foreign", "hunter2");
        cluster.Patch("""{"binaryData": {"x-toolset.yaml": "aHVudGVyMg=="}, "metadata": {"annotations": {"hunter": "hunter2", "kubernaut.io/last-change": "hunter2"}}}""");
        await ToldAsync("Drift detected");
        await ToldAsync("Key is not managed by the service, keeping it");
        cluster.DeleteConfigMap();
        await ToldAsync("ConfigMap recreated");
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "patch", "configmaps"));
        cluster.SetData("prometheus-toolset.yaml", "hunter2 again");
        await ToldAsync("Failed to write ConfigMap");
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.InternalServerError), "list", "services", Times: 3));
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Gone), "watch", "services", Times: 3));
        cluster.Api.DropWatches(abort: true);
        await ToldAsync("Failed to list services");
        cluster.Patch("""{"immutable": true}""");
        cluster.Api.Store.Delete(KubeResource.Services, new ObjectKey("m", "prometheus"));
        await ToldAsync("ConfigMap cannot be written");
    }

    private async Task<string> ToldAsync(string text)
    {
        await TestCluster.EventuallyAsync(() => _lines.Any(l => l.Contains(text, StringComparison.Ordinal)), $"the log says {text}");
        return _lines.First(l => l.Contains(text, StringComparison.Ordinal));
    }

    private static int[] PortsOf(string listening) => [.. Regex.Matches(listening, "http://[^\"]+:([0-9]+)").Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    /// <summary>What the ports answer, also to who asks with a token or in a way that is no HTTP.</summary>
    private static async Task<string> LookAsync(int[] ports)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "hunter2-bearer");
        var said = new StringBuilder();
        foreach (string path in (string[])[$"{ports[0]}/healthz?verbose&token=hunter2", $"{ports[0]}/readyz?verbose&token=hunter2", $"{ports[1]}/metrics?token=hunter2", $"{ports[0]}/hunter2"])
        {
            using HttpResponseMessage answer = await http.GetAsync($"http://127.0.0.1:{path}", TestContext.Current.CancellationToken);
            said.Append(answer.Headers).Append(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Append('\n');
        }

        using var raw = new TcpClient("127.0.0.1", ports[0]);
        await using NetworkStream stream = raw.GetStream();
        await stream.WriteAsync("GET /hunter2 hunter2\r\nAuthorization hunter2\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return said.Append(await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ToString();
    }

    private static void LoadServices(TestCluster cluster)
    {
        for (int i = 0; i < Backends.Length; i++)
            Load(cluster, $"s{i}", 80, "kubernaut.io/toolset: \"true\", kubernaut.io/toolset-type: custom");
        Load(cluster, "prometheus", 9090, "x: hunter2", "app: prometheus");
        foreach (string annotation in Annotations)
            Load(cluster, $"bad-{annotation}", 80, string.Join(", ", Annotations.Select(a => $"kubernaut.io/{a}: \"{ValueOf(a, isBad: a == annotation)}\"")));
    }

    private static string ValueOf(string annotation, bool isBad) => (annotation, isBad) switch
    {
        (_, true) => "hunter2 {{ hunter2 }}",
        ("toolset", _) => "true",
        ("toolset-type", _) => "custom",
        ("toolset-name", _) => "fine",
        ("health-endpoint", _) => "/health",
        ("toolset-port", _) => "http",
        _ => "http",
    };

    private static void Load(TestCluster cluster, string name, int port, string annotations, string labels = "y: z") => cluster.Load($$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
          namespace: m
          labels: { {{labels}}, secret: hunter2 }
          annotations: { {{annotations}}, kubectl.kubernetes.io/last-applied-configuration: '{"password":"hunter2"}' }
        spec: { selector: { app: hunter2 }, ports: [ { name: {{(port == 80 ? "http" : "web")}}, port: {{port}} } ] }
        """);
}
