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

/// <summary>To ask a backend what it is, and what HolmesGPT will ask it, opens no way that its health check does not open.</summary>
public sealed class HostileIdentityTests
{
    private static readonly EndpointUrl Endpoint = EndpointUrl.TryCreate("http", new ObjectKey("m", "s"), 80, "")!;

    /// <summary>Every fingerprint with the question of its rule, each fingerprint alone, and each question alone.</summary>
    private static readonly ImmutableArray<IdentityTarget> All =
    [
        .. from rule in BuiltInRules.All.Rules
           from target in (IdentityTarget[])[Target(rule.Fingerprint, rule.Question), Target(rule.Fingerprint, null), Target(null, rule.Question)]
           where target.Fingerprint is not null || target.Question is not null
           select target,
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
                Inquiry inquiry = await AskAsync(prober, target);
                Assert.Equal((1, true, Findings.None), (inquiry.Requests, inquiry.IsUnanswered, inquiry.Found));
            }

            ProbeAnswer answer = await prober.AskAsync(new Inquiry(All[0]).Next(Patience.Limit)!, Stop);
            Assert.Equal(new ProbeAnswer.None(ProbeFailure.Blocked(Enum.Parse<AddressDenial>(denial))), answer);
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
        foreach (IdentityTarget target in All)
            Assert.Equal(Findings.None, (await AskAsync(To(backend), target)).Found);
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
        Inquiry inquiry = await AskAsync(To(backend), All.First(t => t is { Fingerprint.Requests.Length: > 1, Question: not null }));
        Assert.Equal(Findings.None, inquiry.Found);
        await TestCluster.EventuallyAsync(() => backend.Open == 0, "no connection is open");
        Assert.InRange(Interlocked.Read(ref sent), 0, 64L * 1024 * 1024 * inquiry.Requests);
    }

    [Theory]
    [InlineData(401, 1_000_000)]
    [InlineData(200, 1_000_000)]
    public async Task A_bomb_of_Json_tells_no_more_than_its_status(int status, int length)
    {
        string body = new('[', length);
        await using LoopbackBackend backend = LoopbackBackend.Answering($"HTTP/1.1 {status} x\r\nContent-Length: {length}\r\n\r\n{body}");
        foreach (IdentityTarget target in All)
        {
            QuestionVerdict? verdict = status == 401 && target.Question is not null ? QuestionVerdict.Credentials : null;
            Findings found = (await AskAsync(To(backend), target)).Found;
            Assert.Equal((null, verdict), (found.Identity, found.Verdict));
        }
    }

    [Fact]
    public async Task An_answer_that_drips_ends_with_the_time_of_one_check()
    {
        await using LoopbackBackend backend = LoopbackBackend.Scripted(async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync(" "u8.ToArray(), stop);
                await Task.Delay(TimeSpan.FromMilliseconds(10), stop);
            }
        });
        Inquiry inquiry = new(All.First(t => t is { Fingerprint: not null, Question: not null }));
        inquiry = inquiry.With(await To(backend).AskAsync(inquiry.Next(TimeSpan.FromMilliseconds(300))!, Stop));
        Assert.Equal((Findings.None, true), (inquiry.Found, inquiry.IsTimeout));
        Assert.Null(inquiry.Next(Patience.Limit));
    }

    [Fact]
    public async Task The_request_carries_nothing_but_the_name_of_the_Service_and_this_program()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("404 Not Found");
        foreach (IdentityTarget target in All)
            await AskAsync(To(backend), target);
        Assert.All(backend.Requests, request => Assert.Equal(
            ["Connection", "Host", "User-Agent"],
            request.Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => l.Split(':')[0]).Order(StringComparer.Ordinal)));
    }

    private static HttpProber To(LoopbackBackend backend) => new(
        new HttpProberOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")], Resolve = (_, _) => backend.EndPoint }, TimeProvider.System);

    private static IdentityTarget Target(Fingerprint? fingerprint, Question? question) =>
        new(new EndpointKey(new ObjectKey("m", "s"), 80), Endpoint, fingerprint, "", IsWanted: true, IsInPlace: false) { Question = question };

    private static async Task<Inquiry> AskAsync(HttpProber prober, IdentityTarget target)
    {
        var inquiry = new Inquiry(target);
        while (inquiry.Next(Patience.Limit) is { } request)
            inquiry = inquiry.With(await prober.AskAsync(request, Stop));
        return inquiry;
    }
}
