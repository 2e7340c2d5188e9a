using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>Real servers that speak TLS behind a port that nothing calls https, each as its language answers plain HTTP there; and hostile ones.</summary>
public sealed class FormTests
{
    private static readonly ObjectKey Elastic = new("logging", "elasticsearch");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What a server sends to a client whose first bytes are no TLS, before it closes.</summary>
    [Theory]
    // Elasticsearch and others of the JVM: nothing.
    [InlineData("")]
    // A TLS alert, unexpected message: OpenSSL, Envoy.
    [InlineData("\u0015\u0003\u0001\u0000\u0002\u0002\u000A")]
    // A TLS alert, protocol version: GnuTLS and rustls.
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0046")]
    // Go.
    [InlineData("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")]
    // nginx.
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 44\r\n\r\nThe plain HTTP request was sent to HTTPS port")]
    public async Task A_TLS_port_is_found_whatever_it_answers_to_plain_HTTP(string toPlain)
    {
        await using var server = new TlsServer(Encoding.Latin1.GetBytes(toPlain), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        CheckAttempt attempt = await AttemptAsync(server.EndPoint);
        Assert.False(attempt.Outcome!.IsSuccess);
        Assert.Equal("https://elasticsearch.logging:9200", attempt.Tried!.Way.Endpoint.ToString());
        Assert.Equal(new ProbeOutcome.Success(200), attempt.Tried.Outcome);
        Assert.Equal((1, 1), (server.Plain, server.Handshakes));
    }

    [Fact]
    public async Task One_that_wants_credentials_over_TLS_is_found()
    {
        await using var server = new TlsServer([], "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(new ProbeOutcome.WantsCredentials(401), (await AttemptAsync(server.EndPoint)).Tried!.Outcome);
    }

    [Fact]
    public async Task To_close_the_connection_alone_proves_nothing()
    {
        // Whatever comes, and a handshake has no blank line by which a request ends.
        await using var closes = new LoopbackListener(IPAddress.Loopback, async (client, stop) =>
        {
            _ = await client.ReceiveAsync(new byte[4096], stop);
            client.Shutdown(SocketShutdown.Both);
        });
        CheckAttempt attempt = await AttemptAsync(closes.EndPoint);
        Assert.False(attempt.Tried!.Outcome.IsSuccess);
        Assert.False(HealthPolicy.Moves(HealthState.New(default), attempt, new HealthThresholds()));
        Assert.Equal(2, closes.Accepted);
    }

    [Fact]
    public async Task A_certificate_that_the_CA_does_not_vouch_for_proves_nothing()
    {
        using X509Certificate2 other = TestCertificates.Authority("other");
        await using var server = new TlsServer([], "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        CheckAttempt attempt = await AttemptAsync(
            server.EndPoint, o => o with { Authorities = new CertificateAuthorities(other.ExportCertificatePem(), null) });
        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.TlsFailed), attempt.Tried!.Outcome);
    }

    [Theory]
    [InlineData("http://{0}/elastic/")]
    [InlineData("https://{0}/elastic/")]
    [InlineData("//{0}/elastic/")]
    [InlineData("http://elasticsearch.logging@{0}/elastic/")]
    [InlineData("/elastic/../../{0}")]
    public async Task A_Location_chooses_a_prefix_of_the_list_and_never_a_host(string location)
    {
        await using LoopbackBackend victim = LoopbackBackend.On(IPAddress.Parse("127.0.0.2"));
        string led = location.Replace("{0}", victim.EndPoint.ToString(), StringComparison.Ordinal);
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("302 Found", $"Location: {led}\r\n");
        CheckAttempt attempt = await AttemptAsync(backend.EndPoint);
        Assert.Equal(0, victim.Accepted);
        Assert.All(backend.Requests, r => Assert.Contains("\r\nHost: elasticsearch.logging:9200\r\n", r, StringComparison.Ordinal));
        Assert.All(backend.Requests, r => Assert.Matches("^GET (/elastic)?/_cluster/health HTTP/1.1\r\n", r));
        Assert.True(attempt.Tried is null || !attempt.Tried.Outcome.IsSuccess);
    }

    [Fact]
    public async Task Who_leads_in_circles_gets_two_requests_in_a_check()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("302 Found", "Location: /elastic/_cluster/health\r\n");
        await AttemptAsync(backend.EndPoint);
        Assert.Equal(2, backend.Accepted);
    }

    [Fact]
    public async Task A_denied_address_is_not_connected_to_in_any_form()
    {
        await using var server = new TlsServer([], "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        CheckAttempt attempt = await AttemptAsync(server.EndPoint, o => o with { AllowedNetworks = [] });
        Assert.Equal(("blocked", null), (attempt.Outcome!.Reason, attempt.Tried));
        Assert.Equal((0, 0), (server.Plain, server.Handshakes));
    }

    private static async Task<CheckAttempt> AttemptAsync(IPEndPoint server, Func<HttpProberOptions, HttpProberOptions>? change = null)
    {
        var options = new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = (_, _) => server };
        var prober = new HttpProber(change?.Invoke(options) ?? options, TimeProvider.System);
        var first = new HealthCheckTarget(EndpointUrl.TryCreate("http", Elastic, 9200, "")!, "/_cluster/health", AcceptedStatuses.Default);
        var ways = new CheckWays(first) { MayBeHttps = true, Prefixes = ["/elastic"] };
        var attempt = new CheckAttempt(ways, first, null);
        while (attempt.Next(Patience.Limit) is { } request)
            attempt = attempt.With(await prober.AskAsync(request, Stop));
        return attempt;
    }
}
