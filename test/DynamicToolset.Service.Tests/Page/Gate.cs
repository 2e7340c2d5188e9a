using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DynamicToolset.Service.Tests.Page;

/// <summary>What the browser speaks to in place of the service: it passes everything on, notes it, and answers itself where a test wants that.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly WebApplication _http;
    private readonly HttpClient _service;
    private readonly ConcurrentDictionary<string, int> _inFlight = new();

    private Gate(WebApplication http, Uri service)
    {
        _http = http;
        _service = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = service };
    }

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<GateExchange> Exchanges { get; } = new();

    /// <summary>Paths that were asked for anew before they were answered.</summary>
    public ConcurrentBag<string> Overtaken { get; } = [];

    /// <summary>True where whatever was asked has been answered, and noted.</summary>
    public bool IsIdle => _inFlight.Values.All(n => n == 0);

    /// <summary>Gives an answer in place of the service; false where the service is to answer.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = static _ => Task.FromResult(false);

    /// <summary>True while connections break before there is an answer.</summary>
    public bool IsBroken { get; set; }

    public static async Task<Gate> StartAsync(Uri service)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication http = builder.Build();
        var gate = new Gate(http, service);
        http.Run(gate.PassAsync);
        await http.StartAsync(TestContext.Current.CancellationToken);
        gate.Address = new Uri(http.Urls.Single());
        return gate;
    }

    /// <summary>An error as the service gives it.</summary>
    public static async Task ProblemAsync(HttpContext http, int status, string detail)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        await http.Response.WriteAsync($$"""{"status":{{status}},"detail":"{{detail}}"}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        _service.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        string path = http.Request.Path;
        long at = TimeProvider.System.GetTimestamp();
        if (_inFlight.AddOrUpdate(path, 1, (_, n) => n + 1) > 1)
            Overtaken.Add(path);
        if (IsBroken)
            http.Abort();
        else if (!await Intercept(http))
            await ForwardAsync(http);
        IHeaderDictionary headers = http.Request.Headers;
        Exchanges.Enqueue(new GateExchange(
            path, headers.Authorization.ToString(), headers.IfNoneMatch.ToString(), headers.Cookie.ToString(), http.Response.StatusCode, at));
        _inFlight.AddOrUpdate(path, 0, (_, n) => n - 1);
    }

    private async Task ForwardAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.Path + http.Request.QueryString);
        foreach ((string name, var values) in http.Request.Headers)
        {
            if (name is not "Host" and not "Connection")
                request.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        using HttpResponseMessage answer = await TrySendAsync(request) ?? new HttpResponseMessage(HttpStatusCode.BadGateway);
        if (answer.StatusCode == HttpStatusCode.BadGateway)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name != "Transfer-Encoding")
                http.Response.Headers[name] = values.ToArray();
        }

        if (answer.StatusCode != HttpStatusCode.NotModified)
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    /// <summary>Null where the service is gone.</summary>
    private async Task<HttpResponseMessage?> TrySendAsync(HttpRequestMessage request)
    {
        try
        {
            return await _service.SendAsync(request, TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

/// <param name="At">When it was asked: a timestamp of the system's monotonic clock.</param>
internal sealed record GateExchange(string Path, string Authorization, string IfNoneMatch, string Cookie, int Status, long At);
