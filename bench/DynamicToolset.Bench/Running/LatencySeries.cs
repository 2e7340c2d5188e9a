using System.Net.Http.Json;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench.Running;

/// <summary>
/// From a change in the cluster to the write that answers it, as another client sees both: from just before its request is sent until its
/// watch shows the result.
/// </summary>
/// <param name="turn">Of several services that are measured side by side one is at a time; the others rest meanwhile.</param>
internal sealed class LatencySeries(Subject subject, SemaphoreSlim turn, CancellationToken stop)
{
    private const int TogetherRounds = 20;
    private const int Together = 20;
    private const int Deletions = 8;
    private const int MostThere = 50;

    /// <summary>Of the service: for the change, for the answer of a check, for what it has written itself.</summary>
    private const int RoundsPerAppearance = 3;
    private const int RoundsPerRepair = 2;

    /// <summary>Not counted; they bring the code of the bench into being too.</summary>
    private const int WarmUps = 3;

    /// <summary>A slow service makes a series shorter, not the bench longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    private readonly Random _random = new(1);

    private static TimeProvider Time => TimeProvider.System;

    /// <summary>What <see cref="SingleChangesAsync"/> and <see cref="AppearTogetherAsync"/> need in <see cref="Subject.StartAsync"/>.</summary>
    public static int BackendsToCome(int rounds) => WarmUps + rounds + Together;

    /// <summary>
    /// A backend appears, and another when that is written. When there are fifty of them, keys of some are spoiled, and all go: otherwise it would be
    /// measured how long an API server takes with a large ConfigMap.
    /// </summary>
    /// <param name="repairs">At most as many as <paramref name="appearances"/>.</param>
    public async Task<(Series Appear, Series Drift)> SingleChangesAsync(int appearances, int repairs)
    {
        Backend[] backends = subject.TakeToCome(WarmUps + appearances);
        List<Round> appear = [], drift = [];
        long begun = Time.GetTimestamp();
        foreach (Backend[] some in backends.Chunk(MostThere).TakeWhile(_ => Time.GetElapsedTime(begun) < 2 * Longest))
        {
            foreach (Backend backend in some)
                appear.Add(await RoundAsync(() => CreateAsync([backend]), RoundsPerAppearance));
            // Each only once: who edits one key again and again is met with pauses.
            foreach (Backend backend in some.Take(some.Length * repairs / appearances))
                drift.Add(await RoundAsync(() => SpoilAsync(backend), RoundsPerRepair));
            foreach (Backend[] gone in some.Chunk(Together))
                await RoundAsync(() => RemoveAsync(gone), RoundsPerRepair);
        }

        subject.Return(backends);
        return (SeriesOf([.. appear.Skip(WarmUps)]), SeriesOf([.. drift.Skip(WarmUps)]));
    }

    /// <summary>Twenty backends appear at once; until the last is written.</summary>
    public Task<Series> AppearTogetherAsync() => MeasureAsync(TogetherRounds, async _ =>
    {
        Backend[] backends = subject.TakeToCome(Together);
        Round round = await RoundAsync(() => CreateAsync(backends), RoundsPerAppearance);
        // They make room: a ConfigMap that grows would be another measurement each time.
        await RoundAsync(() => RemoveAsync(backends), RoundsPerRepair);
        subject.Return(backends);
        return round;
    });

    /// <summary>The whole ConfigMap is deleted.</summary>
    public Task<Series> DeleteAsync() => MeasureAsync(Deletions, _ => RoundAsync(DeleteConfigMapAsync, RoundsPerRepair));

    /// <summary>A backend appears, its key is spoiled, and it goes, again and again with another one.</summary>
    /// <param name="backends">In turns; as many that a key is not spoiled so often that it is met with pauses.</param>
    public async Task<(Series Appear, Series Drift, Series Disappear)> ComeAndGoAsync(Backend[] backends, TimeSpan lasting)
    {
        List<Round> appear = [], drift = [], disappear = [];
        long begun = Time.GetTimestamp();
        while (Time.GetElapsedTime(begun) < lasting)
        {
            Backend backend = backends[appear.Count % backends.Length];
            appear.Add(await RoundAsync(() => CreateAsync([backend]), RoundsPerAppearance));
            drift.Add(await RoundAsync(() => SpoilAsync(backend), RoundsPerRepair));
            disappear.Add(await RoundAsync(() => RemoveAsync([backend]), RoundsPerRepair));
        }

        return (SeriesOf(appear), SeriesOf(drift), SeriesOf(disappear));
    }

