using System.Collections.Immutable;
using System.Net;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Rules;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>To ask a backend what it is opens no way that its health check does not open.</summary>
public sealed class HostileIdentityTests
{
    private static readonly ImmutableArray<Fingerprint> All = [.. BuiltInRules.All.Rules.Select(r => r.Fingerprint).OfType<Fingerprint>()];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("fd00:ec2::254")]
    [InlineData("169.254.1.1")]
    [InlineData("fe80::1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("10.96.0.1")]
    public async Task No_address_that_is_denied_is_asked_what_it_is(string address)
    {
        await using LoopbackBackend onIPv4 = LoopbackBackend.On(IPAddress.Any);
        await using LoopbackBackend onIPv6 = LoopbackBackend.On(IPAddress.IPv6Loopback);
        foreach (LoopbackBackend victim in (LoopbackBackend[])[onIPv4, onIPv6])
        {
            var prober = new HttpProber(
                new HttpProberOptions
                {
                    ApiServer = ApiServerAddresses.Of(new IPEndPoint(IPAddress.Parse("10.96.0.1"), victim.EndPoint.Port)),
                    Resolve = (_, _) => new IPEndPoint(IPAddress.Parse(address), victim.EndPoint.Port),
                },
                TimeProvider.System);
            foreach (Fingerprint fingerprint in All)
            {
                Inquiry inquiry = await AskAsync(prober, fingerprint);
                Assert.Equal((1, true), (inquiry.Position, inquiry.IsUnanswered));
            }
        }

        Assert.Equal((0, 0), (onIPv4.Accepted, onIPv6.Accepted));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Where_an_answer_leads_elsewhere_nobody_follows_and_nothing_is_known(int status)
    {
        await using LoopbackBackend victim = LoopbackBackend.On(IPAddress.Parse("127.0.0.2"));
        const string Body = """{"database":"ok","tagline":"The OpenSearch Project: x","total":1,"limit":0,"offset":0,"cluster":{"status":"x"},"versionInfo":{"version":"1"}}""";
        await using LoopbackBackend backend = LoopbackBackend.Answering(
            $"HTTP/1.1 {status} Moved\r\nLocation: http://{victim.EndPoint}/\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        foreach (Fingerprint fingerprint in All)
            Assert.Null((await AskAsync(To(backend), fingerprint)).Identity);
        Assert.Equal(0, victim.Accepted);
    }

    [Fact]
    public async Task Of_an_endless_answer_no_more_is_taken_than_the_bound_and_what_the_sockets_hold()
    {
        long sent = 0;
        await using LoopbackBackend backend = LoopbackBackend.Scripted(async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{\"database\":\"ok\",\"x\":\""u8.ToArray(), stop);
            byte[] chunk = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
            while (sent < 1_000_000_000)
            {
                await stream.WriteAsync(chunk, stop);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        Assert.Null((await AskAsync(To(backend), BuiltInRules.All.FindRule("grafana")!.Fingerprint!)).Identity);
        await TestCluster.EventuallyAsync(() => backend.Open == 0, "no connection is open");
        Assert.InRange(Interlocked.Read(ref sent), 0, 64L * 1024 * 1024);
    }

    [Fact]
    public async Task The_request_carries_nothing_but_the_name_of_the_Service_and_this_program()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("404 Not Found");
        foreach (Fingerprint fingerprint in All)
            await AskAsync(To(backend), fingerprint);
        Assert.All(backend.Requests, request => Assert.Equal(
            ["Connection", "Host", "User-Agent"],
            request.Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => l.Split(':')[0]).Order(StringComparer.Ordinal)));
    }

    private static HttpProber To(LoopbackBackend backend) => new(
        new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = (_, _) => backend.EndPoint }, TimeProvider.System);

    private static async Task<Inquiry> AskAsync(HttpProber prober, Fingerprint fingerprint)
    {
        EndpointUrl endpoint = EndpointUrl.TryCreate("http", new ObjectKey("m", "s"), 80, "")!;
        var inquiry = new Inquiry(new IdentityTarget(new EndpointKey(new ObjectKey("m", "s"), 80), endpoint, fingerprint, "", IsWanted: true, IsInPlace: false));
        while (inquiry.Next(Patience.Limit) is { } request)
            inquiry = inquiry.With(await prober.AskAsync(request, Stop));
        return inquiry;
    }
}
