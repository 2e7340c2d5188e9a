using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed class HttpProberTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static readonly ImmutableArray<IPNetwork> Loopback = [IPNetwork.Parse("127.0.0.0/8")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200 OK", "ok")]
    [InlineData("204 No Content", "ok")]
    [InlineData("201 Created", "status")]
    [InlineData("404 Not Found", "status")]
    [InlineData("401 Unauthorized", "credentials")]
    [InlineData("403 Forbidden", "credentials")]
    [InlineData("407 Proxy Authentication Required", "status")]
    [InlineData("429 Too Many Requests", "status")]
    [InlineData("503 Service Unavailable", "status")]
    public async Task The_status_decides(string status, string reason)
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus(status);

        Assert.Equal(reason, (await CheckAsync(backend)).Reason);
    }

    [Fact]
    public async Task The_request_names_the_service_and_this_program_and_carries_nothing_else()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok);

        await CheckAsync(backend);

        string[] lines = Assert.Single(backend.Requests).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("GET /-/healthy HTTP/1.1", lines[0]);
        Assert.Equal(
            ["Connection: close", "Host: prometheus.monitoring:9090", "User-Agent: dynamic-toolset/1.0.0"],
            lines[1..].Order(StringComparer.Ordinal));
    }

    /// <summary>What is a Kubernetes Status is the API server's only where the API server is asked.</summary>
    [Fact]
    public async Task A_backend_that_is_asked_directly_may_answer_with_a_Status()
    {
        const string Body = """{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}""";
        await using LoopbackBackend backend = LoopbackBackend.Answering(
            $"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        Assert.Equal(new ProbeOutcome.WantsCredentials(403), await CheckAsync(backend));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using LoopbackBackend elsewhere = LoopbackBackend.Answering(Ok);
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("302 Found", $"Location: http://{elsewhere.EndPoint}/\r\n");

        ProbeOutcome outcome = await CheckAsync(backend);

        Assert.Equal(new ProbeOutcome.BadStatus(302), outcome);
        Assert.Equal(0, elsewhere.Accepted);
    }

    [Fact]
    public async Task A_backend_that_never_answers_times_out()
    {
        await using LoopbackBackend backend = LoopbackBackend.Hanging();

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Timeout), await CheckUntilTimeoutAsync(backend));
    }

    [Fact]
    public async Task A_body_that_never_ends_its_first_bytes_times_out()
    {
        await using LoopbackBackend backend = LoopbackBackend.Scripted(async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Timeout), await CheckUntilTimeoutAsync(backend));
    }

    [Fact]
    public async Task Of_an_endless_body_no_more_is_taken_than_a_kilobyte_and_what_the_sockets_hold()
    {
        long sent = 0;
        await using LoopbackBackend backend = LoopbackBackend.Scripted(async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"u8.ToArray(), stop);
            byte[] chunk = new byte[64 * 1024];
            while (sent < 1_000_000_000)
            {
                await stream.WriteAsync(chunk, stop);
                sent += chunk.Length;
            }
        });

        ProbeOutcome outcome = await CheckAsync(backend);
        await TestCluster.EventuallyAsync(() => backend.Open == 0, "no connection is open");

        Assert.Equal(new ProbeOutcome.Success(200), outcome);
        Assert.InRange(sent, 0, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task An_answer_has_the_status_the_headers_that_verdicts_need_and_as_much_of_the_body_as_was_asked_for()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(
            "HTTP/1.1 307 Moved\r\nContent-Type: text/html;;\r\nLocation: javascript:x\r\nContent-Length: 10\r\n\r\n0123456789");
        HttpProber prober = new(To(backend.EndPoint), TimeProvider.System);

        foreach ((int most, string body) in ((int, string)[])[(0, ""), (4, "0123"), (10, "0123456789"), (65536, "0123456789")])
        {
            ProbeAnswer.Response answer = Assert.IsType<ProbeAnswer.Response>(
                await prober.AskAsync(new ProbeRequest(Target().Endpoint, "/api/v1/status?full", most, Patience.Limit), Stop));
            Assert.Equal((307, "text/html;;", "javascript:x", body), (answer.Status, answer.ContentType, answer.Location, Encoding.ASCII.GetString(answer.Body.Span)));
        }

        Assert.All(backend.Requests, request => Assert.StartsWith("GET /api/v1/status?full HTTP/1.1", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Huge_headers_are_refused()
    {
        await using LoopbackBackend large = LoopbackBackend.AnsweringStatus("200 OK", $"X-Long: {new string('x', 15 * 1024)}\r\n");
        await using LoopbackBackend huge = LoopbackBackend.AnsweringStatus("200 OK", $"X-Long: {new string('x', 17 * 1024)}\r\n");

        Assert.Equal(new ProbeOutcome.Success(200), await CheckAsync(large));
        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.InvalidResponse), await CheckAsync(huge));
    }

    [Fact]
    public async Task What_is_not_http_is_an_invalid_response()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering("SSH-2.0-OpenSSH_9.2\r\n\r\n");

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.InvalidResponse), await CheckAsync(backend));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", false)]
    public async Task A_connection_that_is_cut_off_failed(string sent, bool isBeforeAnAnswer)
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(sent);

        ProbeFailure failure = isBeforeAnAnswer ? ProbeFailure.CutOff : ProbeFailure.ConnectionFailed;
        Assert.Equal("connection", failure.Reason);
        Assert.Equal(new ProbeOutcome.Unanswered(failure), await CheckAsync(backend));
    }

    [Fact]
    public async Task Whatever_a_backend_sends_is_an_outcome_and_never_an_exception()
    {
        string[] pieces =
        [
            "HTTP/1.1 200 OK", "HTTP/1.1 ", "HTTP/9.9 200 OK", "HTTP/1.1 99999999999 OK", "HTTP/1.1 100 Continue", "HTTP/1.1 101 Switching Protocols",
            "\r\n", "\n", "\r\n\r\n", "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked", "Content-Encoding: br", ": no name", "Name", "ffffffffffffffff\r\n", "zz\r\n", "0\r\n\r\n", "\0", "\u00ff\u00fe", "é",
            "Content-Type: \u0001;;;", "Location: javascript:x", "Set-Cookie: a=b", "WWW-Authenticate: Basic", "Connection: Upgrade", "body",
        ];
        Random random = new(20260101);
        for (int i = 0; i < 300; i++)
        {
            string response = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            await using LoopbackBackend backend = LoopbackBackend.Answering(response);

            Exception? thrown = await Record.ExceptionAsync(() => CheckAsync(backend));
            Assert.True(thrown is null, $"{response}: {thrown}");
        }
    }

    [Fact]
    public async Task A_closed_port_refuses()
    {
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Refused), await CheckAsync((IPEndPoint)closed.LocalEndPoint!));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_told_apart()
    {
        ProbeOutcome outcome = await CheckAsync(new HttpProberOptions(), Target("http", "nobody", "invalid", 80));

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.NameNotResolved), outcome);
    }

    [Fact]
    public async Task A_name_too_long_for_the_dns_does_not_resolve()
    {
        string domain = string.Join('.', Enumerable.Repeat(new string('a', 63), 3));
        EndpointUrl endpoint = EndpointUrl.TryCreate("http", new ObjectKey(new string('n', 63), new string('s', 63)), 80, domain)!;

        ProbeOutcome outcome = await CheckAsync(new HttpProberOptions(), new HealthCheckTarget(endpoint, "/", AcceptedStatuses.Default));

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.NameNotResolved), outcome);
    }

    [Fact]
    public async Task A_socket_that_the_system_does_not_give_is_an_outcome()
    {
        ProbeOutcome outcome = await CheckAsync(new AddressWithoutSockets());

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.ConnectionFailed), outcome);
    }

    [Fact]
    public async Task What_speaks_no_HTTP_is_there_where_it_takes_a_connection_and_is_sent_nothing()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok);

        Assert.Equal(new ProbeOutcome.Connected(), await CheckAsync(To(backend.EndPoint), Target("tcp") with { Path = "" }));
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task What_speaks_no_HTTP_is_not_connected_to_where_others_are_not()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok);

        ProbeOutcome outcome = await CheckAsync(To(backend.EndPoint) with { AllowedNetworks = [] }, Target("tcp") with { Path = "" });

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)), outcome);
        Assert.Equal(0, backend.Accepted);
    }

    [Fact]
    public async Task What_speaks_no_HTTP_and_refuses_is_not_there()
    {
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Refused), await CheckAsync(To((IPEndPoint)closed.LocalEndPoint!), Target("tcp") with { Path = "" }));
    }

    [Fact]
    public async Task An_address_that_is_denied_is_never_connected_to()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok);

        ProbeOutcome outcome = await CheckAsync(backend, o => o with { AllowedNetworks = [] });

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)), outcome);
        Assert.Equal(0, backend.Accepted);
    }

    [Fact]
    public async Task A_name_that_the_resolver_turns_into_loopback_is_never_connected_to()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok);
        CheckedConnector connector = new(new HttpProberOptions(), TimeProvider.System);

        (Socket? socket, ProbeFailure? failure) = await connector.ConnectAsync("localhost", backend.EndPoint.Port, Patience.Limit, Stop);

        Assert.Null(socket);
        Assert.Equal(ProbeFailure.Blocked(AddressDenial.Loopback), failure);
        Assert.Equal(0, backend.Accepted);
    }

    [Fact]
    public async Task The_resolvers_address_is_connected_to_where_its_network_is_allowed()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok);
        CheckedConnector connector = new(new HttpProberOptions { AllowedNetworks = Loopback }, TimeProvider.System);

        (Socket? socket, _) = await connector.ConnectAsync("localhost", backend.EndPoint.Port, Patience.Limit, Stop);
        using (socket)
            Assert.Equal(backend.EndPoint, Assert.IsType<Socket>(socket).RemoteEndPoint);
    }

    [Fact]
    public async Task A_mapped_ipv6_form_of_a_denied_address_is_never_connected_to()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok);
        IPEndPoint mapped = new(IPAddress.Loopback.MapToIPv6(), backend.EndPoint.Port);

        ProbeOutcome outcome = await CheckAsync(mapped, o => o with { AllowedNetworks = [] });

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)), outcome);
        Assert.Equal(0, backend.Accepted);
    }

    [Fact]
    public async Task The_api_server_is_never_connected_to_though_its_network_is_allowed()
    {
        await using LoopbackBackend apiServer = LoopbackBackend.Answering(Ok);

        ProbeOutcome outcome = await CheckAsync(apiServer, o => o with { ApiServer = ApiServerAddresses.Of(apiServer.EndPoint) });

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.ApiServer)), outcome);
        Assert.Equal(0, apiServer.Accepted);
    }

    [Fact]
    public async Task A_cancelled_request_says_so_and_leaves_no_connection()
    {
        await using LoopbackBackend backend = LoopbackBackend.Hanging();
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        HttpProber prober = new(To(backend.EndPoint), TimeProvider.System);

        Task<ProbeAnswer> check = prober.AskAsync(Target().Request(Patience.Limit), cancel.Token);
        await backend.FirstRequest.WithPatienceAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check);
        await TestCluster.EventuallyAsync(() => backend.Open == 0, "no connection is open");
    }

    [Fact]
    public async Task No_connection_outlives_its_attempt()
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
        for (int i = 0; i < 50; i++)
            Assert.True((await CheckAsync(backend)).IsSuccess);

        await TestCluster.EventuallyAsync(() => backend.Open == 0, "no connection is open");
        Assert.Equal(50, backend.Accepted);
    }

    [Theory]
    [InlineData("prometheus.monitoring", "same", "ok")]
    [InlineData("prometheus.monitoring", "none", "ok")]
    [InlineData("prometheus.monitoring", "other", "tls")]
    [InlineData("somebody.else", "same", "tls")]
    [InlineData("somebody.else", "none", "ok")]
    public async Task A_certificate_is_verified_where_an_authority_is_given(string certificateName, string authority, string reason)
    {
        using X509Certificate2 ours = TestCertificates.Authority("ours");
        using X509Certificate2 theirs = TestCertificates.Authority("theirs");
        using X509Certificate2 certificate = TestCertificates.For(certificateName, ours);
        await using LoopbackBackend backend = LoopbackBackend.Answering(Ok, certificate);
        CertificateAuthorities? authorities = authority switch { "same" => InFile(ours), "other" => InFile(theirs), _ => null };

        ProbeOutcome outcome = await CheckAsync(To(backend.EndPoint) with { Authorities = authorities }, Target("https"));

        Assert.Equal(reason, outcome.Reason);
        Assert.Equal(reason == "ok" ? 1 : 0, backend.Requests.Count);
    }

    [Fact]
    public async Task Https_towards_a_plain_http_backend_fails_as_tls()
    {
        // The TLS greeting has no blank line, so the plain server answers as soon as anything arrives.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task server = AnswerAnythingAsync(listener);

        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.TlsFailed), await CheckAsync(To((IPEndPoint)listener.LocalEndpoint), Target("https")));
        await server;
    }

    [Theory]
    [InlineData("not-there", "dns", true)]
    [InlineData("refuses", "refused", true)]
    [InlineData("forbidden", "blocked", true)]
    [InlineData("answers 503", "status", false)]
    [InlineData("talks nonsense", "response", false)]
    [InlineData("hangs up", "connection", false)]
    public async Task From_outside_of_the_cluster_only_what_is_reached_says_something_of_the_backend(string backend, string reason, bool saysNothing)
    {
        await using LoopbackBackend there = backend switch
        {
            "answers 503" => LoopbackBackend.AnsweringStatus("503 Service Unavailable"),
            "talks nonsense" => LoopbackBackend.Answering("nonsense\r\n\r\n"),
            _ => LoopbackBackend.Scripted((_, _) => Task.CompletedTask),
        };
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (bool isOutside in (bool[])[true, false])
        {
            HttpProberOptions options = To(backend == "refuses" ? (IPEndPoint)closed.LocalEndPoint! : there.EndPoint) with { IsOutside = isOutside };
            if (backend == "forbidden")
                options = options with { AllowedNetworks = [] };
            ProbeOutcome outcome = await CheckAsync(options, backend == "not-there" ? Target(name: "not-there", ns: "invalid") : Target());
            Assert.Equal((reason, isOutside && saysNothing), (outcome.Reason, outcome.Advice is not null));
        }
    }

    [Fact]
    public async Task From_outside_a_connection_that_does_not_come_about_in_time_says_nothing_and_an_answer_that_does_not_come_does()
    {
        await using LoopbackBackend hangs = LoopbackBackend.Hanging();
        Assert.Null((await CheckUntilTimeoutAsync(hangs, isOutside: true)).Advice);
        var time = new FakeTimeProvider();
        var never = new TaskCompletionSource<IReadOnlyList<IPEndPoint>>();
        HttpProberOptions options = To(hangs.EndPoint) with { IsOutside = true, ApiServer = new ApiServerAddresses(_ => never.Task, isBehindProxy: false, time) };
        Task<ProbeAnswer> answer = new HttpProber(options, time).AskAsync(Target().Request(TimeSpan.FromSeconds(5)), Stop);
        time.Advance(TimeSpan.FromSeconds(5));
        ProbeOutcome outcome = ProbeOutcome.Of(await answer.WithPatienceAsync(), AcceptedStatuses.Default);
        Assert.Equal(("timeout", true, true), (outcome.Reason, outcome.IsTimeout, outcome.Advice is not null));
    }

    /// <summary>As IPv6 is on a node that was started without it; a process with all its files open gets the same error.</summary>
    private sealed class AddressWithoutSockets() : IPEndPoint(IPAddress.Loopback, 1)
    {
        public override AddressFamily AddressFamily => AddressFamily.DecNet;
    }

    private static async Task AnswerAnythingAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Stop);
        byte[] hello = new byte[1];
        await client.GetStream().ReadExactlyAsync(hello, Stop);
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Stop);
    }

    private static Task<ProbeOutcome> CheckAsync(LoopbackBackend backend, Func<HttpProberOptions, HttpProberOptions>? change = null) =>
        CheckAsync(backend.EndPoint, change);

    private static Task<ProbeOutcome> CheckAsync(IPEndPoint backend, Func<HttpProberOptions, HttpProberOptions>? change = null) =>
        CheckAsync(change?.Invoke(To(backend)) ?? To(backend), Target());

    private static async Task<ProbeOutcome> CheckAsync(HttpProberOptions options, HealthCheckTarget target) =>
        ProbeOutcome.Of(await new HttpProber(options, TimeProvider.System).AskAsync(target.Request(Patience.Limit), Stop), target.Accepts);

    /// <summary>By a clock that stands still until the request is there.</summary>
    private static async Task<ProbeOutcome> CheckUntilTimeoutAsync(LoopbackBackend backend, bool isOutside = false)
    {
        var time = new FakeTimeProvider();
        HealthCheckTarget target = Target();
        Task<ProbeAnswer> answer = new HttpProber(To(backend.EndPoint) with { IsOutside = isOutside }, time).AskAsync(target.Request(TimeSpan.FromSeconds(5)), Stop);
        await backend.FirstRequest.WithPatienceAsync();
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        return ProbeOutcome.Of(await answer.WithPatienceAsync(), target.Accepts);
    }

    private static HttpProberOptions To(IPEndPoint backend) =>
        new() { AllowedNetworks = Loopback, Resolve = (host, port) => (host, port) == ("prometheus.monitoring", 9090) ? backend : null };

    private static CertificateAuthorities InFile(X509Certificate2 authority) => new(authority.ExportCertificatePem(), following: null);

    private static HealthCheckTarget Target(string scheme = "http", string name = "prometheus", string ns = "monitoring", int port = 9090) =>
        new(EndpointUrl.TryCreate(scheme, new ObjectKey(ns, name), port, "")!, "/-/healthy", AcceptedStatuses.Default);
}
