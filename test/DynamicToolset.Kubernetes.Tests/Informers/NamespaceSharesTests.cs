using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

public sealed class NamespaceSharesTests
{
    private const int Quarter = 1_550_000;

    /// <summary>By the number of eighths of a share that they take.</summary>
    private static readonly string[] Fillings = [.. Enumerable.Range(0, 5).Select(i => new string('x', i * Quarter / 4))];

    /// <summary>
    /// Services come, change and go in two namespaces, one of which has more than its share. Whatever happened before, the copy is what a list would
    /// be; unless something went, and then it is so after the next list.
    /// </summary>
    [Fact]
    public void The_copy_of_a_watch_is_what_a_list_would_be() => Chance.Try(300, 100..300, random =>
    {
        var shares = new NamespaceShares();
        var all = new Dictionary<ObjectKey, ServiceRecord>();
        ImmutableDictionary<ObjectKey, ServiceRecord> held = List();
        bool wasCrowded = false;
        for (int version = 1; version < 40; version++)
        {
            ObjectKey key = new(random.Next(4) == 0 ? "b" : "a", $"s{random.Next(9)}");
            WatchEventKind kind = !all.ContainsKey(key) ? WatchEventKind.Added : random.Next(3) == 0 ? WatchEventKind.Deleted : WatchEventKind.Modified;
            ServiceRecord service = Sized(key, $"{version}", random.Next(5));
            all[key] = service;
            if (kind == WatchEventKind.Deleted)
                all.Remove(key);
            foreach (WatchEvent<ServiceRecord> admitted in shares.Admit(held, new WatchEvent<ServiceRecord>(kind, service, $"{version}")))
                held = Apply(held, admitted, version);
            if (shares.HasRoomAgain && random.Next(2) == 0)
                held = List();
            wasCrowded |= held.Values.Any(s => s.Beyond is not null);
            if (!shares.HasRoomAgain)
                Assert.Equal(Texts(ServiceShares.Of(all.Values)), Texts(held.Values));
        }

        return wasCrowded;

        ImmutableDictionary<ObjectKey, ServiceRecord> List()
        {
            ImmutableArray<ServiceRecord> list = ServiceShares.Of(all.Values.OrderBy(_ => random.Next()));
            shares.Listed(list);
            return list.ToImmutableDictionary(s => s.Key);
        }
    });

    [Fact]
    public async Task Room_that_is_left_is_filled_by_a_list_when_the_watch_ends_and_without_room_there_is_no_list()
    {
        ServiceRecord[] all = [.. Enumerable.Range(0, 5).Select(i => Sized(new ObjectKey("a", $"s{i}"), "1", 2))];
        var api = new ScriptedSource<ServiceRecord>(s => s.Key, s => s.ResourceVersion);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var time = new FakeTimeProvider();
        var informer = new Informer<ServiceRecord>(NamespaceShares.Keep(api.Source), () => { }, _ => { }, time, new Random(1));
        Task run = informer.RunAsync(stop.Token);
        await api.ListedAsync("1", [.. ServiceShares.Of(all)]);
        ScriptedWatch<ServiceRecord> watch = await api.WatchedAsync();
        watch.Send(WatchEventKind.Added, Sized(new ObjectKey("a", "z"), "2", 2));
        watch = await NextWatchAsync(watch);
        Assert.Equal((1, "2"), (api.Lists, watch.Version));
        Assert.Equal(["a/s0", "a/s1", "a/s2", "a/s3", "a/s4 refused"], NamesOf(informer));

        watch.Send(WatchEventKind.Deleted, all[1] with { ResourceVersion = "3" });
        await watch.TakenAsync();
        Assert.Equal(["a/s0", "a/s2", "a/s3", "a/s4 refused"], NamesOf(informer));
        time.Advance(TimeSpan.FromMinutes(4));
        watch.End();
        await api.ListedAsync("4", [.. ServiceShares.Of(all.Where(s => s != all[1]))]);
        watch = await api.WatchedAsync();
        Assert.Equal(["a/s0", "a/s2", "a/s3", "a/s4"], NamesOf(informer));
        watch.Bookmark("5");
        Assert.Equal((2, "5"), (api.Lists, (await NextWatchAsync(watch)).Version));

        await stop.CancelAsync();
        await run;

        async Task<ScriptedWatch<ServiceRecord>> NextWatchAsync(ScriptedWatch<ServiceRecord> present)
        {
            await present.TakenAsync();
            time.Advance(TimeSpan.FromMinutes(4));
            present.End();
            return await api.WatchedAsync();
        }
    }

    private static IEnumerable<string> NamesOf(Informer<ServiceRecord> informer) =>
        informer.Items.Values.OrderBy(s => s.Key).Select(s => s.Beyond is null ? $"{s.Key}" : $"{s.Key} refused");

    private static ImmutableDictionary<ObjectKey, ServiceRecord> Apply(ImmutableDictionary<ObjectKey, ServiceRecord> held, WatchEvent<ServiceRecord> next, int version)
    {
        Assert.Equal($"{version}", next.ResourceVersion);
        return next.Kind switch
        {
            WatchEventKind.Bookmark => held,
            WatchEventKind.Deleted => held.Remove(next.Item!.Key),
            _ => held.SetItem(next.Item!.Key, next.Item),
        };
    }

    private static IEnumerable<string> Texts(IEnumerable<ServiceRecord> services) =>
        services.OrderBy(s => s.Key).Select(s => $"{s.Key} {s.ResourceVersion} {(s.Beyond is null ? s.Selector.Count : "refused")}");

    /// <summary>Far beyond what one Service may have: here only the share is looked at.</summary>
    private static ServiceRecord Sized(ObjectKey key, string version, int eighths)
    {
        var labels = new Dictionary<string, string> { ["l"] = Fillings[eighths] };
        var none = new Dictionary<string, string>();
        return new ServiceRecord(key, "", version, ServiceKind.ClusterIP, labels, none, [], none);
    }
}
