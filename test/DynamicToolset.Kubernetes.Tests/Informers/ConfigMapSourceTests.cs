using System.Collections.Immutable;
using System.Threading.Channels;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>The view of the ConfigMap against a script of the watch.</summary>
public sealed class ConfigMapSourceTests : IAsyncDisposable
{
    private const string Overrides = "overrides.yaml";

    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary<string, string>.Empty;

    private static readonly ConfigMapRecord Empty = new(
        new ObjectKey("n", "toolsets"), "a", "1", Immutable: false, NoPairs, NoPairs, [], NoPairs, ImmutableSortedDictionary<string, int>.Empty, []);

    private readonly ParkingTime _time = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ScriptedSource<ConfigMapRecord> _script = new(item => item.Key, item => item.ResourceVersion);
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();
    private readonly ConfigMapSource _source;
    private readonly Task _running;

    public ConfigMapSourceTests()
    {
        _source = new ConfigMapSource(_script.Source, () => _changes.Writer.TryWrite(true), _ => { }, _time, new Random(1));
        _running = _source.RunAsync(_stop.Token);
    }

    [Fact]
    public async Task Overrides_that_no_round_ever_saw_are_the_last_words()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync(With("a", "1", "first"));
        watch.Send(WatchEventKind.Modified, With("a", "2", "second"));
        watch.Send(WatchEventKind.Deleted, With("a", "3", "second"));
        await ChangedAsync(times: 2);
        Assert.Null(_source.Current.Newest);
        Assert.Equal("second", _source.Current.LastSeen?.Data[Overrides]);
    }

    [Fact]
    public async Task Overrides_that_only_the_deletion_itself_tells_of_are_the_last_words()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync(With("a", "1", "first"));
        watch.Send(WatchEventKind.Deleted, With("a", "3", "second"));
        await ChangedAsync();
        Assert.Equal("second", _source.Current.LastSeen?.Data[Overrides]);
    }

    [Fact]
    public async Task Overrides_that_were_taken_out_before_the_deletion_are_no_last_words()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync(With("a", "1", "first"));
        watch.Send(WatchEventKind.Modified, Empty with { ResourceVersion = "2" });
        watch.Send(WatchEventKind.Deleted, Empty with { ResourceVersion = "3" });
        await ChangedAsync(times: 2);
        Assert.Empty(_source.Current.LastSeen!.Data);
    }

    [Fact]
    public async Task A_list_that_shows_nothing_leaves_the_last_words()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync(With("a", "1", "first"));
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Fail(Refusals.Of(410, "Expired"));
        await _script.ListedAsync("9");
        await ChangedAsync();
        Assert.Null(_source.Current.Newest);
        Assert.Equal("first", _source.Current.LastSeen?.Data[Overrides]);
    }

    [Fact]
    public async Task A_deletion_that_comes_late_does_not_take_away_what_was_created_since()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync(With("a", "1", "first"));
        _source.Answered(null);
        _source.Answered(With("b", "5", "first"));
        watch.Send(WatchEventKind.Deleted, With("a", "3", "first"));
        await ChangedAsync();
        Assert.Equal("b", _source.Current.Newest?.Uid);
        watch.Send(WatchEventKind.Added, With("b", "5", "first"));
        watch.Send(WatchEventKind.Deleted, With("b", "6", "first"));
        await ChangedAsync(times: 2);
        Assert.Null(_source.Current.Newest);
    }

    [Fact]
    public async Task The_end_of_what_was_just_created_is_news_although_the_watch_was_behind()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync();
        _source.Answered(With("b", "5", "first"));
        watch.Send(WatchEventKind.Added, With("b", "5", "first"));
        watch.Send(WatchEventKind.Deleted, With("b", "6", "first"));
        await ChangedAsync(times: 2);
        Assert.Null(_source.Current.Newest);
    }

    [Fact]
    public async Task The_watch_bringing_our_own_write_back_is_no_news()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync(With("a", "1", "first"));
        _source.Answered(With("a", "3", "first"));
        var before = _source.Current;
        watch.Send(WatchEventKind.Modified, With("a", "2", "first"));
        watch.Send(WatchEventKind.Modified, With("a", "3", "first"));
        await ChangedAsync(times: 2);
        Assert.Equal(before, _source.Current);
    }

    [Fact]
    public async Task A_list_that_an_answer_overtook_is_asked_for_once_more()
    {
        ScriptedWatch<ConfigMapRecord> watch = await StartedAsync(With("a", "1", "first"));
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Fail(Refusals.Of(410, "Expired"));
        TaskCompletionSource<KubeList<ConfigMapRecord>> overtaken = await _script.NextListAsync();
        _source.Answered(With("a", "5", "first"));
        overtaken.SetResult(new KubeList<ConfigMapRecord>([With("a", "1", "first")], "4"));
        Task<TaskCompletionSource<KubeList<ConfigMapRecord>>> again = _script.NextListAsync();
        Assert.Same(again, await Task.WhenAny(again, _script.WatchedAsync()));
        Assert.Equal("5", _source.Current.Newest?.ResourceVersion);
        (await again).SetResult(new KubeList<ConfigMapRecord>([With("a", "6", "first")], "6"));
        await ChangedAsync();
        Assert.Equal("6", _source.Current.Newest?.ResourceVersion);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task<ScriptedWatch<ConfigMapRecord>> StartedAsync(params ConfigMapRecord[] present)
    {
        await _script.ListedAsync("1", present);
        await ChangedAsync();
        return await _script.WatchedAsync();
    }

    private async Task ChangedAsync(int times = 1)
    {
        for (int i = 0; i < times; i++)
            await _changes.Reader.ReadAsync(_stop.Token).AsTask().WithPatienceAsync();
    }

    private static ConfigMapRecord With(string uid, string version, string overrides) =>
        Empty with { Uid = uid, ResourceVersion = version, Data = NoPairs.Add(Overrides, overrides) };
}
