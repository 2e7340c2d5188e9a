using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench;

/// <summary>
/// From a change in the cluster to the write that answers it, as another client sees both: from just before its request is sent until its
/// watch shows the result.
/// </summary>
internal static class LatencyBench
{
    private const int WarmUps = 3;
    private const int Rounds = 100;
    private const int Deletions = 20;

    public static ClusterContent Content { get; } = new(Services: 1_000, Backends: 1);

    private static string ConfigMapPath => $"api/v1/namespaces/{ConfigMapObserver.Key.Namespace}/configmaps/{ConfigMapObserver.Key.Name}";

    private static TimeProvider Time => TimeProvider.System;

    /// <param name="prefix">Of the figures' names.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string program, ICluster cluster, string prefix, CancellationToken stop)
    {
        Backend[] backends = [.. Enumerable.Range(0, Content.Backends + WarmUps + Rounds).Select(i => new Backend(i))];
        await using ConfigMapObserver observer = await ConfigMapObserver.StartAsync(cluster, stop);
        Task<long> isRight = observer.ExpectAsync(present => backends[0].IsIn(present.Data), stop);
        await using ServiceProcess service = ServiceProcess.Start(program, cluster, backends);
        await service.BringsAsync(isRight);

        var subject = new Subject(service, cluster.Admin, observer, new Random(1));
        Sample appeared = await MeasureAsync(backends[Content.Backends..], backend => AppearAsync(subject, backend, stop));
        // Each key once: who edits one key again and again is met with pauses.
        Sample drifted = await MeasureAsync(backends[..(WarmUps + Rounds)], backend => DriftAsync(subject, backend, stop));
        Sample deleted = await MeasureAsync(Enumerable.Range(0, WarmUps + Deletions), _ => DeleteAsync(subject, stop));
        return
        [
            .. Figures($"{prefix}Service appears -> ConfigMap written", appeared, must: 10_000, aim: 500),
            .. Figures($"{prefix}key edited -> repaired", drifted, must: 5_000, aim: 100),
            .. Figures($"{prefix}ConfigMap deleted -> recreated", deleted, must: 5_000, aim: 100),
        ];
    }

    private static IEnumerable<Figure> Figures(string name, Sample sample, double must, double aim) =>
    [
        new($"{name}, p50", Unit.Milliseconds, sample.Median),
        new($"{name}, p99", Unit.Milliseconds, sample.Percentile(99), Aim: aim),
        new($"{name}, max", Unit.Milliseconds, sample.Max, must),
    ];

    private static async Task<Sample> MeasureAsync<T>(IEnumerable<T> subjects, Func<T, Task<TimeSpan>> measure)
    {
        var values = new List<TimeSpan>();
        foreach (T subject in subjects)
            values.Add(await measure(subject));
        return new Sample(values.Skip(WarmUps));
    }

    private static async Task<TimeSpan> AppearAsync(Subject subject, Backend backend, CancellationToken stop)
    {
        await subject.RestAsync(stop);
        Task<long> written = subject.Observer.ExpectAsync(present => backend.IsIn(present.Data), stop);
        long begun = Time.GetTimestamp();
        using HttpResponseMessage response = await subject.Admin.PostAsJsonAsync($"api/v1/namespaces/{Backend.Namespace}/services", backend.Manifest, stop);
        response.EnsureSuccessStatusCode();
        return Time.GetElapsedTime(begun, await subject.Service.BringsAsync(written));
    }

    private static async Task<TimeSpan> DriftAsync(Subject subject, Backend backend, CancellationToken stop)
    {
        await subject.RestAsync(stop);
        Task<long> repaired = subject.Observer.ExpectAsync(present => backend.IsIn(present.Data), stop);
        var edit = new JsonObject { ["data"] = new JsonObject { [backend.Key] = "edited" } };
        using var content = JsonContent.Create(edit, new MediaTypeHeaderValue("application/merge-patch+json"));
        long begun = Time.GetTimestamp();
        using HttpResponseMessage response = await subject.Admin.PatchAsync(new Uri(ConfigMapPath, UriKind.Relative), content, stop);
        response.EnsureSuccessStatusCode();
        return Time.GetElapsedTime(begun, await subject.Service.BringsAsync(repaired));
    }

    private static async Task<TimeSpan> DeleteAsync(Subject subject, CancellationToken stop)
    {
        await subject.RestAsync(stop);
        ConfigMapRecord before = subject.Observer.Newest;
        Task<long> recreated = subject.Observer.ExpectAsync(present => present.Data.SequenceEqual(before.Data), stop, isNew: true);
        long begun = Time.GetTimestamp();
        using HttpResponseMessage response = await subject.Admin.DeleteAsync(new Uri(ConfigMapPath, UriKind.Relative), stop);
        response.EnsureSuccessStatusCode();
        return Time.GetElapsedTime(begun, await subject.Service.BringsAsync(recreated));
    }

    private sealed record Subject(ServiceProcess Service, HttpClient Admin, ConfigMapObserver Observer, Random Random)
    {
        /// <summary>What follows within 250 ms of a round is gathered by the service; a change after that is met at once, as a single one is.</summary>
        public Task RestAsync(CancellationToken stop) => Task.Delay(TimeSpan.FromMilliseconds(Random.Next(280, 340)), Time, stop);
    }
}
