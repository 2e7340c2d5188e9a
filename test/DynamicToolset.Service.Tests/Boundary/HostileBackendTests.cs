using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>
/// A harmless Service behind which the attack begins: EndpointSlices made by hand, a DNS that lies, a backend that redirects. The
/// connections are counted where they would arrive.
/// </summary>
public sealed class HostileBackendTests
{
    private static readonly HealthCheckTarget Target =
        new(EndpointUrl.TryCreate("http", new ObjectKey("m", "s"), 80, "")!, "/health", AcceptedStatuses.Default);

    private static readonly string[] Locations =
    [
        "http://VICTIM/", "//VICTIM/", "http://user:password@VICTIM/", "https://VICTIM/", "HTTP://VICTIM/", "http://2130706434:PORT/", "http://0x7f.2:PORT/",
        "http://[::ffff:127.0.0.2]:PORT/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "/elsewhere", "\\\\VICTIM\\",
    ];

    public static TheoryData<int, string> Redirects
    {
        get
        {
            var rows = new TheoryData<int, string>();
            foreach (int status in (int[])[301, 302, 303, 307, 308])
            {
                foreach (string location in Locations)
                    rows.Add(status, location);
            }

            return rows;
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DeniedAddresses.All), MemberType = typeof(DeniedAddresses))]
    public async Task No_endpoint_made_by_hand_gets_a_connection(string address, string denial)
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
            Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(Enum.Parse<AddressDenial>(denial))), await CheckAsync(prober));
        }

        Assert.Equal((0, 0), (onIPv4.Accepted, onIPv6.Accepted));
    }

    [Theory]
    [InlineData("443")]
    [InlineData("6443")]
    [InlineData("8443")]
    public async Task Whatever_is_allowed_the_API_server_is_not(string port)
    {
        var server = new IPEndPoint(IPAddress.Parse("192.0.2.1"), int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        var prober = new HttpProber(
            new HttpProberOptions
            {
                AllowedNetworks = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")],
                ApiServer = ApiServerAddresses.Of(server),
                Resolve = (_, _) => server,
            },
            TimeProvider.System);
        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.ApiServer)), await CheckAsync(prober));
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task A_redirect_is_an_answer_and_not_followed(int status, string location)
    {
        await using LoopbackBackend victim = LoopbackBackend.On(IPAddress.Parse("127.0.0.2"));
        string target = location
            .Replace("VICTIM", $"{victim.EndPoint}", StringComparison.Ordinal)
            .Replace("PORT", $"{victim.EndPoint.Port}", StringComparison.Ordinal);
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus(
            $"{status} Moved", $"Location: {target}\r\nRefresh: 0; url={target}\r\nAlt-Svc: h2=\"{victim.EndPoint}\"\r\n");
        int asked = 0;
        var prober = new HttpProber(
            new HttpProberOptions
            {
                // Both are allowed: nothing but the refusal to follow keeps the victim safe here.
                AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")],
                Resolve = (_, _) =>
                {
                    asked++;
                    return backend.EndPoint;
                },
            },
            TimeProvider.System);

        Assert.Equal(new ProbeOutcome.BadStatus(status), await CheckAsync(prober));
        Assert.Equal((1, 1, 0), (asked, backend.Accepted, victim.Accepted));
    }

    [Fact]
    public async Task A_name_that_changes_its_address_is_judged_by_the_one_that_is_connected_to()
    {
        await using LoopbackBackend backend = LoopbackBackend.On(IPAddress.Parse("127.0.0.1"));
        await using LoopbackBackend victim = LoopbackBackend.On(IPAddress.Parse("127.0.0.2"));
        int asked = 0;
        var prober = new HttpProber(
            new HttpProberOptions
            {
                AllowedNetworks = [IPNetwork.Parse("127.0.0.1/32")],
                Resolve = (_, _) => asked++ == 0 ? backend.EndPoint : victim.EndPoint,
            },
            TimeProvider.System);

        Assert.Equal(new ProbeOutcome.Success(200), await CheckAsync(prober));
        Assert.Equal((1, 1), (asked, backend.Accepted));
        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)), await CheckAsync(prober));
        Assert.Equal((1, 0), (backend.Accepted, victim.Accepted));
    }

    [Fact]
    public async Task A_name_that_changes_its_address_between_two_attempts_is_judged_anew()
    {
        await using LoopbackBackend backend = LoopbackBackend.AnsweringStatus("503 Service Unavailable");
        await using LoopbackBackend victim = LoopbackBackend.On(IPAddress.Parse("127.0.0.2"));
        ImmutableArray<IPEndPoint> answers = [backend.EndPoint, victim.EndPoint];
        int asked = 0;
        var prober = new HttpProber(
            new HttpProberOptions
            {
                AllowedNetworks = [IPNetwork.Parse("127.0.0.1/32")],
                Resolve = (_, _) => answers[asked++],
            },
            TimeProvider.System);

        Assert.Equal(new ProbeOutcome.BadStatus(503), await CheckAsync(prober));
        Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)), await CheckAsync(prober));
        Assert.Equal((1, 0), (backend.Accepted, victim.Accepted));
    }

    private static async Task<ProbeOutcome> CheckAsync(HttpProber prober) =>
        ProbeOutcome.Of(await prober.AskAsync(Target.Request(Patience.Limit), Stop), Target.Accepts);
}
