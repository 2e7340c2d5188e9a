using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox.Api;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Sandbox.Tests.Api;

/// <summary>What the contract of the API does not say of its back end in process: the clock, the thread, and what goes wrong.</summary>
public sealed class SimulatedKubeApiTests
{
    private static readonly ObjectKey Key = new("default", "toolsets");
    private static readonly ConfigMapContent Empty = new(Pairs(), Pairs(), Pairs());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly FaultPlan _faults = new();
    private readonly OneThread _thread = new();
    private readonly KubeStore _store;
    private readonly SimulatedKubeApi _api;

    public SimulatedKubeApiTests()
    {
        _store = new KubeStore(historyLimit: 1000, _time, new Random(1));
        _api = new SimulatedKubeApi(_store, _time, _faults, bookmarkInterval: TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_change_is_told_in_the_one_thread_at_once()
    {
        Task<List<WatchEvent<ConfigMapRecord>>> watch = Watch(events => events.Count == 3);
        _thread.Start(() => _api.CreateConfigMapAsync(Key, Empty, Stop));
        _thread.Do(() => _store.Delete(KubeResource.ConfigMaps, Key));
        Assert.Equal([WatchEventKind.Opened, WatchEventKind.Added, WatchEventKind.Deleted], ResultOf(watch).Select(change => change.Kind));
    }

    [Fact]
    public void A_watch_lasts_as_long_as_was_asked_by_the_given_clock()
    {
        Task<List<WatchEvent<ConfigMapRecord>>> watch = Watch(_ => false);
        Pass(TimeSpan.FromSeconds(299));
        Assert.False(watch.IsCompleted);
        Pass(TimeSpan.FromSeconds(1));
        Assert.All(ResultOf(watch).Skip(1), change => Assert.Equal(WatchEventKind.Bookmark, change.Kind));
    }

    [Fact]
    public void A_bookmark_comes_by_the_given_clock_and_moves_the_version()
    {
        Task<List<WatchEvent<ConfigMapRecord>>> watch = Watch(events => events[^1].Kind == WatchEventKind.Bookmark);
        _thread.Start(() => _api.CreateConfigMapAsync(Key with { Name = "another" }, Empty, Stop));
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal($"{_store.Version}", ResultOf(watch)[^1].ResourceVersion);
    }

    [Fact]
    public void A_watch_that_is_broken_off_fails_and_one_that_is_dropped_ends()
    {
        Task<List<WatchEvent<ConfigMapRecord>>> dropped = Watch(_ => false);
        _thread.Do(() => _store.EndWatches(abort: false));
        Assert.Single(ResultOf(dropped));
        Task<List<WatchEvent<ConfigMapRecord>>> broken = Watch(_ => false);
        _thread.Do(() => _store.EndWatches(abort: true));
        Assert.Equal(KubeFault.Truncated, FailureOf(broken).Fault);
    }

    [Fact]
    public void Who_cancels_a_watch_is_told_of_that_and_of_nothing_else()
    {
        using var stop = new CancellationTokenSource();
        Task<List<WatchEvent<ConfigMapRecord>>> watch = Watch(_ => false, stop.Token);
        _thread.Do(stop.Cancel);
        Assert.True(watch.IsCanceled);
    }

    [Fact]
    public void A_call_that_is_not_answered_fails_when_a_client_would_give_up()
    {
        _faults.Add(new FaultRule(new Fault.Hang()));
        Task<ConfigMapRecord?> call = _thread.Start(() => _api.GetConfigMapAsync(Key, Stop));
        Pass(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(KubeFault.Timeout, FailureOf(call).Fault);
    }

    [Fact]
    public void A_late_answer_comes_when_its_time_has_come()
    {
        _faults.Add(new FaultRule(new Fault.Delay(TimeSpan.FromSeconds(5)), "create", "configmaps"));
        Task<ConfigMapRecord> call = _thread.Start(() => _api.CreateConfigMapAsync(Key, Empty, Stop));
        Assert.Null(_store.Get(KubeResource.ConfigMaps, Key));
        Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(Key, ResultOf(call).Key);
    }

    [Fact]
    public void What_was_done_before_its_answer_was_lost_stays_done()
    {
        _faults.Add(new FaultRule(new Fault.LoseReply(), "create", "configmaps"));
        Task<ConfigMapRecord> call = _thread.Start(() => _api.CreateConfigMapAsync(Key, Empty, Stop));
        Assert.True(FailureOf(call).IsRetryable);
        Assert.NotNull(_store.Get(KubeResource.ConfigMaps, Key));
    }

    [Fact]
    public void A_planned_refusal_changes_nothing_and_says_when_to_come_again()
    {
        _faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), "create", "configmaps"));
        KubeApiException refusal = FailureOf(_thread.Start(() => _api.CreateConfigMapAsync(Key, Empty, Stop)));
        Assert.Equal((429, "TooManyRequests", TimeSpan.FromSeconds(7)), (refusal.Code, refusal.Reason, refusal.RetryAfter));
        Assert.Null(_store.Get(KubeResource.ConfigMaps, Key));
    }

    private static ImmutableSortedDictionary<string, string> Pairs() => ImmutableSortedDictionary<string, string>.Empty;

    private static T ResultOf<T>(Task<T> done)
    {
        Assert.True(done.IsCompletedSuccessfully, $"{done.Status}: {done.Exception}");
        return done.Result;
    }

    private static KubeApiException FailureOf(Task task) => Assert.IsType<KubeApiException>(task.Exception?.InnerException);

    private void Pass(TimeSpan time) => _thread.Do(() => _time.Advance(time));

    /// <summary>The events of five minutes, or until there are enough of them.</summary>
    private Task<List<WatchEvent<ConfigMapRecord>>> Watch(Func<List<WatchEvent<ConfigMapRecord>>, bool> isEnough, CancellationToken? stop = null) =>
        _thread.Start(async () =>
        {
            var events = new List<WatchEvent<ConfigMapRecord>>();
            await foreach (WatchEvent<ConfigMapRecord> change in _api.WatchConfigMapAsync(Key, $"{_store.Version}", TimeSpan.FromMinutes(5), stop ?? Stop))
            {
                events.Add(change);
                if (isEnough(events))
                    break;
            }

            return events;
        });
}
