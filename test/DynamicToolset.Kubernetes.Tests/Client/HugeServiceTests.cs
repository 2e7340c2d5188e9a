using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Client;

/// <summary>Somebody's Service is larger than what is held of one: it is refused, and the others are none the worse.</summary>
public sealed class HugeServiceTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    /// <summary>As API servers write it: what it is called comes first. In what comes then something stands where it means nothing.</summary>
    private static readonly string Huge = $$$"""
        {"kind":"Service","metadata":{"name":"huge","namespace":"shop","uid":"u-huge","resourceVersion":"7","labels":{ {{{Labels(30_000)}}} },
        "name":null},"spec":{"metadata":{"name":"other"},"ports":[{"name":"metadata"}]},"status":{"name":"other"} }
        """;

    /// <summary>The same with short metadata, so that what is called like a part of them follows at once.</summary>
    private static readonly string HugeElsewhere = $$$"""
        {"metadata":{"name":"huge-too","namespace":"shop","uid":"u-huge","resourceVersion":"7"},"status":{"name":"other","uid":"other"},"spec":{"selector":{ {{{Labels(30_000)}}} } } }
        """;

    [Theory, InlineData(1), InlineData(100_000)]
    public async Task In_a_list_it_is_told_of_by_name_and_the_others_are_read(int padding)
    {
        string list = Json.ServiceList("9", "", Json.Service("a"), Huge, HugeElsewhere, Json.Service("z")).Replace("\"items\"", $"\"x\":\"{new string('x', padding % 60_000)}\",\"items\"", StringComparison.Ordinal);
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, list));
        using KubeApiClient client = server.Client();
        ImmutableArray<ServiceRecord> items = (await client.ListServicesAsync(null, Stop)).Items;
        Assert.Equal(["a", "z", "huge", "huge-too"], items.Select(i => i.Key.Name));
        AssertRefused(items[2]);
        AssertRefused(items[3] with { Key = items[2].Key });
        Assert.All(items.Take(2), i => Assert.Equal((null, 1), (i.Beyond, i.Ports.Length)));
    }

    [Fact]
    public async Task In_a_watch_it_is_told_of_by_name_and_the_events_of_the_others_come()
    {
        string events = Json.Event("ADDED", Json.Service("a")) + Json.Event("ADDED", Huge) + Json.Event("DELETED", Huge) + Json.Event("MODIFIED", Json.Service("a", "8")) + Json.Bookmark("9");
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, events));
        using KubeApiClient client = server.Client();
        List<WatchEvent<ServiceRecord>> seen = await ToEndAsync(client.WatchServicesAsync(null, "1", TimeSpan.FromMinutes(4), Stop));
        Assert.Equal(["Opened  1", "Added a 5", "Added huge 7", "Deleted huge 7", "Modified a 8", "Bookmark  9"], seen.Select(e => $"{e.Kind} {e.Item?.Key.Name} {e.ResourceVersion}"));
        AssertRefused(seen[2].Item!);
        Assert.Null(seen[4].Item!.Beyond);
    }

    [Fact]
    public async Task Where_its_name_comes_late_the_list_fails_with_the_reason_and_is_no_short_list()
    {
        string late = $$$"""{"spec":{"selector":{ {{{Labels(30_000)}}} } },"metadata":{"name":"huge","namespace":"shop","resourceVersion":"7"} }""";
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("9", "", Json.Service("a"), late)));
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => client.ListServicesAsync(null, Stop));
        Assert.Equal((KubeFault.Malformed, true), (error.Fault, error.IsRetryable));
    }

    [Fact]
    public async Task A_text_that_cannot_be_followed_fails_the_watch_with_the_reason()
    {
        string endless = Huge.Replace("\"status\":{", $"\"status\":{{\"x\":\"{new string('x', 3_000_000)}\",", StringComparison.Ordinal);
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.Event("ADDED", endless)));
        using KubeApiClient client = server.Client();
        KubeApiException error = await Assert.ThrowsAsync<KubeApiException>(() => ToEndAsync(client.WatchServicesAsync(null, "1", TimeSpan.FromMinutes(4), Stop)));
        Assert.Equal((KubeFault.TooLarge, true), (error.Fault, error.IsRetryable));
        Assert.Contains($"a text in an answer has more than {AnswerBounds.Token}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ConfigMap_that_is_too_large_is_a_failure_with_the_reason_and_no_absence()
    {
        string huge = $$$"""{"kind":"ConfigMap","metadata":{"name":"c","namespace":"n","resourceVersion":"1"},"data":{ {{{Labels(300_000)}}} } }""";
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, huge), e => e.AnswerAsync(200, Json.Event("ADDED", huge)));
        using KubeApiClient client = server.Client();
        var key = new ObjectKey("n", "c");
        Assert.Equal(KubeFault.TooLarge, (await Assert.ThrowsAsync<KubeApiException>(() => client.GetConfigMapAsync(key, Stop))).Fault);
        KubeApiException watch = await Assert.ThrowsAsync<KubeApiException>(() => ToEndAsync(client.WatchConfigMapAsync(key, "1", TimeSpan.FromMinutes(4), Stop)));
        Assert.Contains($"the ConfigMap has more than {AnswerBounds.ConfigMap}", watch.Message, StringComparison.Ordinal);
    }

    /// <summary>On a thread of its own: what is read wrong may never come to an end.</summary>
    private static Task<List<T>> ToEndAsync<T>(IAsyncEnumerable<T> watch) => Task.Run(async () => await watch.ToListAsync(Stop), Stop).WithPatienceAsync();

    private static string Labels(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"label-{i:d6}\":\"a value of \\\"some\\\" length\""));

    private static void AssertRefused(ServiceRecord service)
    {
        Assert.Equal(AnswerBounds.Service, service.Beyond);
        Assert.Equal((new ObjectKey("shop", "huge"), "u-huge", "7"), (service.Key, service.Uid, service.ResourceVersion));
        Assert.Equal((0, 0, 0, 0), (service.Labels.Count, service.Annotations.Count, service.Ports.Length, service.Selector.Count));
    }
}
