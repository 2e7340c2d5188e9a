using System.Collections.Concurrent;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Rules;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>When backends are asked what they are, and what is known then.</summary>
public sealed class IdentityLoopTests : IAsyncDisposable
{
    private const string Loki = """{"version":"3.5.0","revision":"8012362","goVersion":"go1.24.1"}""";

    private static readonly Fingerprint Grafana = BuiltInRules.All.FindRule("grafana")!.Fingerprint!;

    private static readonly Question Search = BuiltInRules.All.FindRule("grafana")!.Question!;

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _asked = [];
    private readonly IdentityLoop _loop;
    private readonly Task _running;
    private Func<ProbeRequest, CancellationToken, Task<ProbeAnswer>> _answer = (_, _) => Task.FromResult<ProbeAnswer>(Health("12.1.0"));
    private int _changes;

    public IdentityLoopTests()
    {
        _loop = new IdentityLoop(
            new IdentityLoopOptions { Concurrency = 4 },
            (request, stop) =>
            {
                _asked.Enqueue($"{request.Endpoint.Host}{request.Path}");
                return _answer(request, stop);
            },
            () => Interlocked.Increment(ref _changes),
            _time,
            new Random(1),
            NullLogger<IdentityLoop>.Instance);
        _running = Task.Run(() => _loop.RunAsync(_stop.Token));
    }

    [Fact]
    public async Task It_is_asked_when_it_comes_to_be_wanted_and_once_in_an_interval()
    {
        await SetAsync(Target("a") with { IsWanted = false });
        Assert.Empty(_asked);
        await SetAsync(Target("a"));
        await AskedAsync(1);
        Assert.Equal("grafana 12.1.0", _loop.Table.Find(Target("a").Key)?.ToString());

        await AdvanceAsync(TimeSpan.FromMinutes(4.4));
        await AskedAsync(1);
        await AdvanceAsync(TimeSpan.FromMinutes(1.2));
        await AskedAsync(2);
        // Nobody is told what everybody knows.
        Assert.Equal(1, Volatile.Read(ref _changes));
    }

