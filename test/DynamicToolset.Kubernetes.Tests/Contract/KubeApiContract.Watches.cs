using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class KubeApiContract
{
    [Fact]
    public async Task A_watch_says_first_that_it_is_open()
    {
        string version = (await Api.ListServicesAsync(Cluster.Namespace, Stop)).ResourceVersion;
        WatchEvent<ServiceRecord> first = Assert.Single(await WatchAsync(version, _ => true));
        Assert.Equal((WatchEventKind.Opened, version), (first.Kind, first.ResourceVersion));
    }

    [Fact]
    public async Task A_watch_from_the_version_of_a_list_misses_nothing_under_concurrent_writes()
    {
        Task writing = WriteServicesAsync();
        KubeList<ServiceRecord> list = await Cluster.ClientFor(Cluster.Connection, pageSize: 3).ListServicesAsync(Cluster.Namespace, Stop);
        await writing;
        await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("the-last"));

        var held = list.Items.ToDictionary(item => item.Key.Name, item => item.ResourceVersion);
        await WatchAsync(list.ResourceVersion, next =>
        {
            if (next.Kind == WatchEventKind.Deleted)
                held.Remove(next.Item!.Key.Name);
            else if (next.Item is { } item)
                held[item.Key.Name] = item.ResourceVersion;
            return held.ContainsKey("the-last");
        });
        KubeList<ServiceRecord> present = await Api.ListServicesAsync(Cluster.Namespace, Stop);
        Assert.Equal(present.Items.ToDictionary(item => item.Key.Name, item => item.ResourceVersion), held);
    }

    [Fact]
    public async Task A_watch_tells_what_happened_in_order()
    {
        string version = (await Api.ListServicesAsync(Cluster.Namespace, Stop)).ResourceVersion;
        JsonObject created = await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("s"));
        JsonObject changed = await Cluster.PatchAsync($"{Cluster.Services}/s", """{"metadata":{"labels":{"step":"2"}}}""");
        await Cluster.DeleteAsync($"{Cluster.Services}/s");

        List<WatchEvent<ServiceRecord>> events = await WatchAsync(version, next => next.Kind == WatchEventKind.Deleted);
        Assert.Equal([WatchEventKind.Added, WatchEventKind.Modified, WatchEventKind.Deleted], Items(events).Select(next => next.Kind));
        Assert.Equal([VersionOf(created), VersionOf(changed)], Items(events).Take(2).Select(next => next.ResourceVersion));
    }

    [Fact]
    public async Task A_deletion_shows_the_last_state_under_a_version_of_its_own()
    {
        JsonObject last = await Cluster.GivenAsync(("overrides.yaml", "# mine\r\n"));
        string version = (await Api.ListConfigMapAsync(Cluster.Key, Stop)).ResourceVersion;
        await Cluster.DeleteAsync($"{Cluster.ConfigMaps}/toolsets");

        List<WatchEvent<ConfigMapRecord>> events = await WatchConfigMapAsync(version, next => next.Kind == WatchEventKind.Deleted);
        ConfigMapRecord deleted = Assert.Single(Items(events)).Item!;
        Assert.Equal((UidOf(last), "# mine\r\n"), (deleted.Uid, deleted.Data["overrides.yaml"]));
        Assert.NotEqual(VersionOf(last), deleted.ResourceVersion);
    }

    [Fact]
    public async Task A_watch_of_one_name_sees_no_other()
    {
        string version = (await Api.ListConfigMapAsync(Cluster.Key, Stop)).ResourceVersion;
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("other"));
        await Cluster.GivenAsync(("a", "1"));
        List<WatchEvent<ConfigMapRecord>> events = await WatchConfigMapAsync(version, next => next.Item is not null);
        Assert.Equal(Cluster.Key, Assert.Single(Items(events)).Item!.Key);
    }

    [Fact]
    public async Task A_watch_of_a_namespace_sees_no_other()
    {
        string version = (await Api.ListServicesAsync(Cluster.Namespace, Stop)).ResourceVersion;
        await Cluster.PostAsync("/api/v1/namespaces/default/services", ContractCluster.ServiceNamed(Cluster.Namespace));
        await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("own"));
        List<WatchEvent<ServiceRecord>> events = await WatchAsync(version, next => next.Item is not null);
        Assert.Equal(new ObjectKey(Cluster.Namespace, "own"), Assert.Single(Items(events)).Item!.Key);
    }

    [Fact]
    public async Task A_watch_of_the_cluster_sees_every_namespace()
    {
        string version = (await Api.ListServicesAsync(null, Stop)).ResourceVersion;
        await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("own"));
        var key = new ObjectKey(Cluster.Namespace, "own");
        await foreach (WatchEvent<ServiceRecord> next in Api.WatchServicesAsync(null, version, Patience.Limit, Stop))
        {
            if (next.Item?.Key == key)
                return;
        }

        Assert.Fail("The watch ended without it.");
    }

    [Fact]
    public async Task A_bookmark_moves_the_version_past_changes_of_others_and_a_watch_resumed_from_it_repeats_nothing()
    {
        await Cluster.GivenAsync(("a", "1"));
        string version = (await Api.ListConfigMapAsync(Cluster.Key, Stop)).ResourceVersion;
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("other"));

        WatchEvent<ConfigMapRecord> last = default;
        await Cluster.WhileOthersChangeAsync(async () =>
        {
            // kube-apiserver sends one two seconds before the end, and only where something changed meanwhile.
            List<WatchEvent<ConfigMapRecord>> events = await WatchConfigMapAsync(version, IsNew, TimeSpan.FromSeconds(4));
            Assert.Empty(Items(events));
            last = events.LastOrDefault(IsNew);
            return events.Exists(IsNew);
        });
        Assert.Null(last.Item);
        string bookmark = last.ResourceVersion;

        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets", """{"data":{"a":"3"}}""");
        List<WatchEvent<ConfigMapRecord>> later = await WatchConfigMapAsync(bookmark, next => next.Item is not null);
        Assert.Equal("3", Assert.Single(Items(later)).Item!.Data["a"]);

        bool IsNew(WatchEvent<ConfigMapRecord> next) => next.Kind == WatchEventKind.Bookmark && next.ResourceVersion != version;
    }

    [Fact]
    public async Task A_watch_resumed_from_the_version_of_an_event_shows_only_what_came_later()
    {
        string version = (await Api.ListConfigMapAsync(Cluster.Key, Stop)).ResourceVersion;
        await Cluster.GivenAsync(("a", "1"));
        string seen = (await WatchConfigMapAsync(version, next => next.Item is not null))[^1].ResourceVersion;
        await Cluster.PatchAsync($"{Cluster.ConfigMaps}/toolsets", """{"data":{"a":"2"}}""");
        List<WatchEvent<ConfigMapRecord>> later = await WatchConfigMapAsync(seen, next => next.Item is not null);
        WatchEvent<ConfigMapRecord> only = Assert.Single(Items(later));
        Assert.Equal((WatchEventKind.Modified, "2"), (only.Kind, only.Item!.Data["a"]));
    }

    [Fact]
    public async Task A_watch_ends_in_order_when_its_time_is_up()
    {
        string version = (await Api.ListServicesAsync(Cluster.Namespace, Stop)).ResourceVersion;
        List<WatchEvent<ServiceRecord>> events = await WatchAsync(version, _ => false, TimeSpan.FromSeconds(1));
        Assert.Equal(WatchEventKind.Opened, events[0].Kind);
        Assert.Empty(Items(events));
    }

    [Fact]
    public async Task A_watch_from_an_expired_version_is_gone()
    {
        await using ContractCluster cluster = await ContractCluster.CreateAsync(await ServerToRestartAsync());
        string version = (await cluster.Api.ListServicesAsync(cluster.Namespace, Stop)).ResourceVersion;
        await cluster.PostAsync(cluster.Services, ContractCluster.ServiceNamed("s"));
        await cluster.ExpireWatchesAsync();
        KubeApiException gone = await RefusalAsync(
            () => ReadAsync(cluster.Api.WatchServicesAsync(cluster.Namespace, version, Patience.Limit, Stop), _ => false), 410, "Expired");
        Assert.True(gone.IsGone);
    }

    private static IEnumerable<WatchEvent<T>> Items<T>(IEnumerable<WatchEvent<T>> events)
        where T : class =>
        events.Where(next => next.Item is not null);

    private static async Task<List<WatchEvent<T>>> ReadAsync<T>(IAsyncEnumerable<WatchEvent<T>> watch, Func<WatchEvent<T>, bool> isLast)
        where T : class
    {
        var events = new List<WatchEvent<T>>();
        await foreach (WatchEvent<T> next in watch)
        {
            events.Add(next);
            if (isLast(next))
                break;
        }

        return events;
    }

    private Task<List<WatchEvent<ServiceRecord>>> WatchAsync(string version, Func<WatchEvent<ServiceRecord>, bool> isLast, TimeSpan? timeout = null) =>
        ReadAsync(Api.WatchServicesAsync(Cluster.Namespace, version, timeout ?? Patience.Limit, Stop), isLast);

    private Task<List<WatchEvent<ConfigMapRecord>>> WatchConfigMapAsync(string version, Func<WatchEvent<ConfigMapRecord>, bool> isLast, TimeSpan? timeout = null) =>
        ReadAsync(Api.WatchConfigMapAsync(Cluster.Key, version, timeout ?? Patience.Limit, Stop), isLast);

    private async Task WriteServicesAsync()
    {
        for (int i = 0; i < 24; i++)
        {
            await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed($"s-{i}"));
            if (i % 3 == 1)
                await Cluster.PatchAsync($"{Cluster.Services}/s-{i / 3 * 3}", $$$"""{"metadata":{"labels":{"step":"{{{i}}}"} } }""");
            if (i % 3 == 2)
                await Cluster.DeleteAsync($"{Cluster.Services}/s-{i}");
        }
    }
}
