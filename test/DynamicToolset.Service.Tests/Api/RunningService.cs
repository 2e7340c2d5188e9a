using System.Text.Json.Nodes;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicToolset.Service.Tests.Api;

/// <summary>The whole service with its ports, on a simulated API server.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly RunningController _controller;
    private readonly MetricScraper _scraper;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Listening> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    private RunningService(TestCluster cluster, Settings settings, TimeProvider time, ILoggerFactory loggers)
    {
        _controller = cluster.Create(time, settings, States.Publish);
        _scraper = new MetricScraper(cluster.Metrics);
        var host = new ServiceHost(settings, _controller.Controller, cluster.Api.InProcess, States, _scraper, time, loggers) { OnListening = _listening.SetResult };
        _running = host.RunAsync(_stop.Token);
    }

    /// <summary>Of this replica, where the cluster's are of all.</summary>
    public StateStore States { get; } = new();

    public Controller Controller => _controller.Controller;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public Listening Listening => _listening.Task.Result;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="change">Of the sandbox's settings, by which nobody is asked for a token.</param>
    public static async Task<RunningService> StartAsync(
        TestCluster cluster, Func<Settings, Settings>? change = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        Settings settings = TestCluster.Defaults() with { Port = 0, MetricsPort = 0 };
        var service = new RunningService(cluster, change?.Invoke(settings) ?? settings, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
        await await Task.WhenAny(service._listening.Task, service._running);
        service.Http.BaseAddress = service.Listening.Api;
        return service;
    }

    /// <summary>Started, and every endpoint was asked.</summary>
    public static async Task<RunningService> StartConvergedAsync(TestCluster cluster, Func<Settings, Settings>? change = null)
    {
        RunningService service = await StartAsync(cluster, change);
        await TestCluster.EventuallyAsync(() => service.States.Current?.IsConverged == true, "the service has converged");
        return service;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, Stop);
    }

    /// <param name="json">Null for no body.</param>
    public async Task<HttpResponseMessage> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = json is null ? null : new StringContent(json, null, "application/json") };
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, Stop);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public async Task<JsonObject> ReadAsync(string path)
    {
        HttpResponseMessage response = await GetAsync(path);
        string text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Asks again and again, more seldom than a caller may.</summary>
    public static Task EventuallyAsync(Func<Task<bool>> isTrue, string what) => Patience.EventuallyAsync(
        async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), Stop);
            return await isTrue();
        },
        () => what);

    /// <summary>The problem that a request is answered with, whose status is the answer's.</summary>
    public static async Task<JsonObject> ProblemOf(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(Stop);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonObject problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal((int)response.StatusCode, problem["status"]!.GetValue<int>());
        Assert.Equal(response.Headers.GetValues("X-Correlation-ID").Single(), problem["correlationId"]!.GetValue<string>());
        Assert.True(DateTimeOffset.TryParse(problem["timestamp"]!.GetValue<string>(), out _));
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Http.Dispose();
        _scraper.Dispose();
        await _controller.DisposeAsync();
        _stop.Dispose();
    }
}