    /// <summary>A Prometheus that has just started has scraped nothing yet.</summary>
    [Fact]
    public async Task Who_serves_no_data_is_asked_again_soon_and_ever_more_seldom()
    {
        Question up = BuiltInRules.All.FindType("prometheus")!.Question!;
        string body = """{"status":"success","data":{"resultType":"vector","result":[]}}""";
        _answer = (_, _) => Task.FromResult<ProbeAnswer>(new ProbeAnswer.Response(200, null, null, Encoding.UTF8.GetBytes(body)));
        await SetAsync(Target("a") with { Fingerprint = null, Question = up });
        await AskedAsync(1);
        foreach ((int seconds, int visits) in new[] { (13, 1), (4, 2), (26, 2), (8, 3), (53, 3), (14, 4) })
        {
            await AdvanceAsync(TimeSpan.FromSeconds(seconds));
            await AskedAsync(visits);
        }

        body = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}""";
        await AdvanceAsync(TimeSpan.FromMinutes(2.3));
        await AskedAsync(5);
        Assert.Equal(QuestionVerdict.Works, _loop.Table.VerdictOf(Target("a").Key));
        await AdvanceAsync(TimeSpan.FromMinutes(4.4));
        await AskedAsync(5);
    }

    [Fact]
    public async Task It_is_asked_anew_when_its_Service_has_changed()
    {
        await SetAsync(Target("a"));
        await AskedAsync(1);
        await SetAsync(Target("a") with { IsInPlace = true });
        await AskedAsync(1);
        await SetAsync(Target("a") with { Version = "2" });
        await AskedAsync(2);
    }

    [Fact]
    public async Task What_was_told_stays_until_something_else_is_told()
    {
        await SetAsync(Target("a"));
        await AskedAsync(1);
        _answer = (_, _) => Task.FromResult<ProbeAnswer>(new ProbeAnswer.None(ProbeFailure.Refused));
        await SetAsync(Target("a") with { Version = "2" });
        await AskedAsync(2);
        Assert.Equal("grafana 12.1.0", _loop.Table.Find(Target("a").Key)?.ToString());
        _answer = (_, _) => Task.FromResult<ProbeAnswer>(Health("12.2.0"));
        await SetAsync(Target("a") with { Version = "3" });
        await AskedAsync(3);
        Assert.Equal("grafana 12.2.0", _loop.Table.Find(Target("a").Key)?.ToString());
    }

    [Fact]
    public async Task Who_does_not_tell_is_asked_the_next_question_and_who_does_not_answer_is_not()
    {
        _answer = (request, _) => Task.FromResult<ProbeAnswer>(
            request.Endpoint.Service.Name == "silent" ? new ProbeAnswer.None(ProbeFailure.Timeout) : new ProbeAnswer.Response(404, null, null, default));
        await SetAsync(Target("page"), Target("silent"));
        await AskedAsync(Grafana.Requests.Length + 1);
        Assert.Single(_asked, a => a.StartsWith("silent", StringComparison.Ordinal));
        Assert.All((string[])["page", "silent"], name => Assert.True(_loop.Table.IsAsked(Target(name).Key)));
        Assert.Empty(_loop.Table.Identities);
    }

    [Fact]
    public async Task A_connection_that_is_lost_says_nothing_and_the_visit_is_made_again_soon()
    {
        _answer = (_, _) => Task.FromResult<ProbeAnswer>(new ProbeAnswer.None(ProbeFailure.CutOff));
        await SetAsync(Target("a"));
        await AskedAsync(1);
        foreach ((double seconds, int visits, bool isAsked) in new[] { (1.7, 1, false), (0.6, 2, false), (3.5, 2, false), (1, 3, true), (7, 3, true), (2, 4, true) })
        {
            await AdvanceAsync(TimeSpan.FromSeconds(seconds));
            await AskedAsync(visits);
            Assert.Equal(isAsked, _loop.Table.IsAsked(Target("a").Key));
        }
    }

    [Fact]
    public async Task What_is_something_else_now_is_asked_once_more_at_once()
    {
        await SetAsync(Target("a"));
        await AskedAsync(1);
        _answer = (_, _) => Task.FromResult<ProbeAnswer>(new ProbeAnswer.Response(200, null, null, Encoding.UTF8.GetBytes(Loki)));
        await AdvanceAsync(TimeSpan.FromMinutes(5.6));
        await TestCluster.EventuallyAsync(() => _loop.Table.IsDoubted(Target("a").Key), "it is doubted");
        Assert.Equal("grafana", _loop.Table.Find(Target("a").Key)?.Name);
        await AdvanceAsync(TimeSpan.FromSeconds(2.3));
        await TestCluster.EventuallyAsync(() => _loop.Table.Find(Target("a").Key)?.Name != "grafana", "it is something else");
        Assert.False(_loop.Table.IsDoubted(Target("a").Key));
    }

    [Fact]
    public async Task All_that_one_is_asked_takes_no_longer_than_one_request_may()
    {
        _answer = async (request, stop) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), _time, stop);
            return new ProbeAnswer.Response(404, null, null, default);
        };
        await SetAsync(Target("slow"));
        for (int i = 0; i < 3; i++)
            await AdvanceAsync(TimeSpan.FromSeconds(2));
        await TestCluster.EventuallyAsync(() => _loop.Table.IsAsked(Target("slow").Key), "it was asked");
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task Those_of_one_namespace_that_hang_leave_slots_to_others()
    {
        _answer = async (request, stop) =>
        {
            if (request.Endpoint.Service.Name != "well")
                await Task.Delay(request.Timeout, _time, stop);
            return request.Endpoint.Service.Name == "well" ? Health("1") : new ProbeAnswer.None(ProbeFailure.Timeout);
        };
        await SetAsync([.. Enumerable.Range(0, 50).Select(i => Target($"h{i}")), Target("well") with { Key = new EndpointKey(new ObjectKey("n", "well"), 80), Endpoint = Endpoint("n", "well") }]);
        for (int i = 0; i < 5; i++)
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        await TestCluster.EventuallyAsync(() => _loop.Table.Find(new EndpointKey(new ObjectKey("n", "well"), 80)) is not null, "the one that is well told what it is");
    }

    [Fact]
    public async Task What_HolmesGPT_will_ask_is_asked_in_the_same_visit_and_of_the_last_one_the_answer_counts()
    {
        IdentityTarget target = Target("a") with { Question = Search };
        _answer = (request, _) => Task.FromResult<ProbeAnswer>(IsSearch(request) ? new ProbeAnswer.Response(401, null, null, default) : Health("12.1.0"));
        await SetAsync(target);
        await AskedAsync(2);
        Assert.Equal(QuestionVerdict.Credentials, _loop.Table.VerdictOf(target.Key));

        int changes = Volatile.Read(ref _changes);
        _answer = (request, _) => Task.FromResult<ProbeAnswer>(IsSearch(request) ? new ProbeAnswer.None(ProbeFailure.Refused) : Health("12.1.0"));
        await AdvanceAsync(TimeSpan.FromMinutes(5.6));
        await AskedAsync(4);
        // One lost connection is none of them.
        Assert.Equal(QuestionVerdict.Credentials, _loop.Table.VerdictOf(target.Key));
        await AdvanceAsync(TimeSpan.FromSeconds(2.3));
        await AskedAsync(6);
        await AdvanceAsync(TimeSpan.FromSeconds(4.5));
        await AskedAsync(8);
        Assert.Null(_loop.Table.VerdictOf(target.Key));
        Assert.Equal(changes + 1, Volatile.Read(ref _changes));
    }

    [Fact]
    public async Task Nobody_waits_for_the_answer_to_what_HolmesGPT_will_ask()
    {
        IdentityTarget target = Target("a") with { Question = Search };
        TaskCompletionSource<ProbeAnswer> answer = new();
        _answer = async (request, stop) => IsSearch(request) ? await answer.Task.WaitAsync(stop) : Health("12.1.0");
        await SetAsync(target);
        await AskedAsync(2);
        Assert.True(_loop.Table.IsAsked(target.Key));
        Assert.Equal(("grafana 12.1.0", null), (_loop.Table.Find(target.Key)?.ToString(), _loop.Table.VerdictOf(target.Key)));
        Assert.Equal(1, Volatile.Read(ref _changes));
        answer.SetResult(new ProbeAnswer.Response(200, null, null, "[]"u8.ToArray()));
        await TestCluster.EventuallyAsync(() => _loop.Table.VerdictOf(target.Key) == QuestionVerdict.NoData, "the answer is known");
    }

    [Fact]
    public async Task Who_is_gone_is_forgotten_while_it_is_being_asked()
    {
        TaskCompletionSource<ProbeAnswer> answer = new();
        _answer = async (_, stop) => await answer.Task.WaitAsync(stop);
        await SetAsync(Target("a"));
        await AskedAsync(1);
        await SetAsync();
        answer.TrySetResult(Health("1"));
        await _loop.PingAsync().WithPatienceAsync();
        Assert.Empty(_loop.Table.Identities);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WithPatienceAsync();
        _stop.Dispose();
    }

    private static ProbeAnswer.Response Health(string version) =>
        new(200, null, null, Encoding.UTF8.GetBytes($$"""{"database":"ok","version":"{{version}}"}"""));

    private static bool IsSearch(ProbeRequest request) => request.Path.StartsWith("/api/search", StringComparison.Ordinal);

    private static EndpointUrl Endpoint(string ns, string name) => EndpointUrl.TryCreate("http", new ObjectKey(ns, name), 80, "")!;

    private static IdentityTarget Target(string name) =>
        new(new EndpointKey(new ObjectKey("m", name), 80), Endpoint("m", name), Grafana, "1", IsWanted: true, IsInPlace: false);

    private async Task SetAsync(params IdentityTarget[] targets)
    {
        _loop.SetTargets([.. targets]);
        await _loop.PingAsync().WithPatienceAsync();
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        await _loop.PingAsync().WithPatienceAsync();
    }

    /// <summary>Exactly so many requests were made, and nothing is left to do before the clock moves.</summary>
    private async Task AskedAsync(int requests)
    {
        await TestCluster.EventuallyAsync(() => _asked.Count >= requests, $"{requests} requests");
        await _loop.PingAsync().WithPatienceAsync();
        await _loop.PingAsync().WithPatienceAsync();
        Assert.Equal(requests, _asked.Count);
    }
}
