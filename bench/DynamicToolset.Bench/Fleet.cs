using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>Services that have converged, in clusters of several sizes; each has its own. Most of the time they idle.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly List<Subject> _subjects = [];

    public IReadOnlyList<Subject> All => _subjects;

    /// <param name="sizes">How many Services there are in each cluster.</param>
    /// <param name="toCome">How many backends may appear in each.</param>
    public static async Task<Fleet> StartAsync(Stage stage, IEnumerable<int> sizes, int toCome, CancellationToken stop)
    {
        var fleet = new Fleet();
        try
        {
            foreach (int size in sizes)
                fleet._subjects.Add(await stage.StartAsync(ClusterContent.Of(size), toCome, stop));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Subject subject in _subjects)
            await subject.DisposeAsync();
    }
}
