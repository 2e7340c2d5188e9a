using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Api;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Http;

public sealed class HttpServerTests
{
    private const string Alive = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_breaks_off_is_the_callers_fault()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        string answer = await TalkAsync(service, "POST /api/v1/discover HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Contains("X-Correlation-ID: ", answer);
    }

    [Fact]
    public async Task A_request_that_fails_is_told_of_under_the_id_that_its_caller_has()
    {
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        using var metrics = new ServiceMetrics(new StateStore(), TimeProvider.System, "1.2.3");
        var everybody = new Admission((context, next) => next(context), (context, next) => next(context));
        await using WebApplication http = HttpServer.Build(
            TestCluster.Defaults() with { Port = 0, MetricsPort = 0 },
            IPAddress.Loopback,
            _ => "",
            metrics.Http,
            loggers,
            TimeProvider.System,
            everybody,
            _ => { },
            routes => routes.MapGet("/broken", (RequestDelegate)(_ => throw new InvalidOperationException("a defect"))));
        await http.StartAsync(Stop);
        using var client = new HttpClient();
        var request = new HttpRequestMessage(HttpMethod.Get, $"{http.Urls.First()}/broken") { Headers = { { "X-Correlation-ID", "order-4711" } } };
        HttpResponseMessage response = await client.SendAsync(request, Stop);
        JsonObject problem = await RunningService.ProblemOf(response);
        Assert.Equal((HttpStatusCode.InternalServerError, "order-4711"), (response.StatusCode, problem["correlationId"]!.GetValue<string>()));
        Assert.Contains(lines.All, l => l.Contains("Request failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_holds_more_connections_than_a_share_gets_no_more_and_gets_them_back_when_they_let_go()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningService service = await RunningService.StartAsync(cluster);
        List<Socket> held = [];
        for (int i = 0; i < ConnectionShares.Most; i++)
            held.Add(await ConnectAsync(service));
        // Counted when they are answered, which is in no order.
        foreach (Socket socket in held)
            Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(socket));
        Assert.Equal("", await TryAsync(service));
        held.ForEach(s => s.Dispose());
        await TestCluster.EventuallyAsync(
            () => TryAsync(service).Result.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal),
            "connections are taken again");
    }

    /// <summary>Empty where the connection is cut, which may be before connecting has returned.</summary>
    private static async Task<string> TryAsync(RunningService service)
    {
        try
        {
            return await TalkAsync(service, Alive);
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<string> TalkAsync(RunningService service, string request)
    {
        using Socket socket = await ConnectAsync(service);
        return await AskAsync(socket, request);
    }

    private static async Task<Socket> ConnectAsync(RunningService service)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, service.Listening.Api.Port, Stop);
        return socket;
    }

    /// <summary>Empty where the connection is cut.</summary>
    private static async Task<string> AskAsync(Socket socket, string request = Alive)
    {
        byte[] answer = new byte[4096];
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(request), Stop);
            return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer, Stop));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