    private static Series SeriesOf(IReadOnlyCollection<Round> rounds) =>
        new(new Sample(rounds.Select(r => r.Latency)), new Sample(rounds.Select(r => r.Taken)), rounds.Max(r => r.Writes));

    private static async Task<Series> MeasureAsync(int count, Func<int, Task<Round>> measure)
    {
        var rounds = new List<Round>();
        long begun = Time.GetTimestamp();
        while (rounds.Count < WarmUps + count && (rounds.Count <= WarmUps || Time.GetElapsedTime(begun) < Longest))
            rounds.Add(await measure(rounds.Count));
        return SeriesOf([.. rounds.Skip(WarmUps)]);
    }

    private async Task<Round> RoundAsync(Func<Task<(TimeSpan Taken, TimeSpan Latency)>> act, int rounds)
    {
        await turn.WaitAsync(stop);
        int before = subject.Observer.Changes;
        TimeSpan taken, latency;
        try
        {
            (taken, latency) = await act();
        }
        finally
        {
            turn.Release();
        }

        await RestAsync(rounds);
        return new Round(taken, latency, subject.Observer.Changes - before);
    }

    /// <summary>
    /// Changes that come in a storm are gathered: a few rounds at once, and then one in a quarter of a second. Without a rest that pays a
    /// change's rounds back, a storm would be measured. By chance, so that no rhythm of the service falls together with one of the bench.
    /// </summary>
    private Task RestAsync(int rounds) => Task.Delay(TimeSpan.FromMilliseconds(rounds * _random.Next(225, 285)), Time, stop);

    private async Task<(TimeSpan Taken, TimeSpan Latency)> CreateAsync(Backend[] backends)
    {
        Task<long> written = subject.Observer.ExpectAsync(present => backends.All(b => b.IsIn(present.Data)), stop);
        long begun = Time.GetTimestamp();
        await Task.WhenAll(backends.Select(b => SendAsync(HttpMethod.Post, Backend.Collection, JsonContent.Create(b.Manifest))));
        return await EndAsync(begun, written);
    }

    private async Task<(TimeSpan Taken, TimeSpan Latency)> RemoveAsync(Backend[] backends)
    {
        Task<long> removed = subject.Observer.ExpectAsync(present => !backends.Any(b => present.Data.ContainsKey(b.Key)), stop);
        long begun = Time.GetTimestamp();
        await Task.WhenAll(backends.Select(b => SendAsync(HttpMethod.Delete, b.Path)));
        return await EndAsync(begun, removed);
    }

    private async Task<(TimeSpan Taken, TimeSpan Latency)> SpoilAsync(Backend backend)
    {
        Task<long> repaired = subject.Observer.ExpectAsync(present => backend.IsIn(present.Data), stop);
        long begun = Time.GetTimestamp();
        await MergePatch.SpoilAsync(subject.Cluster.Admin, backend, stop);
        return await EndAsync(begun, repaired);
    }

    private async Task<(TimeSpan Taken, TimeSpan Latency)> DeleteConfigMapAsync()
    {
        ConfigMapRecord before = subject.Observer.Newest;
        Task<long> recreated = subject.Observer.ExpectAsync(present => present.Data.SequenceEqual(before.Data), stop, isNew: true);
        long begun = Time.GetTimestamp();
        await SendAsync(HttpMethod.Delete, ConfigMapObserver.Path);
        return await EndAsync(begun, recreated);
    }

    /// <summary>To be called when the API server has taken the change.</summary>
    private async Task<(TimeSpan Taken, TimeSpan Latency)> EndAsync(long begun, Task<long> seen)
    {
        TimeSpan taken = Time.GetElapsedTime(begun);
        try
        {
            return (taken, Time.GetElapsedTime(begun, await subject.Service.BringsAsync(seen)));
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"The API server had taken the change after {taken}. {e.Message}", e);
        }
    }

    private async Task SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using HttpResponseMessage response = await subject.Cluster.Admin.SendAsync(request, stop);
        response.EnsureSuccessStatusCode();
    }

    /// <param name="Taken">Until the API server had taken the change.</param>
    /// <param name="Writes">Of the ConfigMap, until the next change was made.</param>
    private readonly record struct Round(TimeSpan Taken, TimeSpan Latency, int Writes);
}
