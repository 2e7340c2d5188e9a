using System.Collections.Immutable;
using System.Threading.Channels;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Http;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.EndToEnd;

/// <summary>The real client against the simulated API server, over HTTPS.</summary>
public sealed class SimulatedClusterTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly ImmutableSortedDictionary<string, string> Pairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, string?> Changes = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    [Theory, InlineData(1), InlineData(7), InlineData(100), InlineData(500)]
    public async Task List_pages_join_without_loss(int pageSize)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(pageSize);
        for (int i = 0; i < 203; i++)
            cluster.Create($"s-{i}");
        KubeList<ServiceRecord> list = await cluster.Client.ListServicesAsync(null, Stop);
        Assert.Equal(cluster.Stored(), SimulatedCluster.Versions(list.Items));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_watch_from_the_version_of_a_list_misses_nothing_under_concurrent_writes(int seed)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(pageSize: 10);
        var writer = new RandomWriter(cluster, seed);
        writer.Write(100);
        Task writing = Task.Run(() => writer.Write(400), Stop);
        KubeList<ServiceRecord> list = await cluster.Client.ListServicesAsync(null, Stop);
        await writing;
        cluster.Create("the-last");

        var held = list.Items.ToDictionary(service => service.Key.Name);
        await foreach (WatchEvent<ServiceRecord> next in cluster.Client.WatchServicesAsync(null, list.ResourceVersion, Patience.Limit, Stop))
        {
            if (next.Kind == WatchEventKind.Deleted)
                held.Remove(next.Item!.Key.Name);
            else if (next.Item is { } item)
                held[item.Key.Name] = item;
            if (held.ContainsKey("the-last"))
                break;
        }

        Assert.Equal(cluster.Stored(), SimulatedCluster.Versions(held.Values));
    }

    [Theory]
    [InlineData(11, ExpiredWatchForm.ErrorEvent)]
    [InlineData(12, ExpiredWatchForm.ErrorEvent)]
    [InlineData(13, ExpiredWatchForm.HttpStatus)]
    [InlineData(14, ExpiredWatchForm.HttpStatus)]
    public async Task The_copy_equals_the_store_after_whatever_happened_to_the_watch(int seed, ExpiredWatchForm form)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(pageSize: 20, new KubeSimOptions { ExpiredWatchForm = form });
        Channel<bool> changes = Channel.CreateUnbounded<bool>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var informer = new Informer<ServiceRecord>(
            InformerSources.Services(cluster.Client, null), () => changes.Writer.TryWrite(true), _ => { }, new HastyTime(), new Random(seed));
        Task running = informer.RunAsync(stop.Token);
        var random = new Random(seed);
        var writer = new RandomWriter(cluster, seed);
        for (int round = 0; round < 40; round++)
        {
            writer.Write(random.Next(30));
            Disturb(cluster.Api, random);
            if (random.Next(3) == 0)
                await SettleAsync(cluster, informer, changes.Reader, seed);
        }

        await SettleAsync(cluster, informer, changes.Reader, seed);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_ConfigMap_is_created_once_and_changed_only_from_its_present_version()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        var key = new ObjectKey("default", "kubernaut-toolset-config");
        const string Mine = "# mine\r\n\t trailing \n😀";
        var content = new ConfigMapContent(Pairs, Pairs.Add("note", "n"), Pairs.Add("overrides.yaml", Mine).Add("a-toolset.yaml", "a"));

        ConfigMapRecord first = await cluster.Client.CreateConfigMapAsync(key, content, Stop);
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => cluster.Client.CreateConfigMapAsync(key, content, Stop))).IsConflict);
        var patch = new ConfigMapPatch(first.ResourceVersion, Changes, Changes.Add("note", null), Changes.Add("a-toolset.yaml", null).Add("b-toolset.yaml", "b"), []);
        ConfigMapRecord second = await cluster.Client.PatchConfigMapAsync(key, patch, Stop);
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => cluster.Client.PatchConfigMapAsync(key, patch, Stop))).IsConflict);

        Assert.Equal([new("b-toolset.yaml", "b"), new("overrides.yaml", Mine)], second.Data);
        Assert.Empty(second.Annotations);
        ConfigMapRecord? read = await cluster.Client.GetConfigMapAsync(key, Stop);
        Assert.Equal((second.ResourceVersion, second.Uid), (read!.ResourceVersion, read.Uid));
        Assert.Contains(read.Managers, manager => manager.Name == "dynamic-toolset" && manager.DataKeys.Contains("b-toolset.yaml"));
    }

    private static void Disturb(KubeSim api, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                api.DropWatches();
                break;
            case 1:
                api.DropWatches(abort: true);
                break;
            case 2:
                api.ExpireHistory();
                api.DropWatches(abort: random.Next(2) == 0);
                break;
        }
    }

    private static async Task SettleAsync(SimulatedCluster cluster, Informer<ServiceRecord> informer, ChannelReader<bool> changes, int seed)
    {
        SortedDictionary<string, string> expected = cluster.Stored();
        using var patience = new CancellationTokenSource(Patience.Limit, TimeProvider.System);
        while (!SimulatedCluster.Versions(informer.Items.Values).SequenceEqual(expected))
        {
            try
            {
                await changes.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                Assert.Fail($"seed {seed}: the copy stayed at {informer.Items.Count} Services, the store has {expected.Count}");
            }
        }
    }

    private sealed class RandomWriter(SimulatedCluster cluster, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly HashSet<string> _present = [];

        public void Write(int times)
        {
            for (int i = 0; i < times; i++)
                WriteOne($"s-{_random.Next(60)}");
        }

        private void WriteOne(string name)
        {
            if (_present.Add(name))
                cluster.Create(name);
            else if (_random.Next(2) == 0)
                cluster.Label(name, $"v{_random.Next(1000)}");
            else if (_present.Remove(name))
                cluster.Delete(name);
        }
    }
}
