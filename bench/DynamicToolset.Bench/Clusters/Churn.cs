using System.Text.Json.Nodes;

namespace DynamicToolset.Bench.Clusters;

/// <summary>
/// Changes Services that are no backends, 50 a second, until it is disposed of: in turn a label and an annotation that no rule reads. The
/// Services change everywhere, as in a cluster where others roll out.
/// </summary>
internal sealed class Churn : IAsyncDisposable
{
    public const int PerSecond = 50;

    private const string Revision = "bench.example/revision";

    private readonly SimulatedCluster _cluster;
    private readonly Random _random = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _changing;

    private Churn(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _changing = Task.Run(ChangeAsync);
    }

    public static Churn Start(SimulatedCluster cluster) => new(cluster);

    /// <exception cref="InvalidOperationException">It came behind: what was measured was a smaller load.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _changing;
        _stop.Dispose();
    }

    private async Task ChangeAsync()
    {
        long begun = TimeProvider.System.GetTimestamp();
        int made = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / PerSecond, TimeProvider.System);
        try
        {
            // A tick that was missed is made up for.
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                for (int due = Due(begun); made < due; made++)
                    Change(made);
            }
        }
        catch (OperationCanceledException)
        {
            if (Due(begun) - made > PerSecond)
                throw new InvalidOperationException($"{made} Services were changed, {Due(begun)} were to be.");
        }
    }

    private static int Due(long begun) => (int)(TimeProvider.System.GetElapsedTime(begun).TotalSeconds * PerSecond);

    private void Change(int number)
    {
        string kind = number % 2 == 0 ? "labels" : "annotations";
        var patch = new JsonObject { ["metadata"] = new JsonObject { [kind] = new JsonObject { [Revision] = $"{number}" } } };
        _cluster.Change(ClusterContent.BystanderKey(_random.Next(_cluster.Content.Bystanders)), patch);
    }
}
