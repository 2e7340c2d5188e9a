using DynamicToolset.Cluster;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.HolmesReload;

/// <summary>The whole service beside a HolmesGPT on loopback.</summary>
public sealed class ReloadTests
{
    private const string Kubernetes = "kubernetes-toolset.yaml";

    [Fact]
    public async Task HolmesGPT_is_told_of_each_write_of_its_file()
    {
        await using LoopbackBackend holmes = LoopbackBackend.AnsweringStatus("200 OK");
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync(s => Telling(s, holmes));
        await TestCluster.EventuallyAsync(() => !holmes.Requests.IsEmpty, "it was told of the first");
        // What was found while the first was on its way may have been a second.
        int told = holmes.Requests.Count;
        string right = cluster.Data(ToolsetKey.Holmes)!;
        cluster.SetData(ToolsetKey.Holmes, "toolsets: {}");
        await TestCluster.EventuallyAsync(() => cluster.Data(ToolsetKey.Holmes) == right, "the file is repaired");
        await TestCluster.EventuallyAsync(() => holmes.Requests.Count > told, "it was told of the repair");
        Assert.Contains("holmes-reload", running.Controller.Liveness.Select(c => c.Name));
    }

    [Fact]
    public async Task A_HolmesGPT_that_hangs_delays_neither_a_repair_nor_the_stop()
    {
        await using LoopbackBackend holmes = LoopbackBackend.Hanging();
        await using TestCluster cluster = await TestCluster.StartAsync();
        // So slow a clock that no time limit ends the request.
        var time = new FakeTimeProvider();
        await using RunningController running = cluster.Start(time, Telling(TestCluster.Defaults(), holmes));
        await TestCluster.EventuallyAsync(() => holmes.Requests.Count == 1, "it was told, and hangs");
        string right = cluster.Data(Kubernetes)!;
        cluster.SetData(Kubernetes, "x");
        await time.PassUntilAsync(TimeSpan.FromMilliseconds(1), () => cluster.Data(Kubernetes) == right, "the key is repaired");
        Assert.Equal(1, holmes.Open);
        await running.Controller.StopReconcilingAsync().WithPatienceAsync();
        await running.Controller.StopWatchingAsync().WithPatienceAsync();
    }

    private static Settings Telling(Settings settings, LoopbackBackend holmes) =>
        settings with { HolmesReloadUrl = $"http://127.0.0.1:{holmes.EndPoint.Port}/api/admin/reload/toolsets" };
}
