using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DynamicToolset.Service.Tests.Otlp;

/// <summary>
/// An OpenTelemetry collector on loopback, which keeps what it is sent. The numbers of the fields are those of
/// https://github.com/open-telemetry/opentelemetry-proto.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private const int GrpcFrame = 5;

    private readonly WebApplication _http;

    private Collector(WebApplication http) => _http = http;

    public string Url => _http.Urls.Single();

    public ConcurrentQueue<Received> Requests { get; } = new();

    public IEnumerable<ProtobufMessage> Resources => Requests.SelectMany(r => r.Message.Messages(1)).SelectMany(r => r.Messages(1));

    public IEnumerable<string> Spans => InScopesOf("Trace", "traces").Select(span => span.Text(5));

    public IEnumerable<ProtobufMessage> Metrics => InScopesOf("Metrics", "metrics");

    /// <param name="protocol"><c>grpc</c> or <c>http/protobuf</c>.</param>
    /// <param name="answer">In place of taking what is sent; null for taking it.</param>
    public static async Task<Collector> StartAsync(string protocol, Func<HttpContext, Task>? answer = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = protocol == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var collector = new Collector(builder.Build());
        collector._http.Run(new RequestDelegate(answer ?? collector.TakeAsync));
        await collector._http.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _http.StopAsync(now.Token);
        await _http.DisposeAsync();
    }

    private IEnumerable<ProtobufMessage> InScopesOf(string service, string path) => Requests
        .Where(r => r.Path == $"/v1/{path}" || r.Path.EndsWith($".{service}Service/Export", StringComparison.Ordinal))
        .SelectMany(r => r.Message.Messages(1))
        .SelectMany(resource => resource.Messages(2))
        .SelectMany(scope => scope.Messages(2));

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        bool isGrpc = context.Request.ContentType == "application/grpc";
        byte[] bytes = body.ToArray();
        Requests.Enqueue(new Received(
            context.Request.Path.Value!, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()), new ProtobufMessage(bytes.AsMemory(isGrpc ? GrpcFrame : 0))));
        context.Response.ContentType = context.Request.ContentType;
        if (!isGrpc)
            return;
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[GrpcFrame]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, ProtobufMessage Message);
