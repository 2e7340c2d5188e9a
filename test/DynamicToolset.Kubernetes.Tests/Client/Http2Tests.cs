using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Tests.Scripted;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Kubernetes.Tests.Client;

/// <summary>Against a server that speaks HTTP/2, as every API server does.</summary>
public sealed class Http2Tests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_and_a_list_share_one_connection()
    {
        var authority = new TestAuthority();
        var connections = new List<string>();
        await using WebApplication server = await StartAsync(authority, async context =>
        {
            lock (connections)
                connections.Add($"{context.Request.Protocol} {context.Connection.Id}");
            if (!context.Request.Query.ContainsKey("watch"))
            {
                await context.Response.WriteAsync(Json.ServiceList("1", ""), context.RequestAborted);
                return;
            }

            await context.Response.WriteAsync(Json.Event("ADDED", Json.Service("a")), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using KubeApiClient client = ClientOf(server, authority);

        await foreach (WatchEvent<ServiceRecord> next in client.WatchServicesAsync(null, "1", TimeSpan.FromSeconds(300), Stop))
        {
            if (next.Kind == WatchEventKind.Opened)
                continue;
            await client.ListServicesAsync(null, Stop);
            break;
        }

        Assert.Equal(2, connections.Count);
        Assert.Single(connections.Distinct());
        Assert.StartsWith("HTTP/2", connections[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_reset_is_a_fault_like_any_other()
    {
        var authority = new TestAuthority();
        await using WebApplication server = await StartAsync(authority, async context =>
        {
            await context.Response.WriteAsync(Json.Event("ADDED", Json.Service("a")), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        using KubeApiClient client = ClientOf(server, authority);
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(async () =>
        {
            await foreach (WatchEvent<ServiceRecord> next in client.WatchServicesAsync(null, "1", TimeSpan.FromSeconds(300), Stop))
                Assert.NotEqual(WatchEventKind.Bookmark, next.Kind);
        });
        Assert.True(error.IsRetryable);
    }

    /// <summary>Pings go by the clock of the runtime, which no test can move on: this is what they are told.</summary>
    [Fact]
    public void A_peer_that_is_gone_without_a_word_is_noticed_within_a_minute_however_long_a_watch_lasts()
    {
        using SocketsHttpHandler handler = KubeHandler.Create(new KubeConnection { Server = new Uri("https://127.0.0.1") }, null, null, null);
        // Where there is none it is infinite, which is less than nothing.
        Assert.InRange(handler.KeepAlivePingDelay, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(50));
        Assert.InRange(handler.KeepAlivePingTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Equal(HttpKeepAlivePingPolicy.Always, handler.KeepAlivePingPolicy);
    }

    private static async Task<WebApplication> StartAsync(TestAuthority authority, RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(authority.Issue("server", "127.0.0.1"));
        }));
        WebApplication server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Stop);
        return server;
    }

    private static KubeApiClient ClientOf(WebApplication server, TestAuthority authority) => new(
        new KubeConnection
        {
            Server = new Uri(server.Urls.Single()),
            Tls = new KubeTls { CertificateAuthority = new PemSource.Text(authority.Pem, "test") },
        },
        TimeProvider.System);
}
