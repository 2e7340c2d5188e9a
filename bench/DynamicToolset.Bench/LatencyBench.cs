using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>How fast changes are answered in a cluster in which nothing else happens.</summary>
internal static class LatencyBench
{
    /// <summary>As often a Service appears in a cluster of the usual size; in others half as often.</summary>
    public const int Rounds = 200;

    /// <summary>All of them side by side, in turns.</summary>
    public static async Task<IReadOnlyList<Latencies>> RunAsync(IEnumerable<Subject> subjects, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        return await Task.WhenAll(subjects.Select(subject =>
        {
            var series = new LatencySeries(subject, turn, stop);
            return subject.Content == ClusterContent.Usual
                ? Latencies.OfAllAsync("", series, Rounds)
                : Latencies.OfSingleChangesAsync($"{subject.Content.Name}: ", series, Rounds / 2);
        }));
    }
}
