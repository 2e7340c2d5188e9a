using System.Collections.Immutable;
using System.Threading.Channels;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>An informer against a script of its source, on virtual time.</summary>
public sealed class InformerTests : IAsyncDisposable
{
    private readonly ParkingTime _time = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ScriptedSource<Item> _source = new(item => new ObjectKey("n", item.Name), item => item.Version);
    private readonly Channel<InformerReport> _reports = Channel.CreateUnbounded<InformerReport>();
    private readonly Channel<ImmutableDictionary<ObjectKey, Item>> _states = Channel.CreateUnbounded<ImmutableDictionary<ObjectKey, Item>>();
    private readonly Informer<Item> _informer;
    private readonly Task _running;

    public InformerTests()
    {
        _informer = null!;
        _informer = new Informer<Item>(
            _source.Source,
            () => _states.Writer.TryWrite(_informer!.Items),
            report => _reports.Writer.TryWrite(report),
            _time,
            new Random(1),
            isNews: (known, now) => known.Label != now.Label);
        _running = _informer.RunAsync(_stop.Token);
    }

    [Fact]
    public async Task An_empty_cluster_is_synced_too()
    {
        Assert.False(_informer.HasSynced);
        Assert.Null(_informer.LastProgress);
        await _source.ListedAsync("10");
        Assert.Empty(await ChangedAsync());
        Assert.True(_informer.HasSynced);
        Assert.Equal(_time.GetUtcNow(), _informer.LastProgress);
    }

    [Fact]
    public async Task The_watch_begins_at_the_version_of_the_list_and_its_events_are_applied()
    {
        await _source.ListedAsync("10", new Item("a", "5"), new Item("b", "6"));
        await ChangedAsync();
        ScriptedWatch<Item> watch = await _source.WatchedAsync();
        Assert.Equal("10", watch.Version);
        Assert.InRange(watch.Timeout.TotalSeconds, 240, 300);

        watch.Send(WatchEventKind.Added, new Item("c", "11"));
        Assert.Equal(["a5", "b6", "c11"], Texts(await ChangedAsync()));
        watch.Send(WatchEventKind.Modified, new Item("a", "12"));
        Assert.Equal(["a12", "b6", "c11"], Texts(await ChangedAsync()));
        watch.Send(WatchEventKind.Deleted, new Item("b", "13"));
        Assert.Equal(["a12", "c11"], Texts(await ChangedAsync()));
    }

    [Fact]
    public async Task A_watch_that_ends_is_resumed_from_the_last_event_or_bookmark_without_a_list()
    {
        await _source.ListedAsync("10");
        ScriptedWatch<Item> first = await _source.WatchedAsync();
        first.Send(WatchEventKind.Added, new Item("a", "11"));
        await first.TakenAsync();
        _time.Advance(TimeSpan.FromMinutes(4));
        first.End();
        ScriptedWatch<Item> second = await _source.WatchedAsync();
        Assert.Equal("11", second.Version);
        second.Bookmark("20");
        await second.TakenAsync();
        _time.Advance(TimeSpan.FromMinutes(4));
        second.End();
        Assert.Equal("20", (await _source.WatchedAsync()).Version);
        Assert.Equal(1, _source.Lists);
    }

