using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Service.Tests.Samples;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.HolmesReload;

public sealed class ReloadLoopTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private volatile bool _maySend = true;
    private readonly ObservedTime _time = new();
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<double> _sent = new();
    private int _writes;

    [Fact]
    public async Task A_change_is_told_at_once_and_60_and_120_seconds_later()
    {
        await using LoopbackBackend holmes = Answering("200 OK");
        (ReloadLoop loop, Task running) = Start(holmes);
        await IdlesAsync(1);
        loop.Report(After(Writing(ToolsetKey.Holmes)));
        await _time.WaitsAsync(Minute, 1);
        _time.Advance(Minute - TimeSpan.FromMilliseconds(1));
        Assert.Equal([0], Seconds());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _time.WaitsAsync(Minute, 2);
        _time.Advance(Minute);
        await IdlesAsync(2);
        _time.Advance(Hour);
        await IdlesAsync(3);
        Assert.Equal([0, 60, 120], Seconds());
        Assert.All(holmes.Requests, r => Assert.StartsWith("POST /api/admin/reload/toolsets?a=b HTTP/1.1\r\n", r, StringComparison.Ordinal));
        await EndAsync(running);
    }

    [Fact]
    public async Task A_newer_change_begins_anew()
    {
        await using LoopbackBackend holmes = Answering("200 OK");
        (ReloadLoop loop, Task running) = Start(holmes);
        loop.Report(After(Writing(ToolsetKey.Holmes)));
        await _time.WaitsAsync(Minute, 1);
        _time.Advance(TimeSpan.FromSeconds(59));
        loop.Report(After(Removing(ToolsetKey.Holmes)));
        await _time.WaitsAsync(Minute, 2);
        _time.Advance(Minute);
        await _time.WaitsAsync(Minute, 3);
        _time.Advance(Minute);
        await IdlesAsync(2);
        Assert.Equal([0, 59, 59 + 60, 59 + 120], Seconds());
        await EndAsync(running);
    }

    [Fact]
    public async Task What_does_not_touch_the_file_is_no_reason()
    {
        await using LoopbackBackend holmes = Answering("200 OK");
        (ReloadLoop loop, Task running) = Start(holmes);
        ConfigMapWrite ours = Writing(ToolsetKey.Holmes);
        loop.Report(After(null));
        loop.Report(After(Writing("grafana-toolset.yaml")));
        loop.Report(After(Removing("grafana-toolset.yaml")));
        loop.Report(After(ours));
        await _time.WaitsAsync(Minute, 1);
        loop.Report(After(ours));
        loop.Report(After(Writing()));
        _time.Advance(Minute);
        await _time.WaitsAsync(Minute, 2);
        _time.Advance(Minute);
        await IdlesAsync(2);
        Assert.Equal([0, 60, 120], Seconds());
        await EndAsync(running);
    }

    /// <summary>The kubelet may bring the change of the one before only now.</summary>
    [Theory]
    [InlineData(-5, true)]
    [InlineData(0, true)]
    [InlineData(119, true)]
    [InlineData(121, false)]
    [InlineData(-3600, false)]
    public async Task A_change_just_before_the_start_is_told_by_whoever_comes_after(int secondsAgo, bool isTold)
    {
        await using LoopbackBackend holmes = Answering("200 OK");
        (ReloadLoop loop, Task running) = Start(holmes);
        await IdlesAsync(1);
        string changed = _time.GetUtcNow().AddSeconds(-secondsAgo).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        ControllerState state = After(null) with { Observed = Observed(changed) };
        loop.Report(state);
        loop.Report(state with { Observed = Observed("no time") });
        if (isTold)
            await _time.WaitsAsync(Minute, 1);
        loop.Report(state);
        Assert.Equal(isTold ? [0] : [], Seconds());
        await EndAsync(running);
    }

    [Fact]
    public async Task Who_leads_no_more_tells_nobody_and_who_leads_next_makes_up_for_it()
    {
        await using LoopbackBackend holmes = Answering("200 OK");
        (ReloadLoop loop, Task running) = Start(holmes);
        await IdlesAsync(1);
        ControllerState changed = After(Writing(ToolsetKey.Holmes)) with
        {
            Observed = Observed(_time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
        };
        loop.Report(changed);
        await _time.WaitsAsync(Minute, 1);
        _maySend = false;
        loop.Report(changed with { Leadership = new Leadership.Follower("another_1") });
        _time.Advance(Minute);
        await IdlesAsync(2);
        Assert.Equal([0], Seconds());
        _maySend = true;
        loop.Report(changed);
        await _time.WaitsAsync(Minute, 2);
        Assert.Equal([0, 60], Seconds());
        await EndAsync(running);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("s3cret~!", "s3cret~!")]
    public async Task The_key_goes_in_a_header_where_there_is_one(string key, string? header)
    {
        await using LoopbackBackend holmes = Answering("200 OK");
        (ReloadLoop loop, Task running) = Start(holmes, key);
        loop.Report(After(Writing(ToolsetKey.Holmes)));
        await _time.WaitsAsync(Minute, 1);
        string request = Assert.Single(holmes.Requests);
        Assert.Equal(header, Header(request, "X-API-Key"));
        Assert.Equal("0", Header(request, "Content-Length"));
        await EndAsync(running);
        Assert.All(_log.All, line => Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("401 Unauthorized", "status 401: HOLMES_RELOAD_API_KEY must have the value of HOLMES_API_KEY in HolmesGPT")]
    [InlineData("403 Forbidden", "status 403: HOLMES_RELOAD_API_KEY must have the value of HOLMES_API_KEY in HolmesGPT")]
    [InlineData("404 Not Found", "status 404: use HolmesGPT later than 0.31.1 with ENABLE_ADMIN_API=true, and /api/admin/reload/toolsets as the path of HOLMES_RELOAD_URL")]
    [InlineData("405 Method Not Allowed", "status 405: use HolmesGPT later than 0.31.1 with ENABLE_ADMIN_API=true, and /api/admin/reload/toolsets as the path of HOLMES_RELOAD_URL")]
    [InlineData("500 Internal Server Error", "status 500: HolmesGPT cannot load its file; its log says why")]
    [InlineData("503 Service Unavailable", "status 503")]
    [InlineData("307 Temporary Redirect", "status 307: redirects are not followed; set HOLMES_RELOAD_URL to the final URL")]
    public async Task A_refusal_says_what_to_do(string status, string error)
    {
        await using LoopbackBackend holmes = Answering(status, "Location: /elsewhere\r\n");
        (ReloadLoop loop, Task running) = Start(holmes, "s3cret");
        loop.Report(After(Writing(ToolsetKey.Holmes)));
        await _time.WaitsAsync(Minute, 1);
        Assert.Single(holmes.Requests);
        string line = Assert.Single(_log.All);
        Assert.Contains("\"level\":\"warn\",\"msg\":\"HolmesGPT could not be told to reload its toolsets\"", line);
        Assert.Contains($"\"error\":\"{error}\"", line);
        Assert.Contains($"\"url\":\"http://127.0.0.1:{holmes.EndPoint.Port}/api/admin/reload/toolsets\"", line);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_turn_to_the_worse_or_better_is_told_and_the_same_again_is_not()
    {
        var statuses = new Queue<string>(["503 Busy", "503 Busy", "200 OK", "404 Not Found", "404 Not Found", "200 OK"]);
        await using LoopbackBackend holmes = Answering(statuses.Dequeue);
        (ReloadLoop loop, Task running) = Start(holmes);
        for (int change = 0; change < 2; change++)
        {
            loop.Report(After(Writing(ToolsetKey.Holmes)));
            for (int waits = 1; waits <= 2; waits++)
            {
                await _time.WaitsAsync(Minute, change * 2 + waits);
                _time.Advance(Minute);
            }

            await IdlesAsync(change + 2);
        }

        await EndAsync(running);
        Assert.Empty(statuses);
        Assert.Equal(["status 503", "info", "status 404", "info"], _log.All.Select(l => Regex.Match(l, "status [0-9]+|info").Value));
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_and_asked_again_later()
    {
        await using LoopbackBackend holmes = LoopbackBackend.Hanging();
        (ReloadLoop loop, Task running) = Start(holmes);
        loop.Report(After(Writing(ToolsetKey.Holmes)));
        await TestCluster.EventuallyAsync(() => holmes.Requests.Count == 1, "it was asked");
        loop.Report(After(Writing("grafana-toolset.yaml")));
        _time.Advance(Limit);
        // The first of them was the time limit itself.
        await _time.WaitsAsync(Minute - Limit, 2);
        Assert.Contains("\"error\":\"no answer within 30 seconds\"", Assert.Single(_log.All));
        _time.Advance(Minute - Limit);
        await TestCluster.EventuallyAsync(() => holmes.Requests.Count == 2, "it was asked again");
        await EndAsync(running);
    }

    [Fact]
    public async Task Nobody_there_is_told_and_outlived()
    {
        LoopbackBackend gone = LoopbackBackend.Hanging();
        (ReloadLoop loop, Task running) = Start(gone);
        await gone.DisposeAsync();
        loop.Report(After(Writing(ToolsetKey.Holmes)));
        await _time.WaitsAsync(Minute, 1);
        Assert.Contains("\"error\":\"Connection refused", Assert.Single(_log.All));
        await EndAsync(running);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_gets_no_key()
    {
        using X509Certificate2 authority = TestCertificates.Authority("nobody");
        using X509Certificate2 certificate = TestCertificates.For("localhost", authority);
        await using LoopbackBackend holmes = LoopbackBackend.AnsweringStatus("200 OK", certificate: certificate);
        (ReloadLoop loop, Task running) = Start(new Uri($"https://localhost:{holmes.EndPoint.Port}/"), "s3cret");
        loop.Report(After(Writing(ToolsetKey.Holmes)));
        await _time.WaitsAsync(Minute, 1);
        Assert.Empty(holmes.Requests);
        Assert.Contains("\"error\":\"TLS failed: ", Assert.Single(_log.All));
        await EndAsync(running);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _log.Dispose();
    }

    private LoopbackBackend Answering(string status, string headers = "") => Answering(() => status, headers);

    private LoopbackBackend Answering(Func<string> status, string headers = "") => LoopbackBackend.Scripted(async (stream, stop) =>
    {
        _sent.Enqueue((_time.GetUtcNow() - _time.Start).TotalSeconds);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {status()}\r\nContent-Length: 0\r\n{headers}\r\n"), stop);
    });

    private (ReloadLoop Loop, Task Running) Start(LoopbackBackend holmes, string key = "") =>
        Start(new Uri($"http://127.0.0.1:{holmes.EndPoint.Port}/api/admin/reload/toolsets?a=b"), key);

    private (ReloadLoop Loop, Task Running) Start(Uri url, string key)
    {
        using var loggers = new LoggerFactory([_log]);
        var client = new ReloadClient(url, key, ReloadTls.OfSystem, _time);
        var loop = new ReloadLoop(client, _time, loggers.CreateLogger<ReloadLoop>(), maySend: () => _maySend);
        return (loop, loop.RunAsync(_stop.Token));
    }

    /// <summary>Ends where the loop waits for a change and for nothing else, for that many times.</summary>
    private Task IdlesAsync(int times) => _time.WaitsAsync(Hour, times);

    private double[] Seconds() => [.. _sent];

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }

    private static string? Header(string request, string name) => request.Split("\r\n")
        .Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 2)..])
        .SingleOrDefault();

    private static ControllerState After(ConfigMapWrite? write) => States.Empty with { LastWrite = write };

    private static ConfigMapRecord Observed(string lastChange)
    {
        ImmutableSortedDictionary<string, string> none = ImmutableSortedDictionary<string, string>.Empty;
        return new ConfigMapRecord(
            new ObjectKey("n", "c"), "u", "1", Immutable: false, none, none.Add(DesiredConfigMap.LastChangeAnnotation, lastChange), [], none, ImmutableSortedDictionary<string, int>.Empty, []);
    }

    private ConfigMapWrite Writing(params string[] keys) => new(Moment(), [.. keys], [], [], IsCreation: false, IsRecreation: false, TimeSpan.Zero);

    private ConfigMapWrite Removing(string key) => new(Moment(), [], [key], [], IsCreation: false, IsRecreation: false, TimeSpan.Zero);

    private DateTimeOffset Moment() => _time.GetUtcNow().AddTicks(++_writes);
}
