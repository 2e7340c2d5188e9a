using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DynamicToolset.LeaderElection;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Discoveries;

/// <summary>To whom callers' tokens are sent, and what of the answer is believed.</summary>
public sealed class LeaderLinkTests
{
    private const string Problem = """{"title":"Too Many Requests","status":429}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.168.7.7", true)]
    [InlineData("fd00::7", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.8.8.8", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("169.254.1.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("255.255.255.255", false)]
    public void A_leader_is_at_no_address_that_no_pod_has(string address, bool isTrusted)
    {
        using LeaderLink link = Link(isOnLoopback: false), onLoopback = Link(isOnLoopback: true);
        var leader = new OtherLeader("one_1", LeaderAddress.Of(IPAddress.Parse(address), 8080));
        Assert.Equal(isTrusted, link.AddressOf(leader) is not null);
        bool isLoopback = address is "127.0.0.1" or "127.8.8.8" or "::1" or "::ffff:127.0.0.1" or "::127.0.0.1" or "64:ff9b::127.0.0.1";
        Assert.Equal(isTrusted || isLoopback, onLoopback.AddressOf(leader) is not null);
    }

    [Fact]
    public void Who_says_no_address_has_none()
    {
        using LeaderLink link = Link();
        Assert.Null(link.AddressOf(new OtherLeader("one_1", null)));
    }

    [Fact]
    public async Task What_is_sent_on_has_the_callers_headers_and_body_and_who_sent_it_on()
    {
        await using var leader = new FakeLeader("HTTP/1.1 202 Accepted\r\nContent-Type: application/json; charset=utf-8\r\nLocation: /api/v1/discover/one.1-f\r\nContent-Length: 2\r\n\r\n{}");
        using LeaderLink link = Link();
        LeaderAnswer? answer = await link.AskAsync(
            leader.Address,
            new LeaderQuestion(HttpMethod.Post, "/api/v1/discover", """{"force":true}"""u8.ToArray(), [new("Authorization", "Bearer secret"), new("X-Correlation-ID", "order-1")]),
            Stop).WithPatienceAsync();
        Assert.Equal((202, "application/json", "/api/v1/discover/one.1-f"), (answer!.Status, answer.MediaType, answer.Location));
        string request = Assert.Single(leader.Requests);
        Assert.StartsWith("POST /api/v1/discover HTTP/1.1\r\n", request, StringComparison.Ordinal);
        foreach (string line in (string[])["Authorization: Bearer secret", "X-Correlation-ID: order-1", "X-Dynamic-Toolset-Forwarded-By: two", "Content-Type: application/json"])
            Assert.Contains($"\r\n{line}\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("""{"force":true}""", request, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("429 Too Many Requests", "application/problem+json", Problem, true)]
    [InlineData("401 Unauthorized", "application/problem+json", "{}", true)]
    [InlineData("200 OK", "application/json", "{}", true)]
    [InlineData("200 OK", "text/html", "<script>", false)]
    [InlineData("302 Found\r\nLocation: http://evil.example/", "application/json", "{}", false)]
    [InlineData("200 OK\r\nContent-Encoding: gzip", "text/plain", "{}", false)]
    [InlineData("no status at all", "application/json", "{}", false)]
    public async Task Only_an_answer_of_this_service_is_passed_back(string status, string type, string body, bool isPassedBack)
    {
        await using var leader = new FakeLeader($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nRetry-After: 3\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using LeaderLink link = Link();
        LeaderAnswer? answer = await link.AskAsync(leader.Address, Question, Stop).WithPatienceAsync();
        Assert.Equal(isPassedBack, answer is not null);
        Assert.Equal(isPassedBack ? body : null, answer is null ? null : Encoding.UTF8.GetString(answer.Body));
        Assert.Equal(isPassedBack ? "3" : null, answer?.RetryAfter);
        Assert.Null(answer?.Location);
        Assert.Single(leader.Requests);
    }

    [Theory]
    [InlineData("Location", "/api/v1/discover/one.1-f%20a", true)]
    [InlineData("Location", "/api/v1/discover/", false)]
    [InlineData("Location", "/api/v1/discover/\u00e9", false)]
    [InlineData("Location", "/api/v1/discover/one/../../x", false)]
    [InlineData("Location", "/api/v1/discover/one?x", false)]
    [InlineData("Location", "http://evil.example/api/v1/discover/one", false)]
    [InlineData("ETag", "W/\"0a\"", true)]
    [InlineData("ETag", "\"0a\"", true)]
    [InlineData("ETag", "W/\"\u00e9\"", false)]
    [InlineData("ETag", "0a", false)]
    [InlineData("WWW-Authenticate", "Bearer", true)]
    [InlineData("WWW-Authenticate", "Bearer error=\"invalid_token\", error_description=\"wrong audience\"", true)]
    [InlineData("WWW-Authenticate", "Bearer error=\"\u00e9\"", false)]
    [InlineData("WWW-Authenticate", "Basic realm=\"evil\"", false)]
    public async Task A_header_is_passed_back_where_this_service_would_send_it_so(string name, string value, bool isPassedBack)
    {
        await using var leader = new FakeLeader($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{name}: {value}\r\nContent-Length: 2\r\n\r\n{{}}");
        using LeaderLink link = Link();
        LeaderAnswer? answer = await link.AskAsync(leader.Address, Question, Stop).WithPatienceAsync();
        Assert.Equal(isPassedBack ? value : null, answer!.Location ?? answer.ETag ?? answer.Challenge);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task That_nothing_has_changed_is_passed_back_to_who_asked_for_that(bool isAsked)
    {
        await using var leader = new FakeLeader("HTTP/1.1 304 Not Modified\r\nETag: W/\"0a\"\r\n\r\n");
        using LeaderLink link = Link();
        LeaderQuestion question = isAsked ? Question with { Headers = [new("If-None-Match", "W/\"0a\"")] } : Question;
        LeaderAnswer? answer = await link.AskAsync(leader.Address, question, Stop).WithPatienceAsync();
        Assert.Equal(isAsked, answer is { Status: 304, MediaType: null, ETag: "W/\"0a\"" });
        Assert.Equal(isAsked, answer is not null);
    }

    [Theory, InlineData(301), InlineData(302), InlineData(307), InlineData(308)]
    public async Task Nobody_is_followed_elsewhere_with_the_token(int status)
    {
        await using var elsewhere = new FakeLeader("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        await using var leader = new FakeLeader($"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere.Address}/\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}");
        using LeaderLink link = Link();
        Assert.Null(await link.AskAsync(leader.Address, Question, Stop).WithPatienceAsync());
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        await using var leader = new FakeLeader($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n{new string(' ', 3_000_000)}");
        using LeaderLink link = Link();
        Assert.Null(await link.AskAsync(leader.Address, Question, Stop).WithPatienceAsync());
    }

    [Fact]
    public async Task A_leader_that_is_away_or_breaks_off_has_no_answer()
    {
        LeaderAddress address;
        await using (var gone = new FakeLeader(""))
            address = gone.Address;
        await using var silent = new FakeLeader("");
        using LeaderLink link = Link();
        Assert.Null(await link.AskAsync(address, Question, Stop).WithPatienceAsync());
        Assert.Null(await link.AskAsync(silent.Address, Question, Stop).WithPatienceAsync());
    }

    [Fact]
    public async Task A_leader_that_hangs_is_waited_for_for_five_seconds()
    {
        await using var leader = new FakeLeader(null);
        var time = new FakeTimeProvider();
        using LeaderLink link = Link(time: time);
        Task<LeaderAnswer?> asked = link.AskAsync(leader.Address, Question, Stop);
        await TestCluster.EventuallyAsync(() => leader.Requests.Count == 1, "it was asked");
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(await asked.WithPatienceAsync());
    }

    [Fact]
    public async Task Who_goes_away_is_not_waited_for()
    {
        await using var leader = new FakeLeader(null);
        using LeaderLink link = Link();
        using var gone = new CancellationTokenSource();
        Task<LeaderAnswer?> asked = link.AskAsync(leader.Address, Question, gone.Token);
        await TestCluster.EventuallyAsync(() => leader.Requests.Count == 1, "it was asked");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WithPatienceAsync());
    }

    private static LeaderQuestion Question => new(HttpMethod.Get, "/api/v1/discover/one.1-f", null, []);

    private static LeaderLink Link(bool isOnLoopback = true, TimeProvider? time = null) =>
        new("two", () => new Leadership.Follower("one_1"), () => null, isOnLoopback, time ?? TimeProvider.System);

    /// <summary>Answers every request with the same bytes; with null it never does.</summary>
    private sealed class FakeLeader : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<string> _requests = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly string? _answer;
        private readonly Task _running;

        public FakeLeader(string? answer)
        {
            _answer = answer;
            _listener.Start();
            Address = LeaderAddress.Of(IPAddress.Loopback, ((IPEndPoint)_listener.LocalEndpoint).Port);
            _running = RunAsync();
        }

        public LeaderAddress Address { get; }

        public ConcurrentQueue<string> Requests => _requests;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    await AnswerAsync(client.GetStream());
                }
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            try
            {
                byte[] buffer = new byte[64 * 1024];
                string request = "";
                while (!IsWhole(request) && await stream.ReadAsync(buffer, _stop.Token) is > 0 and int read)
                    request += Encoding.UTF8.GetString(buffer, 0, read);
                _requests.Enqueue(request);
                if (_answer is null)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer!), _stop.Token);
            }
            catch (IOException)
            {
                // It has had enough.
            }
        }

        private static bool IsWhole(string request) =>
            request.Contains("\r\n\r\n", StringComparison.Ordinal) && (request.StartsWith("GET", StringComparison.Ordinal) || request.EndsWith('}'));
    }
}
