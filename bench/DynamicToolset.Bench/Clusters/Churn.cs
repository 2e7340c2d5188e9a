using System.Text.Json.Nodes;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench.Clusters;

/// <summary>
/// Changes Services that are no backends, until it is disposed of: in turn a label and an annotation that no rule reads. The
/// Services change everywhere, as in a cluster where others roll out.
/// </summary>
internal sealed class Churn : IAsyncDisposable
{
    /// <summary>In a simulated cluster.</summary>
    public const int PerSecond = 50;

    private const string Revision = "bench.example/revision";

    private readonly int _bystanders;
    private readonly int _perSecond;
    private readonly Func<ObjectKey, JsonObject, Task> _change;
    private readonly Random _random = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _changing;

    private Churn(ClusterContent content, int perSecond, Func<ObjectKey, JsonObject, Task> change)
    {
        _bystanders = content.Bystanders;
        _perSecond = perSecond;
        _change = change;
        _changing = Task.Run(ChangeAsync);
    }

    /// <summary>That were taken.</summary>
    public int Made { get; private set; }

    /// <summary>In the store itself.</summary>
    public static Churn Start(SimulatedCluster cluster) => new(cluster.Content, PerSecond, (service, patch) =>
    {
        cluster.Change(service, patch);
        return Task.CompletedTask;
    });

    /// <summary>By requests, which may fail: the API server may be restarted meanwhile.</summary>
    public static Churn Start(RealCluster cluster, ClusterContent content, int perSecond) => new(content, perSecond, (service, patch) =>
    {
        string path = $"api/v1/namespaces/{service.Namespace}/services/{service.Name}";
        return MergePatch.SendAsync(cluster.Admin, path, patch, CancellationToken.None);
    });

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
            await _change(ClusterContent.BystanderKey(_random.Next(_bystanders)), patch);
            Made++;
        }
        catch (HttpRequestException)
        {
            // Lost, as those of others are while an API server is away.
        }
    }
}
