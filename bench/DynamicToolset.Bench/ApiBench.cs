using DynamicToolset.Bench.Api;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>The REST API: each kind of question in a cluster at rest, and the longest answer to many while Services change.</summary>
internal static class ApiBench
{
    private const int PerSecond = 20;
    private const int ManyPerSecond = 200;

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);

    private static readonly (string Name, string Path)[] Questions =
    [
        ("all toolsets", "/api/v1/toolsets"),
        ("one toolset", "/api/v1/toolsets/prometheus"),
        ("all services", "/api/v1/services"),
        ("explain one", "/api/v1/services/monitoring/prometheus-007/explain"),
        ("status", "/api/v1/status"),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Stage stage, CancellationToken stop)
    {
        await using ApiSubject subject = await ApiSubject.StartAsync(stage, stop);
        var figures = new List<Figure>();
        foreach ((string name, string path) in Questions)
            figures.AddRange((await subject.AskAsync($"API, {name}", path, PerSecond, Lasting, beside: null, stop)).Take(2));
        figures.AddRange(await subject.AskAsync(
            $"API, all toolsets, {ManyPerSecond} a second, a Service changes", Questions[0].Path, ManyPerSecond, 2 * Lasting, Task.CompletedTask, stop));
        return figures;
    }
}
