using System.Text.Json.Nodes;

namespace DynamicToolset.Bench.Clusters;

/// <summary>
/// Changes Services that are no backends, until it is disposed of: in turn a label and an annotation that no rule reads. The
/// Services change everywhere, as in a cluster where others roll out.
/// </summary>
internal sealed class Churn : IAsyncDisposable
{
    public const int PerSecond = 50;

    private const string Revision = "bench.example/revision";

    private readonly ICluster _cluster;
    private readonly int _perSecond;
    private readonly Random _random = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _changing;

    private Churn(ICluster cluster, int perSecond)
    {
        _cluster = cluster;
        _perSecond = perSecond;
        _changing = Task.Run(ChangeAsync);
    }

    /// <summary>That were taken.</summary>
    public int Made { get; private set; }

    /// <summary>Some may fail: the API server may be restarted meanwhile.</summary>
    public static Churn Start(ICluster cluster, int perSecond = PerSecond) => new(cluster, perSecond);

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
        int sent = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / _perSecond, TimeProvider.System);
        try
        {
            // A tick that was missed is made up for.
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                for (int due = Due(begun); sent < due; sent++)
                    await ChangeAsync(sent);
            }
        }
        catch (OperationCanceledException)
        {
            if (Due(begun) - sent > _perSecond)
                throw new InvalidOperationException($"{sent} Services were changed, {Due(begun)} were to be.");
        }
    }

    private int Due(long begun) => (int)(TimeProvider.System.GetElapsedTime(begun).TotalSeconds * _perSecond);

    private async Task ChangeAsync(int number)
    {
        string kind = number % 2 == 0 ? "labels" : "annotations";
        var patch = new JsonObject { ["metadata"] = new JsonObject { [kind] = new JsonObject { [Revision] = $"{number}" } } };
        try
        {
            await _cluster.ChangeAsync(ClusterContent.BystanderKey(_random.Next(_cluster.Content.Bystanders)), patch, CancellationToken.None);
            Made++;
        }
        catch (HttpRequestException)
        {
            // Lost, as those of others are while an API server is away.
        }
    }
}
