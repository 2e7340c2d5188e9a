using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>Who is shown the token of a check, and who never is.</summary>
public sealed class CheckTokenTests : IDisposable
{
    private const string Host = "thanos-querier.openshift-monitoring";
    private const string Token = "eyJ.a-b_c~d+e/f=";
    private const string Refused = "401 Unauthorized";

    private static readonly ObjectKey Thanos = new("openshift-monitoring", "thanos-querier");

    private readonly TestFolder _folder = new();
    private readonly X509Certificate2 _ours = TestCertificates.Authority("ours");
    private readonly X509Certificate2 _theirs = TestCertificates.Authority("theirs");
    private readonly string _file;

    public CheckTokenTests() => _file = _folder.Write("token", Token + "\n");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Theory]
    [InlineData("200 OK", "ok 200, token None", 1)]
    [InlineData("503 Service Unavailable", "status 503, token None", 1)]
    [InlineData("302 Found", "status 302, token None", 1)]
    [InlineData("401 Unauthorized then 200 OK", "credentials 401, token Sent, 200", 2)]
    [InlineData("403 Forbidden then 204 No Content", "credentials 403, token Sent, 204", 2)]
    [InlineData("401 Unauthorized then 401 Unauthorized", "credentials 401, token Sent", 2)]
    [InlineData("401 Unauthorized then 403 Forbidden", "credentials 403, token Sent", 2)]
    [InlineData("401 Unauthorized then 503 Service Unavailable", "status 503, token None", 2)]
    [InlineData("401 Unauthorized then 302 Found", "status 302, token None", 2)]
    [InlineData("401 Unauthorized then nothing", "connection , token None", 2)]
    public async Task A_backend_that_wants_a_token_gets_it_in_a_second_request_and_nothing_is_followed(string answers, string expected, int requests)
    {
        await using LoopbackBackend victim = LoopbackBackend.On(IPAddress.Parse("127.0.0.2"));
        using X509Certificate2 certificate = TestCertificates.For(Host, _ours);
        await using LoopbackBackend backend = Answering(answers.Split(" then "), certificate, $"Location: https://{victim.EndPoint}/\r\n");
        Assert.Equal(expected, Words(await CheckAsync(backend)));
        Assert.Equal(Enumerable.Range(0, requests).Select(i => i == 1), backend.Requests.Select(r => r.Contains($"Authorization: Bearer {Token}\r\n", StringComparison.Ordinal)));
        Assert.Equal(requests == 2 ? 1 : 0, backend.Requests.Count(r => r.Contains(Token, StringComparison.Ordinal)));
        Assert.Equal((requests, 0), (backend.Accepted, victim.Accepted));
    }

    [Theory]
    [InlineData("https", Host, "ours", true, "credentials 401, token Sent, 200")]
    [InlineData("https", Host, "ours", false, "credentials 401, token None")]
    [InlineData("https", Host, "none", true, "credentials 401, token Unverified")]
    [InlineData("https", Host, "theirs", true, "tls , token None")]
    [InlineData("https", "somebody.else", "ours", true, "tls , token None")]
    [InlineData("http", Host, "ours", true, "credentials 401, token Unverified")]
    public async Task Nobody_is_shown_it_for_whom_no_certificate_vouches_or_that_no_admin_named(
        string scheme, string name, string authority, bool isNamed, string expected)
    {
        using X509Certificate2? certificate = scheme == "https" ? TestCertificates.For(name, _ours) : null;
        await using LoopbackBackend backend = Answering([Refused, "200 OK"], certificate);
        X509Certificate2? given = authority switch { "ours" => _ours, "theirs" => _theirs, _ => null };
        HttpProberOptions options = To(backend) with { Authorities = given is null ? null : new CertificateAuthorities(given.ExportCertificatePem(), null) };
        ProbeAnswer answer = await AskAsync(options, Target(scheme) with { TokenFile = isNamed ? _file : null });
        Assert.Equal(expected, Words(ProbeOutcome.Of(answer, AcceptedStatuses.Default)));
        bool isSent = expected.Contains("Sent", StringComparison.Ordinal);
        Assert.Equal(isSent, backend.Requests.Any(r => r.Contains("Bearer", StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(Token, answer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\r\nX-Injected: yes")]
    [InlineData("a\nb")]
    [InlineData("é")]
    public async Task What_is_no_token_is_sent_to_nobody(string text)
    {
        using X509Certificate2 certificate = TestCertificates.For(Host, _ours);
        await using LoopbackBackend backend = Answering([Refused, "200 OK"], certificate);
        await File.WriteAllTextAsync(_file, text, Stop);
        Assert.Equal("credentials 401, token Unreadable", Words(await CheckAsync(backend)));
        Assert.Equal(1, backend.Accepted);
    }

    [Fact]
    public async Task A_file_that_the_settings_do_not_name_is_not_read()
    {
        using X509Certificate2 certificate = TestCertificates.For(Host, _ours);
        await using LoopbackBackend backend = Answering([Refused, "200 OK"], certificate);
        ProbeAnswer answer = await AskAsync(To(backend), Target() with { TokenFile = _folder.Write("other", "secret") });
        Assert.Equal("credentials 401, token Unreadable", Words(ProbeOutcome.Of(answer, AcceptedStatuses.Default)));
        Assert.Equal(1, backend.Accepted);
    }

    [Fact]
    public async Task The_token_that_stands_in_the_file_by_then_is_sent()
    {
        using X509Certificate2 certificate = TestCertificates.For(Host, _ours);
        await using LoopbackBackend backend = Answering([Refused, "200 OK", Refused, "200 OK"], certificate);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        HttpProberOptions options = To(backend, time);
        await AskAsync(options, Named(Target()));
        await File.WriteAllTextAsync(_file, "rotated", Stop);
        time.Advance(RotatingFile.Freshness);
        await AskAsync(options, Named(Target()));
        Assert.EndsWith("Bearer rotated\r\n\r\n", backend.Requests.Last().Replace("Connection: close\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_file_is_being_written_the_last_token_counts()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var tokens = new TokenFiles(ImmutableDictionary<string, RotatingFile>.Empty.Add(_file, new RotatingFile(_file, ConnectionBounds.Token, time)));
        Assert.Equal(Token, tokens.Read(_file));
        foreach (string half in (string[])["", "no token", "\r\n"])
        {
            await File.WriteAllTextAsync(_file, half, Stop);
            time.Advance(RotatingFile.Freshness);
            Assert.Equal(Token, tokens.Read(_file));
        }
    }

    [Theory]
    [MemberData(nameof(DeniedAddresses.All), MemberType = typeof(DeniedAddresses))]
    public async Task The_second_request_is_judged_by_its_own_address(string address, string denial)
    {
        await using LoopbackBackend onIPv4 = LoopbackBackend.On(IPAddress.Any);
        await using LoopbackBackend onIPv6 = LoopbackBackend.On(IPAddress.IPv6Loopback);
        using X509Certificate2 certificate = TestCertificates.For(Host, _ours);
        await using LoopbackBackend backend = Answering([Refused, Refused], certificate, address: IPAddress.Parse("127.0.0.9"));
        foreach (LoopbackBackend victim in (LoopbackBackend[])[onIPv4, onIPv6])
        {
            int asked = 0;
            var denied = new IPEndPoint(IPAddress.Parse(address), victim.EndPoint.Port);
            HttpProberOptions options = To(backend) with
            {
                AllowedNetworks = [new IPNetwork(backend.EndPoint.Address, 32)],
                ApiServer = ApiServerAddresses.Of(new IPEndPoint(IPAddress.Parse(DeniedAddresses.ApiServer), victim.EndPoint.Port)),
                Resolve = (_, _) => asked++ == 0 ? backend.EndPoint : denied,
            };
            Assert.Equal(new ProbeAnswer.None(ProbeFailure.Blocked(Enum.Parse<AddressDenial>(denial))), await AskAsync(options, Named(Target())));
        }

        Assert.Equal((0, 0), (onIPv4.Accepted, onIPv6.Accepted));
        Assert.DoesNotContain(backend.Requests, r => r.Contains(Token, StringComparison.Ordinal));
    }

    private static string Words(ProbeOutcome outcome)
    {
        var wants = outcome as ProbeOutcome.WantsCredentials;
        return $"{outcome.Reason} {outcome.StatusCode}, token {wants?.Token ?? TokenUse.None}{(wants?.WithToken is { } code ? $", {code}" : "")}";
    }

    private static ProbeRequest Target(string scheme = "https") =>
        new(EndpointUrl.TryCreate(scheme, Thanos, 9091, "")!, "/-/healthy", 1024, Patience.Limit);

    private ProbeRequest Named(ProbeRequest request) => request with { TokenFile = request.TokenFile ?? _file };

    private async Task<ProbeOutcome> CheckAsync(LoopbackBackend backend) =>
        ProbeOutcome.Of(await AskAsync(To(backend), Named(Target())), AcceptedStatuses.Default);

    private Task<ProbeAnswer> AskAsync(HttpProberOptions options, ProbeRequest request) => new HttpProber(options, TimeProvider.System).AskAsync(request, Stop);

    private HttpProberOptions To(LoopbackBackend backend, TimeProvider? time = null) => new()
    {
        AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")],
        Resolve = (_, _) => backend.EndPoint,
        Authorities = new CertificateAuthorities(_ours.ExportCertificatePem(), null),
        Tokens = new TokenFiles(ImmutableDictionary<string, RotatingFile>.Empty.Add(_file, new RotatingFile(_file, ConnectionBounds.Token, time ?? TimeProvider.System))),
    };

    private static LoopbackBackend Answering(string[] answers, X509Certificate2? certificate, string headers = "", IPAddress? address = null)
    {
        int next = 0;
        return LoopbackBackend.Scripted(
            async (stream, stop) =>
            {
                string answer = answers[next++];
                if (answer != "nothing")
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n{headers}\r\n"), stop);
            },
            certificate,
            address);
    }
}
