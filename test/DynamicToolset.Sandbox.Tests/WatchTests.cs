using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Http;
using DynamicToolset.Testing;
using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class WatchTests
{
    [Theory]
    [InlineData("")]
    [InlineData("&resourceVersion=0")]
    public async Task A_watch_without_a_version_begins_with_what_is_there(string version)
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1{version}");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        await cluster.GivenConfigMapAsync("b");
        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_watch_from_the_version_of_a_list_misses_nothing()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        string version = (await cluster.GetAsync(ConfigMaps)).Version;
        await cluster.GivenConfigMapAsync("b");
        (await cluster.PatchAsync($"{ConfigMaps}/a", """{"data":{"x":"y"}}""")).Expect(200);
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=true&resourceVersion={version}");
        (await cluster.DeleteAsync($"{ConfigMaps}/b")).Expect(200);
        Assert.Equal("ADDED b", await watch.NextNameAsync());
        Assert.Equal("MODIFIED a", await watch.NextNameAsync());
        Assert.Equal("DELETED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_deletion_carries_the_last_state_under_the_version_of_the_deletion()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await cluster.GivenConfigMapAsync("a");
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={created.Version}");
        await cluster.DeleteAsync($"{ConfigMaps}/a");
        JsonObject change = (await watch.NextAsync())!;
        Assert.Equal("value", (string?)change["object"]!["data"]!["key"]);
        Assert.Equal(cluster.Sim.Store.Version, long.Parse((string)change["object"]!["metadata"]!["resourceVersion"]!));
    }

    [Fact]
    public async Task An_object_that_enters_or_leaves_a_selection_is_added_or_deleted()
    {
        await using Cluster cluster = await StartAsync();
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&labelSelector=in%3Dyes");
        await cluster.GivenConfigMapAsync("a");
        await cluster.PatchAsync($"{ConfigMaps}/a", """{"metadata":{"labels":{"in":"yes"}}}""");
        await cluster.PatchAsync($"{ConfigMaps}/a", """{"data":{"x":"y"}}""");
        await cluster.PatchAsync($"{ConfigMaps}/a", """{"metadata":{"labels":null}}""");
        await cluster.DeleteAsync($"{ConfigMaps}/a");
        await cluster.PostAsync(ConfigMaps, """{"metadata":{"name":"end","labels":{"in":"yes"}}}""");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("MODIFIED a", await watch.NextNameAsync());
        Assert.Equal("DELETED a", await watch.NextNameAsync());
        Assert.Equal("ADDED end", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_watch_of_one_name_sees_no_other()
    {
        await using Cluster cluster = await StartAsync();
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&fieldSelector=metadata.name%3Db");
        await cluster.GivenConfigMapAsync("a");
        await cluster.GivenConfigMapAsync("b");
        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_bookmark_moves_the_version_without_an_object()
    {
        var time = new ObservedTime();
        await using Cluster cluster = await StartAsync(new KubeSimOptions { Time = time });
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&allowWatchBookmarks=true&resourceVersion={cluster.Sim.Store.Version}");
        (await cluster.PostAsync(Namespaces, """{"metadata":{"name":"elsewhere"}}""")).Expect(201);
        await time.WaitsAsync(TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromMinutes(1));
        JsonObject bookmark = (await watch.NextAsync())!;
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal("ConfigMap", (string?)bookmark["object"]!["kind"]);
        Assert.Equal($"{cluster.Sim.Store.Version}", (string?)bookmark["object"]!["metadata"]!["resourceVersion"]);
        using Watch resumed = await cluster.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={cluster.Sim.Store.Version}");
        Assert.Equal(200, resumed.Code);
    }

    [Fact]
    public async Task A_watch_ends_in_order_when_its_time_is_up()
    {
        var time = new ObservedTime();
        await using Cluster cluster = await StartAsync(new KubeSimOptions { Time = time });
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&timeoutSeconds=10");
        await time.WaitsAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task An_expired_version_is_told_by_an_event()
    {
        await using Cluster cluster = await StartAsync();
        Answer first = await cluster.GivenConfigMapAsync("a");
        Answer second = await cluster.GivenConfigMapAsync("b");
        cluster.Sim.ExpireHistory();
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={first.Version}");
        JsonObject error = (await watch.NextAsync())!;
        Assert.Equal(200, watch.Code);
        Assert.Equal("ERROR", (string?)error["type"]);
        Assert.Equal(410, (int?)error["object"]!["code"]);
        Assert.Equal("Expired", (string?)error["object"]!["reason"]);
        Assert.Equal($"too old resource version: {first.Version} ({second.Version})", (string?)error["object"]!["message"]);
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task An_expired_version_may_be_told_by_the_status_instead()
    {
        await using Cluster cluster = await StartAsync(new KubeSimOptions { ExpiredWatchForm = ExpiredWatchForm.HttpStatus });
        Answer first = await cluster.GivenConfigMapAsync("a");
        await cluster.GivenConfigMapAsync("b");
        cluster.Sim.ExpireHistory();
        (await cluster.GetAsync($"{ConfigMaps}?watch=1&resourceVersion={first.Version}")).Expect(410, "Expired");
    }

    [Fact]
    public async Task An_open_watch_survives_the_expiry_of_its_version()
    {
        await using Cluster cluster = await StartAsync();
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={cluster.Sim.Store.Version}");
        cluster.Sim.ExpireHistory();
        await cluster.GivenConfigMapAsync("a");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Dropped_watches_end_and_can_be_resumed()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await cluster.GivenConfigMapAsync("a");
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={created.Version}");
        cluster.Sim.DropWatches();
        Assert.Null(await watch.NextAsync());
        await cluster.GivenConfigMapAsync("b");
        using Watch resumed = await cluster.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={created.Version}");
        Assert.Equal("ADDED b", await resumed.NextNameAsync());
    }

    [Fact]
    public async Task A_broken_watch_fails_at_the_client()
    {
        await using Cluster cluster = await StartAsync();
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1");
        cluster.Sim.DropWatches(abort: true);
        await Assert.ThrowsAnyAsync<IOException>(watch.NextAsync);
    }

    [Fact]
    public async Task A_streaming_list_marks_where_the_present_objects_end()
    {
        const string query = "watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?{query}");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        JsonObject bookmark = (await watch.NextAsync())!;
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal("true", (string?)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Theory]
    [InlineData(false, "watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan")]
    [InlineData(true, "watch=1&sendInitialEvents=true")]
    [InlineData(true, "watch=1&resourceVersionMatch=NotOlderThan")]
    public async Task A_streaming_list_that_is_not_supported_or_not_well_asked_for_is_invalid(bool supported, string query)
    {
        await using Cluster cluster = await StartAsync(new KubeSimOptions { StreamingLists = supported });
        (await cluster.GetAsync($"{ConfigMaps}?{query}")).Expect(422, "Invalid");
    }

    [Fact]
    public async Task Watched_tables_name_their_columns_once()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1");
        await cluster.GivenConfigMapAsync("a");
        await cluster.GivenConfigMapAsync("b");
        JsonObject first = (await watch.NextAsync())!;
        JsonObject second = (await watch.NextAsync())!;
        Assert.Equal(3, first["object"]!["columnDefinitions"]!.AsArray().Count);
        Assert.Null(second["object"]!["columnDefinitions"]);
        Assert.Equal("b", (string?)second["object"]!["rows"]![0]!["cells"]![0]);
    }
}
