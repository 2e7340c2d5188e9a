using System.Runtime.CompilerServices;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>Several informers of one API server that goes and comes back, on virtual time and one thread.</summary>
public sealed class OutageTests : IDisposable
{
    private const int Watches = 3;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly OneThread _thread = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Reconnection _reconnection = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Informer<object>> _informers = [];
    private readonly List<InformerReport> _reports = [];
    private readonly List<TimeSpan> _requests = [];
    private readonly bool[] _isOpen = new bool[Watches];
    private readonly long _begun;
    private TaskCompletionSource _broken = new();
    private Func<int, KubeApiException?> _refusal = _ => null;
    private string _oldest = "1";
    private int _lists;

    public OutageTests() => _begun = _time.GetTimestamp();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory, MemberData(nameof(Seeds))]
    public void Each_of_ten_outages_in_a_row_is_repaired_within_five_seconds_by_a_bounded_number_of_requests(int seed)
    {
        var random = new Random(seed);
        Start(seed);
        for (int i = 0; i < 10; i++)
        {
            Pass(TimeSpan.FromSeconds(random.Next(1, 60)));
            TimeSpan length = TimeSpan.FromSeconds(random.Next(1, 300));
            Outage(length, _ => Refusals.Unreachable());
            int before = _requests.Count;
            PassUntilAllOpen(TimeSpan.FromSeconds(5));
            Assert.InRange(_requests.Count - before, 0, 2 * Watches);
        }

        double minutes = Now.TotalMinutes;
        Assert.InRange(_requests.Count, 1, Watches * ((24 * minutes) + 10 * 5));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void After_five_minutes_without_the_API_server_nothing_is_listed_anew_where_it_still_knows_the_version(int seed) =>
        Assert.Equal(0, ListsAfterAnOutage(seed, oldest: "1"));

    [Theory, MemberData(nameof(Seeds))]
    public void Where_it_has_forgotten_the_version_each_is_listed_once(int seed) => Assert.Equal(Watches, ListsAfterAnOutage(seed, oldest: "2"));

    [Theory, MemberData(nameof(Seeds))]
    public void The_first_that_reconnects_wakes_the_others(int seed)
    {
        Start(seed);
        Pass(TimeSpan.FromSeconds(30));
        Outage(TimeSpan.FromSeconds(120), _ => Refusals.Unreachable());
        while (!_isOpen.Contains(true))
            Pass(Step);
        Pass(TimeSpan.FromMilliseconds(450));
        Assert.All(_isOpen, Assert.True);
    }

    [Theory]
    [InlineData(403, "Forbidden")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(503, "ServiceUnavailable")]
    public void Who_was_told_to_wait_is_not_woken(int code, string reason)
    {
        Start(seed: 1);
        Pass(TimeSpan.FromSeconds(30));
        TimeSpan asked = TimeSpan.FromSeconds(60);
        Outage(TimeSpan.FromSeconds(10), i => i == 0 ? Refusals.Of(code, reason, asked) : Refusals.Unreachable());
        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal([false, true, true], _isOpen);
        PassUntilAllOpen(asked);
    }

    [Fact]
    public void Clients_that_lost_the_same_API_server_do_not_return_together()
    {
        var returns = new HashSet<TimeSpan>();
        for (int seed = 1; seed <= 50; seed++)
        {
            using var one = new OutageTests();
            one.Start(seed);
            one.Pass(TimeSpan.FromSeconds(30));
            one.Outage(TimeSpan.FromSeconds(300), _ => Refusals.Unreachable());
            int before = one._requests.Count;
            while (one._requests.Count == before)
                one.Pass(Step);
            returns.Add(one._requests[before]);
        }

        Assert.True(returns.Count > 20, $"{returns.Count} instants for 50 clients");
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_right_that_is_not_granted_just_after_an_outage_is_no_missing_right_yet(int seed)
    {
        Start(seed);
        Pass(TimeSpan.FromSeconds(30));
        Outage(TimeSpan.FromSeconds(20), _ => Refusals.Unreachable());
        Outage(TimeSpan.FromSeconds(4.5), _ => Refusals.Of(403, "Forbidden"), isBreak: false);
        Assert.All(_informers, i => Assert.Null(i.MissingRight));
        PassUntilAllOpen(TimeSpan.FromSeconds(1.1));
        Assert.DoesNotContain(_reports, r => r is InformerReport.WatchRefused { Error.IsForbidden: true, MayPass: false });
        Assert.Contains(_reports, r => r is InformerReport.WatchRefused { Error.IsForbidden: true, MayPass: true });
    }

    [Theory]
    [InlineData(403)]
    [InlineData(503)]
    public void A_right_that_is_not_granted_at_the_first_contact_is_missing_when_that_lasts(int first)
    {
        _refusal = _ => first == 403 ? null : Refusals.Of(first, "");
        if (first != 403)
            Start(seed: 1);
        _refusal = _ => Refusals.Of(403, "Forbidden");
        if (first == 403)
            Start(seed: 1);
        Pass(TimeSpan.FromSeconds(4));
        Assert.All(_informers, i => Assert.Null(i.MissingRight));
        Pass(TimeSpan.FromSeconds(4));
        Assert.All(_informers, i => Assert.Equal("watch services in the whole cluster; deploy/base/rbac.yaml grants it", i.MissingRight));
        Assert.Contains(_reports, r => r is InformerReport.ListFailed { MayPass: false });
        _refusal = _ => null;
        PassUntilAllOpen(TimeSpan.FromSeconds(30));
        Assert.All(_informers, i => Assert.Null(i.MissingRight));
    }

    [Fact]
    public void A_right_that_is_taken_away_is_missing_at_once()
    {
        Start(seed: 1);
        Pass(TimeSpan.FromSeconds(30));
        _refusal = _ => Refusals.Of(403, "Forbidden");
        Break(Refusals.Of(410, "Expired"));
        Pass(Step);
        Assert.All(_informers, i => Assert.NotNull(i.MissingRight));
        Assert.All(_reports.OfType<InformerReport.ListFailed>(), r => Assert.False(r.MayPass));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Settle();
        _stop.Dispose();
        _thread.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(_begun);

    private void Start(int seed)
    {
        for (int i = 0; i < Watches; i++)
        {
            int index = i;
            var source = new InformerSource<object>(
                _ => ListAsync(index),
                (version, _, stop) => WatchAsync(index, version, stop),
                _ => new ObjectKey("", ""),
                _ => "");
            _informers.Add(new Informer<object>(
                source, () => { }, _reports.Add, _time, new Random((seed * Watches) + index), reconnection: _reconnection));
            _ = _informers[i].RunAsync(_stop.Token);
        }

        _thread.Settle();
    }

    /// <param name="oldest">The oldest version that is known when it is over.</param>
    private int ListsAfterAnOutage(int seed, string oldest)
    {
        Start(seed);
        Pass(TimeSpan.FromSeconds(30));
        int before = _lists;
        _oldest = oldest;
        Outage(TimeSpan.FromMinutes(5), _ => Refusals.Unreachable());
        PassUntilAllOpen(TimeSpan.FromSeconds(10));
        Pass(TimeSpan.FromMinutes(1));
        return _lists - before;
    }

    private void Outage(TimeSpan length, Func<int, KubeApiException> refusal, bool isBreak = true)
    {
        _refusal = refusal;
        if (isBreak)
            Break(Refusals.Unreachable());
        Pass(length);
        _refusal = _ => null;
    }

    private void Break(KubeApiException error)
    {
        TaskCompletionSource broken = _broken;
        _broken = new TaskCompletionSource();
        broken.SetException(error);
        _thread.Settle();
    }

    private void Pass(TimeSpan span)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += Step)
        {
            _time.Advance(Step);
            _thread.Settle();
        }
    }

    private void PassUntilAllOpen(TimeSpan atMost)
    {
        for (TimeSpan passed = TimeSpan.Zero; _isOpen.Contains(false); passed += Step)
        {
            Assert.True(passed <= atMost, $"not all watches are open {atMost} after the API server answers again");
            Pass(Step);
        }
    }

    private KubeApiException? Ask(int index)
    {
        _requests.Add(Now);
        return _refusal(index);
    }

    private Task<KubeList<object>> ListAsync(int index)
    {
        if (Ask(index) is { } error)
            return Task.FromException<KubeList<object>>(error);
        _lists++;
        return Task.FromResult(new KubeList<object>([], _oldest));
    }

    private async IAsyncEnumerable<WatchEvent<object>> WatchAsync(int index, string version, [EnumeratorCancellation] CancellationToken stop)
    {
        if (Ask(index) is { } error)
            throw error;
        if (version != _oldest)
            throw Refusals.Of(410, "Expired");
        _isOpen[index] = true;
        try
        {
            yield return new WatchEvent<object>(WatchEventKind.Opened, null, version);
            await _broken.Task.WaitAsync(stop);
        }
        finally
        {
            _isOpen[index] = false;
        }
    }
}
