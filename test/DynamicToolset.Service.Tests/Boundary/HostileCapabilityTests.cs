using System.Collections.Immutable;
using System.Net;
using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Rules;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>To ask a backend what it says of itself opens no way that its health check does not open.</summary>
public sealed class HostileCapabilityTests
{
    private static readonly EndpointUrl Endpoint = EndpointUrl.TryCreate("http", new ObjectKey("m", "s"), 80, "")!;

    private static readonly ImmutableArray<IdentityTarget> All =
    [
        .. BackendKinds.All.Where(k => !k.Capabilities.IsEmpty).Select(k => new IdentityTarget(
            new EndpointKey(new ObjectKey("m", "s"), 80), Endpoint, null, "", IsWanted: true, IsInPlace: false) { Kind = k.Name }),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DeniedAddresses.All), MemberType = typeof(DeniedAddresses))]
    public async Task No_address_that_is_denied_is_asked_anything(string address, string denial)
    {
        await using LoopbackBackend onIPv4 = LoopbackBackend.On(IPAddress.Any);
        await using LoopbackBackend onIPv6 = LoopbackBackend.On(IPAddress.IPv6Loopback);
        foreach (LoopbackBackend victim in (LoopbackBackend[])[onIPv4, onIPv6])
        {
            var prober = new HttpProber(
                new HttpProberOptions
                {
                    ApiServer = ApiServerAddresses.Of(new IPEndPoint(IPAddress.Parse(DeniedAddresses.ApiServer), victim.EndPoint.Port)),
                    Resolve = (_, _) => new IPEndPoint(IPAddress.Parse(address), victim.EndPoint.Port),
                },
                TimeProvider.System);
            foreach (IdentityTarget target in All)
            {
                ProbeAnswer answer = await prober.AskAsync(new Inquiry(target).Next(Patience.Limit)!, Stop);
                Assert.Equal(new ProbeAnswer.None(ProbeFailure.Blocked(Enum.Parse<AddressDenial>(denial))), answer);
                Assert.Equal(1, (await AskAsync(prober, target)).Requests);
            }
        }

        Assert.Equal((0, 0), (onIPv4.Accepted, onIPv6.Accepted));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Where_an_answer_leads_elsewhere_nobody_follows_and_nothing_is_told(int status)
    {
        await using LoopbackBackend victim = LoopbackBackend.On(IPAddress.Parse("127.0.0.2"));
        const string Body = """{"data":["app"],"tagNames":["app"]}""";
        await using LoopbackBackend backend = LoopbackBackend.Answering(
            $"HTTP/1.1 {status} Moved\r\nLocation: http://{victim.EndPoint}/\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        foreach (IdentityTarget target in All)
            Assert.Null((await AskAsync(To(backend), target)).Found.Says);
        Assert.Equal(0, victim.Accepted);
    }

    /// <summary>What is wanted stands in the beginning of some of these, however long they are.</summary>
    [Fact]
    public async Task Of_an_endless_answer_no_more_is_taken_than_the_bound_and_what_the_sockets_hold()
    {
        long sent = 0;
        await using LoopbackBackend backend = LoopbackBackend.Scripted(async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{\"data\":[\"app\",\""u8.ToArray(), stop);
            byte[] chunk = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
            while (sent < 1_000_000_000)
            {
                await stream.WriteAsync(chunk, stop);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        Inquiry inquiry = await AskAsync(To(backend), All.Single(t => t.Kind == "loki"));
        Assert.Equal("labels app", inquiry.Found.Says!.Text);
        await TestCluster.EventuallyAsync(() => backend.Open == 0, "no connection is open");
        Assert.InRange(Interlocked.Read(ref sent), Fingerprint.MostBodyBytes, 64L * 1024 * 1024);
    }

    [Fact]
    public async Task The_request_carries_nothing_but_the_name_of_the_Service_and_this_program()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("404 Not Found");
        foreach (IdentityTarget target in All)
            await AskAsync(To(backend), target);
        Assert.Equal(All.Sum(t => t.CapabilitiesOf(null).Length), backend.Requests.Count);
        Assert.All(backend.Requests, request => Assert.Equal(
            ["Connection", "Host", "User-Agent"],
            request.Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => l.Split(':')[0]).Order(StringComparer.Ordinal)));
    }

    private static HttpProber To(LoopbackBackend backend) => new(
        new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = (_, _) => backend.EndPoint }, TimeProvider.System);

    private static async Task<Inquiry> AskAsync(HttpProber prober, IdentityTarget target)
    {
        var inquiry = new Inquiry(target);
        while (inquiry.Next(Patience.Limit) is { } request)
            inquiry = inquiry.With(await prober.AskAsync(request, Stop));
        return inquiry;
    }
}
