using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Sandbox;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Access;

/// <summary>The whole service in front of a simulated API server over HTTPS that holds <c>deploy/base</c>. What it remembers of callers goes by a clock of the test.</summary>
internal sealed class GuardedService : IAsyncDisposable
{
    public const string Reviews = "tokenreviews";
    public const string Rights = "subjectaccessreviews";

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new();
    private readonly ILoggerFactory _loggers;
    private TestCluster? _cluster;
    private KubeApiClient? _api;
    private RunningController? _controller;
    private MetricScraper? _scraper;
    private Task _running = Task.CompletedTask;
    private Listening? _listening;

    private GuardedService() => _loggers = LoggerFactory.Create(l => l.AddProvider(Lines).SetMinimumLevel(LogLevel.Debug));

    public TestCluster Cluster => _cluster!;

    public KubeSim Sim => Cluster.Api;

    public ObservedTime Time { get; } = new();

    public LogLines Lines { get; } = new();

    /// <summary>Answers a review instead of the simulated server: of its resource and spec the status; null leaves it to the server.</summary>
    public Func<string, JsonObject, Task<JsonObject?>>? Review { get; set; }

    /// <summary>The token of an account that may do everything there is to do.</summary>
    public string Token => field ??= Sim.IssueToken(new ObjectKey("kubernaut-system", "dynamic-toolset-sa"), TimeSpan.FromHours(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<GuardedService> StartAsync(Func<Settings, Settings>? change = null)
    {
        var service = new GuardedService();
        service._cluster = await TestCluster.StartAsync(new KubeSimOptions { Intercept = service.InterceptAsync });
        foreach (string file in (string[])["namespace", "serviceaccount", "rbac", "api-rbac"])
            Assert.Null(SandboxManifests.Load(service.Sim, await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, $"deploy/base/{file}.yaml"), Stop), keepPresent: true));
        service.Cluster.AddService("prometheus");
        Settings settings = TestCluster.Defaults() with { AuthEnabled = true };
        settings = change?.Invoke(settings) ?? settings;
        service.Cluster.RequestTimeout = TimeSpan.FromSeconds(30);
        service._api = service.Cluster.Connect();
        service._scraper = new MetricScraper(service.Cluster.Metrics);
        service._controller = service.Cluster.Create(TimeProvider.System, settings);
        var host = new ServiceHost(settings, service._controller.Controller, service._api, service.Cluster.States, service._scraper, service.Time, service._loggers)
        {
            Address = IPAddress.Loopback,
            OnListening = listening => service._listening = listening,
        };
        service._running = host.RunAsync(service._stop.Token);
        await service.Cluster.HasKeysAsync("kubernetes", "prometheus");
        return service;
    }

    /// <summary>A token of a new ServiceAccount that may do nothing yet.</summary>
    public string NewAccount(string ns, string name)
    {
        Cluster.Load($"{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: {name}, namespace: {ns}}}}}");
        return Sim.IssueToken(new ObjectKey(ns, name), TimeSpan.FromHours(1));
    }

    /// <summary>Gives an account a ClusterRole in its own namespace.</summary>
    public void Bind(string ns, string name, string clusterRole) => Cluster.Load($$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: {{name}}, namespace: {{ns}} }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{clusterRole}} }
        subjects: [ { kind: ServiceAccount, name: {{name}}, namespace: {{ns}} } ]
        """);

    public Task<ApiAnswer> AskAsync(string path, string? token = null, string from = "127.0.0.1") =>
        AskAsync(path, token is null ? [] : [$"Bearer {token}"], from);

    /// <param name="authorization">Each a header of its own.</param>
    /// <param name="from">An address of loopback, all of which are here.</param>
    public async Task<ApiAnswer> AskAsync(string path, string[] authorization, string from = "127.0.0.1", Action<HttpRequestMessage>? change = null)
    {
        Uri root = path == "/metrics" ? _listening!.Metrics : _listening!.Api;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, path));
        foreach (string header in authorization)
            request.Headers.TryAddWithoutValidation("Authorization", header);
        change?.Invoke(request);
        using HttpResponseMessage response = await ClientFrom(from).SendAsync(request, Stop);
        string body = await response.Content.ReadAsStringAsync(Stop);
        return new ApiAnswer(
            (int)response.StatusCode,
            body.StartsWith('{') && response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonNode.Parse(body)!.AsObject() : null,
            response.Headers.WwwAuthenticate.ToString(),
            response.Headers.RetryAfter?.Delta,
            body);
    }

    /// <summary>The status that a request is answered with which no client would send.</summary>
    /// <param name="lines">The request line and headers; <c>Host</c> is among them already.</param>
    public async Task<int> SendAsync(params string[] lines)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _listening!.Api.Port, Stop);
        await using NetworkStream stream = tcp.GetStream();
        string request = string.Concat([lines[0], "\r\nHost: a\r\nConnection: close\r\n", .. lines[1..].Select(line => line + "\r\n"), "\r\n"]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), Stop);
        using var reader = new StreamReader(stream);
        string? answer = await reader.ReadLineAsync(Stop);
        return answer?.Split(' ') is [_, var status, ..] ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>How many reviews were asked for.</summary>
    public int Count(string resource) => Sim.Requests.Count("create", resource);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WithPatienceAsync();
        foreach (HttpClient client in _clients.Values)
            client.Dispose();
        _scraper?.Dispose();
        await _controller!.DisposeAsync();
        _api?.Dispose();
        await Cluster.DisposeAsync();
        _loggers.Dispose();
        _stop.Dispose();
    }

    private HttpClient ClientFrom(string address) => _clients.GetOrAdd(address, from => new HttpClient(new SocketsHttpHandler
    {
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        Timeout = Patience.Limit,
    });

    private async Task<bool> InterceptAsync(HttpContext context)
    {
        string resource = context.Request.Path.Value!.Split('/')[^1];
        if (Review is null || resource is not (Reviews or Rights))
            return false;
        context.Request.EnableBuffering();
        JsonObject spec = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Stop))!["spec"]!.AsObject();
        context.Request.Body.Position = 0;
        if (await Review(resource, spec) is not { } status)
            return false;
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["status"] = status }.ToJsonString(), Stop);
        return true;
    }
}

/// <summary>What somebody who calls the API is told.</summary>
/// <param name="Problem">Null where it is none.</param>
/// <param name="Challenge">Of the header <c>WWW-Authenticate</c>.</param>
internal sealed record ApiAnswer(int Status, JsonObject? Problem, string Challenge, TimeSpan? RetryAfter, string Body)
{
    public string? Code => (string?)Problem?["code"];

    public string Detail => (string?)Problem?["detail"] ?? "";
}