    [Fact]
    public async Task An_expired_version_causes_exactly_one_list_and_what_was_deleted_meanwhile_is_gone()
    {
        await _source.ListedAsync("10", new Item("a", "5"), new Item("b", "6"));
        ScriptedWatch<Item> first = await _source.WatchedAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        first.Fail(Refusals.Of(410, "Expired"));
        await _source.ListedAsync("30", new Item("b", "6"), new Item("c", "29"));
        ScriptedWatch<Item> second = await _source.WatchedAsync();
        Assert.Equal("30", second.Version);
        Assert.Equal(["b6", "c29"], Texts(_informer.Items));
        Assert.Equal(2, _source.Lists);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "Forbidden")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(503, "")]
    public async Task A_failed_watch_is_tried_again_from_the_last_version_and_removes_nothing(int code, string reason)
    {
        await _source.ListedAsync("10", new Item("a", "5"));
        (await _source.WatchedAsync()).Refuse(code == 0 ? Refusals.Unreachable() : Refusals.Of(code, reason));
        InformerReport.WatchRefused refused = await ReportedAsync<InformerReport.WatchRefused>();
        await AdvanceAsync(refused.RetryIn);
        Assert.Equal("10", (await _source.WatchedAsync()).Version);
        Assert.Equal(["a5"], Texts(_informer.Items));
        Assert.Equal(1, _source.Lists);
    }

    [Fact]
    public async Task A_version_that_the_API_server_does_not_take_is_given_up_for_a_list()
    {
        await _source.ListedAsync("10", new Item("a", "5"));
        (await _source.WatchedAsync()).Refuse(Refusals.Of(400, "BadRequest"));
        InformerReport.WatchRefused refused = await ReportedAsync<InformerReport.WatchRefused>();
        await AdvanceAsync(refused.RetryIn);
        await _source.ListedAsync("3", new Item("a", "2"));
        Assert.Equal("3", (await _source.WatchedAsync()).Version);
    }

    [Fact]
    public async Task A_failed_list_is_tried_for_ever_and_is_never_an_empty_one()
    {
        for (int i = 0; i < 50; i++)
        {
            await _source.ListFailedAsync(Refusals.Of(503, "ServiceUnavailable"));
            InformerReport.ListFailed failed = await ReportedAsync<InformerReport.ListFailed>();
            Assert.InRange(failed.RetryIn, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(30));
            Assert.False(_informer.HasSynced);
            await AdvanceAsync(failed.RetryIn);
        }

        await _source.ListedAsync("10", new Item("a", "5"));
        Assert.Equal(["a5"], Texts(await ChangedAsync()));
    }

    [Fact]
    public async Task A_list_that_fails_after_an_expired_version_leaves_what_was_known()
    {
        await _source.ListedAsync("10", new Item("a", "5"));
        ScriptedWatch<Item> watch = await _source.WatchedAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Fail(Refusals.Of(410, "Expired"));
        await _source.ListFailedAsync(Refusals.Of(500, "InternalError"));
        await ReportedAsync<InformerReport.ListFailed>();
        Assert.Equal(["a5"], Texts(_informer.Items));
        Assert.True(_informer.HasSynced);
    }

    [Fact]
    public async Task The_API_server_is_left_alone_for_as_long_as_it_asks()
    {
        await _source.ListFailedAsync(Refusals.Of(429, "TooManyRequests", TimeSpan.FromSeconds(55)));
        Assert.Equal(TimeSpan.FromSeconds(55), (await ReportedAsync<InformerReport.ListFailed>()).RetryIn);
    }

    [Fact]
    public async Task A_thousand_watches_that_are_closed_at_once_make_at_most_forty_requests_in_ten_minutes()
    {
        await _source.ListedAsync("10", new Item("a", "5"));
        long begun = _time.GetTimestamp();
        int requests = 0;
        while (_time.GetElapsedTime(begun) < TimeSpan.FromMinutes(10))
        {
            (await _source.WatchedAsync()).End();
            await AdvanceAsync((await ReportedAsync<InformerReport.WatchEnded>()).RetryIn);
            if (++requests % 5 != 4)
                continue;
            await _source.ListedAsync("10", new Item("a", "5"));
            requests++;
        }

        Assert.InRange(requests, 20, 40);
    }

    [Fact]
    public async Task Versions_that_expire_as_soon_as_they_were_listed_make_no_storm_of_lists()
    {
        long begun = _time.GetTimestamp();
        while (_time.GetElapsedTime(begun) < TimeSpan.FromMinutes(10))
        {
            await _source.ListedAsync("10", new Item("a", "5"));
            (await _source.WatchedAsync()).Fail(Refusals.Of(410, "Expired"));
            await AdvanceAsync((await ReportedAsync<InformerReport.VersionExpired>()).RetryIn);
        }

        Assert.InRange(_source.Lists, 20, 40);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_reported_as_a_change()
    {
        await _source.ListedAsync("10", new Item("a", "5"));
        ImmutableDictionary<ObjectKey, Item> before = await ChangedAsync();
        ScriptedWatch<Item> watch = await _source.WatchedAsync();
        watch.Send(WatchEventKind.Added, new Item("a", "5"));
        watch.Send(WatchEventKind.Deleted, new Item("never-known", "9"));
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Fail(Refusals.Of(410, "Gone"));
        await _source.ListedAsync("30", new Item("a", "5"));
        await _source.WatchedAsync();
        Assert.False(_states.Reader.TryRead(out _));
        Assert.Same(before, _informer.Items);
    }

    [Fact]
    public async Task What_is_no_news_replaces_the_known_silently()
    {
        await _source.ListedAsync("10", new Item("a", "5", "x"));
        await ChangedAsync();
        ScriptedWatch<Item> watch = await _source.WatchedAsync();
        watch.Send(WatchEventKind.Modified, new Item("a", "11", "x"));
        await watch.TakenAsync();
        Assert.Equal(["a11"], Texts(_informer.Items));
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Fail(Refusals.Of(410, "Gone"));
        await _source.ListedAsync("30", new Item("a", "12", "x"));
        watch = await _source.WatchedAsync();
        Assert.Equal(["a12"], Texts(_informer.Items));
        Assert.False(_states.Reader.TryRead(out _));

        watch.Send(WatchEventKind.Modified, new Item("a", "31", "y"));
        Assert.Equal(["a31"], Texts(await ChangedAsync()));
        watch.Send(WatchEventKind.Deleted, new Item("a", "32", "y"));
        Assert.Empty(await ChangedAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Progress_of_a_watch_starts_the_back_off_anew_and_its_mere_opening_does_not(bool isProgress)
    {
        await _source.ListedAsync("10");
        TimeSpan wait = TimeSpan.Zero;
        for (int i = 1; i <= 8; i++)
        {
            ScriptedWatch<Item> watch = await _source.WatchedAsync();
            if (isProgress)
                watch.Bookmark($"{10 + i}");
            watch.End();
            wait = (await ReportedAsync<InformerReport.WatchEnded>()).RetryIn;
            await AdvanceAsync(wait);
            if (!isProgress && i % 4 == 0)
                await _source.ListedAsync("10");
        }

        Assert.Equal(isProgress, wait < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_bookmark_of_the_version_that_was_asked_for_is_no_progress()
    {
        await _source.ListedAsync("10");
        TimeSpan wait = TimeSpan.Zero;
        for (int i = 1; i <= 8; i++)
        {
            ScriptedWatch<Item> watch = await _source.WatchedAsync();
            watch.Bookmark("10");
            watch.End();
            wait = (await ReportedAsync<InformerReport.WatchEnded>()).RetryIn;
            await AdvanceAsync(wait);
            if (i % 4 == 0)
                await _source.ListedAsync("10");
        }

        Assert.True(wait > TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_watch_that_lived_for_a_while_starts_the_back_off_anew()
    {
        await _source.ListedAsync("10");
        TimeSpan wait = TimeSpan.Zero;
        for (int i = 0; i < 8; i++)
        {
            (await _source.WatchedAsync()).Refuse(Refusals.Of(503, ""));
            await AdvanceAsync((await ReportedAsync<InformerReport.WatchRefused>()).RetryIn);
            ScriptedWatch<Item> watch = await _source.WatchedAsync();
            watch.Bookmark("10");
            await watch.TakenAsync();
            _time.Advance(TimeSpan.FromSeconds(11));
            watch.Fail(Refusals.Unreachable());
            wait = (await ReportedAsync<InformerReport.WatchBroken>()).RetryIn;
            await AdvanceAsync(wait);
        }

        Assert.InRange(wait, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(800));
    }

    [Fact]
    public async Task Versions_that_expire_after_one_event_make_no_storm_of_lists_either()
    {
        long begun = _time.GetTimestamp();
        for (int i = 0; _time.GetElapsedTime(begun) < TimeSpan.FromMinutes(10); i++)
        {
            await _source.ListedAsync($"{i}0", new Item("a", $"{i}0"));
            ScriptedWatch<Item> watch = await _source.WatchedAsync();
            watch.Send(WatchEventKind.Modified, new Item("a", $"{i}1"));
            watch.Fail(Refusals.Of(410, "Expired"));
            await AdvanceAsync((await ReportedAsync<InformerReport.VersionExpired>()).RetryIn);
        }

        Assert.InRange(_source.Lists, 20, 40);
    }

    [Fact]
    public async Task A_quiet_watch_is_sure_of_what_it_knows_by_its_bookmarks_and_not_by_its_opening()
    {
        DateTimeOffset listed = _time.GetUtcNow();
        await _source.ListedAsync("10");
        for (int i = 0; i < 2; i++)
        {
            (await _source.WatchedAsync()).End();
            await AdvanceAsync((await ReportedAsync<InformerReport.WatchEnded>()).RetryIn);
        }

        Assert.Equal(listed, _informer.LastProgress);
        ScriptedWatch<Item> watch = await _source.WatchedAsync();
        watch.Bookmark("12");
        await watch.TakenAsync();
        Assert.Equal(_time.GetUtcNow(), _informer.LastProgress);
    }

    /// <summary>Each way in which an API server that answers may bring nothing, again and again from one version: its cache may have lost it.</summary>
    [Theory]
    [InlineData("ended at once")]
    [InlineData("an ERROR event")]
    [InlineData("refused")]
    [InlineData("forbidden")]
    public async Task Watches_that_again_and_again_bring_nothing_are_followed_by_a_list(string how)
    {
        await _source.ListedAsync("10", new Item("a", "5"));
        for (int round = 1; round <= 2; round++)
        {
            for (int i = 0; i < 4; i++)
                await AdvanceAsync(await EndFruitlesslyAsync(await _source.WatchedAsync(), how));
            Assert.NotNull(await ReportedAsync<InformerReport.WatchFruitless>());
            await _source.ListedAsync($"{round}5", new Item("a", $"{round}4"));
        }

        Assert.Equal("25", (await _source.WatchedAsync()).Version);
        Assert.Equal(["a24"], Texts(_informer.Items));
        Assert.Equal(3, _source.Lists);
    }

    [Fact]
    public async Task A_watch_that_brings_something_in_between_begins_the_count_anew()
    {
        await _source.ListedAsync("10");
        for (int i = 0; i < 12; i++)
        {
            ScriptedWatch<Item> watch = await _source.WatchedAsync();
            if (i % 4 == 3)
            {
                watch.Bookmark($"{20 + i}");
                await watch.TakenAsync();
            }

            await AdvanceAsync(await EndFruitlesslyAsync(watch, "ended at once"));
        }

        Assert.Equal(1, _source.Lists);
    }

    /// <returns>How long the informer waits then.</returns>
    private async Task<TimeSpan> EndFruitlesslyAsync(ScriptedWatch<Item> watch, string how)
    {
        switch (how)
        {
            case "ended at once":
                watch.End();
                return (await ReportedAsync<InformerReport.WatchEnded>()).RetryIn;
            case "an ERROR event":
                watch.Fail(Refusals.Of(500, "InternalError"));
                return (await ReportedAsync<InformerReport.WatchBroken>()).RetryIn;
            default:
                watch.Refuse(how == "refused" ? Refusals.Of(500, "InternalError") : Refusals.Of(403, "Forbidden"));
                return (await ReportedAsync<InformerReport.WatchRefused>()).RetryIn;
        }
    }

    [Fact]
    public async Task A_list_that_is_asked_for_is_made_at_once_and_the_watch_goes_on_from_there()
    {
        await _source.ListedAsync("10", new Item("a", "5"), new Item("b", "6"));
        await _source.WatchedAsync();
        Task anew = _informer.ListAnewAsync();
        TaskCompletionSource<KubeList<Item>> list = await _source.NextListAsync();
        Assert.False(anew.IsCompleted);
        list.SetResult(new KubeList<Item>([new Item("b", "6"), new Item("c", "29")], "30"));
        await anew.WithPatienceAsync();
        Assert.Equal(["b6", "c29"], Texts(_informer.Items));
        Assert.Equal("30", (await _source.WatchedAsync()).Version);
        Assert.Equal(2, _source.Lists);
    }

    [Fact]
    public async Task A_list_that_is_asked_for_and_fails_is_told_removes_nothing_and_the_watch_goes_on_where_it_was()
    {
        await _source.ListedAsync("10", new Item("a", "5"));
        ScriptedWatch<Item> watch = await _source.WatchedAsync();
        watch.Bookmark("20");
        await watch.TakenAsync();
        Task anew = _informer.ListAnewAsync();
        await _source.ListFailedAsync(Refusals.Of(500, "InternalError"));
        Assert.Equal(500, (await Assert.ThrowsAsync<KubeApiException>(() => anew.WithPatienceAsync())).Code);
        await AdvanceAsync((await ReportedAsync<InformerReport.ListFailed>()).RetryIn);
        Assert.Equal("20", (await _source.WatchedAsync()).Version);
        Assert.Equal(["a5"], Texts(_informer.Items));
        Assert.Equal(2, _source.Lists);
    }

    [Fact]
    public async Task Who_asks_while_a_list_is_under_way_gets_the_next_one_and_who_asks_together_gets_the_same()
    {
        TaskCompletionSource<KubeList<Item>> first = await _source.NextListAsync();
        Task one = _informer.ListAnewAsync(), two = _informer.ListAnewAsync();
        first.SetResult(new KubeList<Item>([], "10"));
        TaskCompletionSource<KubeList<Item>> second = await _source.NextListAsync();
        Assert.False(one.IsCompleted || two.IsCompleted);
        second.SetResult(new KubeList<Item>([], "11"));
        await Task.WhenAll(one, two).WithPatienceAsync();
        Assert.Equal("11", (await _source.WatchedAsync()).Version);
        Assert.Equal(2, _source.Lists);
    }

    [Fact]
    public async Task A_list_that_is_asked_for_is_no_restart_of_a_watch_and_waits_out_a_pause()
    {
        await _source.ListedAsync("10");
        (await _source.WatchedAsync()).Refuse(Refusals.Of(503, ""));
        TimeSpan wait = (await ReportedAsync<InformerReport.WatchRefused>()).RetryIn;
        Task anew = _informer.ListAnewAsync();
        await _time.ParkedAsync(_stop.Token);
        Assert.Equal(1, _source.Lists);
        _time.Advance(wait);
        await _source.ListedAsync("12");
        await anew.WithPatienceAsync();
        await _source.WatchedAsync();
        await ReportedAsync<InformerReport.Listed>();
        Assert.False(_reports.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_bug_is_let_out()
    {
        await _source.ListFailedAsync(new InvalidOperationException("bug"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _running);
    }

    [Fact]
    public async Task A_stop_ends_it_without_an_exception()
    {
        await _source.ListedAsync("10");
        await _source.WatchedAsync();
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task<ImmutableDictionary<ObjectKey, Item>> ChangedAsync() => await _states.Reader.ReadAsync(_stop.Token).AsTask().WithPatienceAsync();

    private async Task<T> ReportedAsync<T>()
        where T : InformerReport
    {
        while (true)
        {
            if (await _reports.Reader.ReadAsync(_stop.Token).AsTask().WithPatienceAsync() is T report)
                return report;
        }
    }

    // The report comes before the wait begins, and time that passes in between would be lost on it.
    private async Task AdvanceAsync(TimeSpan wait)
    {
        await _time.ParkedAsync(_stop.Token);
        _time.Advance(wait);
    }

    private static IEnumerable<string> Texts(ImmutableDictionary<ObjectKey, Item> items) =>
        items.Values.OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => item.Name + item.Version);

    private sealed record Item(string Name, string Version, string Label = "")
    {
        public Item(string name, string version)
            : this(name, version, version)
        {
        }
    }
}
