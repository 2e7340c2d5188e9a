using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Client;
using DynamicToolset.Client.Models;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <content>The REST API by a client that was made from its description alone.</content>
public abstract partial class DeployedServiceContract
{
    private static readonly Dictionary<string, Func<ApiClient, Task>> Operations = new()
    {
        ["ListToolsets"] = api => api.Api.V1.Toolsets.GetAsync(cancellationToken: Stop),
        ["GetToolset"] = api => api.Api.V1.Toolsets["kubernetes"].GetAsync(cancellationToken: Stop),
        ["ListServices"] = api => api.Api.V1.Services.GetAsync(cancellationToken: Stop),
        ["ExplainServices"] = api => api.Api.V1.Services.Explain.GetAsync(cancellationToken: Stop),
        ["ExplainService"] = api => api.Api.V1.Services["monitoring"]["prometheus"].Explain.GetAsync(cancellationToken: Stop),
        ["GetStatus"] = api => api.Api.V1.Status.GetAsync(cancellationToken: Stop),
        ["Discover"] = api => api.Api.V1.Discover.PostAsync(new DiscoveryRequest(), cancellationToken: Stop),
        ["GetDiscovery"] = api => api.Api.V1.Discover["nobody.1.x"].GetAsync(cancellationToken: Stop),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_made_from_the_description_reads_all_there_is_and_meets_nothing_else()
    {
        await using PublishedProgram program = await StartConvergedAsync();
        using HttpClient http = await HttpAsync(program, await Service.TokenAsync("dynamic-toolset-sa"));
        ApiClient api = ClientOf(http);

        ToolsetList toolsets = (await api.Api.V1.Toolsets.GetAsync(q => q.QueryParameters.Healthy = true, Stop))!;
        Toolset prometheus = Assert.Single(toolsets.Toolsets!);
        Assert.Equal(("prometheus", true, "http://prometheus.monitoring:9090"), (prometheus.Name, prometheus.Healthy, prometheus.ServiceEndpoint));
        Assert.Equal(VersionOf((await Service.ReadAsync())!), toolsets.ConfigMapVersion);
        Toolset one = (await api.Api.V1.Toolsets["prometheus"].GetAsync(cancellationToken: Stop))!;
        Assert.All(one.HealthHistory!, check => Assert.Equal("healthy", check.Status));
        Client.Models.Service service = Assert.Single((await api.Api.V1.Services.GetAsync(q => q.QueryParameters.Type = "prometheus", Stop))!.Services!);
        Assert.Equal(("prometheus", "monitoring", "prometheus"), (service.Name, service.Namespace, service.Labels!.AdditionalData["app"]));
        Assert.Contains((await api.Api.V1.Services.Explain.GetAsync(cancellationToken: Stop))!.Services!, s => s.Name == "prometheus");
        ExplainedService explained = Assert.Single((await api.Api.V1.Services["monitoring"]["prometheus"].Explain.GetAsync(cancellationToken: Stop))!.Services!);
        Assert.Equal("http://prometheus.monitoring:9090", explained.Url);
        Status status = (await api.Api.V1.Status.GetAsync(cancellationToken: Stop))!;
        Assert.Equal((true, 1), (status.Converged, status.Counts!.Services!.AdditionalData.Count));
        IAdditionalDataHolder[] all = [toolsets, prometheus, one, service, explained, status];
        Assert.All(all, known => Assert.Empty(known.AdditionalData));
    }

    [Fact]
    public async Task A_client_made_from_the_description_asks_for_a_discovery_and_hears_what_came_of_it()
    {
        await using PublishedProgram program = await StartConvergedAsync();
        using HttpClient http = await HttpAsync(program, await Service.TokenAsync("dynamic-toolset-sa"));
        ApiClient api = ClientOf(http);
        DiscoveryAccepted accepted = (await api.Api.V1.Discover.PostAsync(new DiscoveryRequest { Force = true, Namespaces = ["monitoring"], ServiceTypes = ["prometheus"] }, cancellationToken: Stop))!;
        Client.Models.Discovery job = new();
        await Patience.EventuallyAsync(
            async () => (job = (await api.Api.V1.Discover[accepted.JobId!].GetAsync(cancellationToken: Stop))!).State != "running", () => $"the discovery has ended: {job.State}");
        Assert.Equal(("succeeded", true, 1), (job.State, job.Force, job.Result!.Healthy));
        Assert.Equal(["prometheus"], job.Result.Toolsets!.NamesProp);
    }

    [Fact]
    public async Task A_client_made_from_the_description_is_told_each_error_as_the_problem_that_it_is()
    {
        Assert.Equal(OperationIds(), Operations.Keys.Order(StringComparer.Ordinal));
        string stranger = $"jo-{Guid.NewGuid():N}"[..12];
        await Service.Kubectl.RunAsync("create", "serviceaccount", stranger, "-n", "kubernaut-system");
        await using PublishedProgram program = await StartConvergedAsync();
        using HttpClient nobody = await HttpAsync(program, ""), forged = await HttpAsync(program, "x.y.z");
        using HttpClient jo = await HttpAsync(program, await Service.TokenAsync(stranger));
        using HttpClient known = await HttpAsync(program, await Service.TokenAsync("dynamic-toolset"));
        ApiClient api = ClientOf(known);
        foreach (Func<ApiClient, Task> ask in Operations.Values)
        {
            await IsRefusedAsync(401, "noToken", () => ask(ClientOf(nobody)));
            await IsRefusedAsync(401, "invalidToken", () => ask(ClientOf(forged)));
            await IsRefusedAsync(403, "forbidden", () => ask(ClientOf(jo)));
        }

        await IsRefusedAsync(400, "invalidParameter", () => api.Api.V1.Services.GetAsync(q => q.QueryParameters.Type = "graphana", Stop));
        await IsRefusedAsync(400, "invalidBody", () => api.Api.V1.Discover.PostAsync(new DiscoveryRequest { ServiceTypes = ["graphana"] }, cancellationToken: Stop));
        await IsRefusedAsync(404, "notFound", () => api.Api.V1.Toolsets["graphana"].GetAsync(cancellationToken: Stop));
        await IsRefusedAsync(404, "notFound", () => api.Api.V1.Services["monitoring"]["graphana"].Explain.GetAsync(cancellationToken: Stop));
        await IsRefusedAsync(404, "notFound", () => Operations["GetDiscovery"](api));
        List<string> many = [.. Enumerable.Repeat(new string('a', 63), 300)];
        await IsRefusedAsync(413, "bodyTooLarge", () => api.Api.V1.Discover.PostAsync(new DiscoveryRequest { Namespaces = many }, cancellationToken: Stop));
        await IsRefusedAsync(429, "tooManyRequests", () => Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => api.Api.V1.Status.GetAsync(cancellationToken: Stop))));
    }

    [Fact]
    public async Task A_client_made_from_the_description_is_told_that_the_API_server_is_away()
    {
        string away = Service.Kubectl.Write("away", """
            {"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],
             "clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:1"}}],"users":[{"name":"u","user":{"token":"t"}}]}
            """);
        await using PublishedProgram program = Service.Start(("KUBECONFIG", away));
        using HttpClient http = await HttpAsync(program, "some.token");
        foreach (Func<ApiClient, Task> ask in Operations.Values)
            await IsRefusedAsync(503, "accessUnknown", () => ask(ClientOf(http)));
    }

    private async Task<PublishedProgram> StartConvergedAsync()
    {
        await Service.AddAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        PublishedProgram program = Service.Start();
        string token = await Service.TokenAsync("dynamic-toolset");
        await Patience.EventuallyAsync(
            async () => await AskAsync(program, "/api/v1/toolsets?healthy=true", token) is { Body: var body } && body.Contains("\"total\":1", StringComparison.Ordinal),
            () => "its check has passed");
        return program;
    }

    private static async Task<HttpClient> HttpAsync(PublishedProgram program, string token)
    {
        int port = ListeningLine.Ports(await program.LineAsync(ListeningLine.Text)).Api;
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        if (token.Length > 0)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>It tries nothing again: that is what the client's own HTTP handlers would do.</summary>
    private static ApiClient ClientOf(HttpClient http) =>
        new(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = http.BaseAddress!.ToString() });

    private static async Task IsRefusedAsync(int status, string code, Func<Task> ask)
    {
        ProblemDetails problem = await Assert.ThrowsAsync<ProblemDetails>(ask);
        Assert.Equal((status, status, code), (problem.ResponseStatusCode, problem.Status, problem.Code));
        Assert.Equal([problem.CorrelationId], problem.ResponseHeaders["X-Correlation-ID"]);
        Assert.NotNull(problem.Timestamp);
        Assert.Empty(problem.AdditionalData);
    }

    private static IEnumerable<string> OperationIds()
    {
        JsonNode description = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "openapi.json")))!;
        return description["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => (string)o.Value!["operationId"]!).Order(StringComparer.Ordinal);
    }
}
