using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>What leader election asks of a Lease.</summary>
public abstract partial class KubeApiContract
{
    private static readonly DateTimeOffset Written = new(2026, 1, 1, 12, 0, 0, 123, 456, TimeSpan.Zero);

    private static readonly LeaseSpec ByOne = new("one", TimeSpan.FromSeconds(15), Written, Written, 0);

    private ObjectKey LeaseKey => Cluster.Key with { Name = "lease" };

    private string LeasePath => $"{Cluster.Leases}/lease";

    [Fact]
    public async Task A_Lease_that_is_not_there_is_read_as_none()
    {
        Assert.Null(await Api.GetLeaseAsync(LeaseKey, Stop));
        Assert.Empty((await Api.ListLeaseAsync(LeaseKey, Stop)).Items);
    }

    [Fact]
    public async Task A_Lease_of_which_nothing_was_said_is_free()
    {
        await Cluster.PostAsync(Cluster.Leases, ContractCluster.Named("lease"));
        LeaseRecord lease = await LeaseAsync();
        Assert.Equal(LeaseSpec.Empty, lease.Spec);
        Assert.True(lease.Spec.IsFree);
    }

    [Fact]
    public async Task A_Lease_is_created_as_it_is_then_read()
    {
        LeaseRecord created = await Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop);
        Assert.Equal((LeaseKey, ByOne), (created.Key, created.Spec));
        Assert.Equal(created, await LeaseAsync());
        Assert.Equal([created], (await Api.ListLeaseAsync(LeaseKey, Stop)).Items);
        JsonNode spec = (await Cluster.GetAsync(LeasePath))["spec"]!;
        Assert.Equal(("one", 15, 0), ((string?)spec["holderIdentity"], (int)spec["leaseDurationSeconds"]!, (int)spec["leaseTransitions"]!));
        Assert.Equal(["2026-01-01T12:00:00.123456Z", "2026-01-01T12:00:00.123456Z"], [(string?)spec["acquireTime"], (string?)spec["renewTime"]]);
    }

    [Fact]
    public async Task A_Lease_that_is_there_is_not_created_and_stays()
    {
        await Cluster.PostAsync(Cluster.Leases, ContractCluster.Named("lease"));
        string before = (await Cluster.GetAsync(LeasePath)).ToJsonString();
        await RefusalAsync(() => Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop), 409, "Conflict");
        Assert.Equal(before, (await Cluster.GetAsync(LeasePath)).ToJsonString());
    }

    [Fact]
    public async Task An_update_of_a_Lease_changes_the_spec_and_keeps_what_others_wrote()
    {
        JsonObject given = HeldBy("other");
        given["metadata"]!["annotations"] = new JsonObject { ["note"] = "y" };
        await Cluster.PostAsync(Cluster.Leases, given);
        LeaseRecord before = await LeaseAsync();
        LeaseRecord updated = await Api.UpdateLeaseAsync(before, ByOne with { Transitions = 1 }, null, Stop);
        Assert.Equal(ByOne with { Transitions = 1 }, updated.Spec);
        Assert.NotEqual(before.ResourceVersion, updated.ResourceVersion);
        Assert.Equal(updated, await LeaseAsync());
        Assert.Equal("y", (string?)(await Cluster.GetAsync(LeasePath))["metadata"]!["annotations"]!["note"]);
    }

    [Fact]
    public async Task The_address_of_the_holder_is_created_changed_and_taken_away_with_the_spec()
    {
        LeaseRecord lease = await Api.CreateLeaseAsync(LeaseKey, ByOne, At("10.1.2.3"), Stop);
        Assert.Equal(At("10.1.2.3"), lease.Address);
        Assert.Equal(lease, await LeaseAsync());
        Assert.Equal(("http://10.1.2.3:8080", "one"), await SaidAsync());
        lease = await Api.UpdateLeaseAsync(lease, ByOne with { Holder = "two" }, At("fd00::1"), Stop);
        Assert.Equal(At("fd00::1"), lease.Address);
        Assert.Equal(lease, await LeaseAsync());
        Assert.Equal(("http://[fd00::1]:8080", "two"), await SaidAsync());
        lease = await Api.UpdateLeaseAsync(lease, lease.Spec.Released(Written), null, Stop);
        Assert.Null(lease.Address);
        Assert.Equal((null, null), await SaidAsync());
        Assert.Equal(At("10.1.2.3"), (await Api.UpdateLeaseAsync(lease, ByOne, At("10.1.2.3"), Stop)).Address);
    }

    [Theory]
    [InlineData("one", "one", "http://10.1.2.3:8080", true)]
    [InlineData("one", "two", "http://10.1.2.3:8080", false)]
    [InlineData("one", null, "http://10.1.2.3:8080", false)]
    [InlineData("", "", "http://10.1.2.3:8080", false)]
    [InlineData("one", "one", "http://evil.example:8080", false)]
    [InlineData("one", "one", null, false)]
    public async Task An_address_is_believed_only_of_the_holder_itself(string holder, string? of, string? address, bool isBelieved)
    {
        JsonObject given = HeldBy(holder);
        given["metadata"]!["annotations"] = new JsonObject
        {
            ["kubernaut.io/leader-address"] = address ?? "",
            ["kubernaut.io/leader-address-of"] = of ?? "",
        };
        await Cluster.PostAsync(Cluster.Leases, given);
        Assert.Equal(isBelieved ? At("10.1.2.3") : null, (await LeaseAsync()).Address);
    }

    /// <summary>By a version of this program that writes none, or by another tool.</summary>
    [Fact]
    public async Task An_address_that_another_left_behind_is_taken_away()
    {
        LeaseRecord lease = await Api.CreateLeaseAsync(LeaseKey, ByOne, At("10.1.2.3"), Stop);
        await Api.UpdateLeaseAsync(lease, ByOne with { Holder = "two" }, null, Stop);
        Assert.Equal((null, null), await SaidAsync());
    }

    [Fact]
    public async Task A_Lease_can_be_released_and_taken_again()
    {
        LeaseRecord released = await Api.UpdateLeaseAsync(await Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop), ByOne.Released(Written), null, Stop);
        Assert.True(released.Spec.IsFree);
        Assert.Equal("", (string?)(await Cluster.GetAsync(LeasePath))["spec"]!["holderIdentity"]);
        Assert.Equal(1, (await Api.UpdateLeaseAsync(released, released.Spec.HeldBy("two", TimeSpan.FromSeconds(15), Written), null, Stop)).Spec.Transitions);
    }

    [Fact]
    public async Task An_update_of_a_Lease_from_an_old_version_is_a_conflict_and_changes_nothing()
    {
        LeaseRecord old = await Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop);
        LeaseRecord newer = await Api.UpdateLeaseAsync(old, ByOne with { RenewTime = Written.AddSeconds(2) }, null, Stop);
        await RefusalAsync(() => Api.UpdateLeaseAsync(old, ByOne with { Holder = "two" }, null, Stop), 409, "Conflict");
        Assert.Equal(newer, await LeaseAsync());
    }

    [Fact]
    public async Task An_update_does_not_bring_back_a_Lease_that_is_gone()
    {
        LeaseRecord old = await Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop);
        await Cluster.DeleteAsync(LeasePath);
        await RefusalAsync(() => Api.UpdateLeaseAsync(old, ByOne, null, Stop), 404, "NotFound");
        Assert.Null(await Api.GetLeaseAsync(LeaseKey, Stop));
    }

    [Fact]
    public async Task An_update_does_not_reach_a_Lease_that_was_made_anew()
    {
        LeaseRecord old = await Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop);
        await Cluster.DeleteAsync(LeasePath);
        LeaseRecord made = await Api.CreateLeaseAsync(LeaseKey, ByOne with { Holder = "two" }, null, Stop);
        await RefusalAsync(() => Api.UpdateLeaseAsync(old, ByOne, null, Stop), 409, "Conflict");
        Assert.Equal(made, await LeaseAsync());
    }

    /// <summary>As after a store was restored, in which versions come once more.</summary>
    [Fact]
    public async Task An_update_does_not_reach_another_Lease_at_the_same_version()
    {
        LeaseRecord made = await Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop);
        LeaseRecord another = made with { Uid = "00000000-0000-0000-0000-000000000000" };
        await RefusalAsync(() => Api.UpdateLeaseAsync(another, ByOne with { Holder = "two" }, null, Stop), 422, "Invalid");
        Assert.Equal(made, await LeaseAsync());
    }

    [Fact]
    public async Task Of_two_who_create_or_take_a_Lease_at_once_one_succeeds()
    {
        Assert.Single(await OfEightAsync(i => Api.CreateLeaseAsync(LeaseKey, ByOne with { Holder = $"{i}" }, null, Stop)), taken => taken);
        LeaseRecord seen = await LeaseAsync();
        Assert.Single(await OfEightAsync(i => Api.UpdateLeaseAsync(seen, ByOne with { Holder = $"again {i}" }, null, Stop)), taken => taken);
    }

    [Fact]
    public async Task A_watch_of_one_Lease_tells_of_its_changes_and_of_no_other()
    {
        string version = (await Api.ListLeaseAsync(LeaseKey, Stop)).ResourceVersion;
        await using IAsyncEnumerator<WatchEvent<LeaseRecord>> watch = Api.WatchLeaseAsync(LeaseKey, version, Patience.Limit, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(WatchEventKind.Opened, watch.Current.Kind);
        await Api.CreateLeaseAsync(LeaseKey with { Name = "other" }, ByOne, null, Stop);
        LeaseRecord created = await Api.CreateLeaseAsync(LeaseKey, ByOne, null, Stop);
        LeaseRecord updated = await Api.UpdateLeaseAsync(created, ByOne.Released(Written), null, Stop);
        await Cluster.DeleteAsync(LeasePath);
        Assert.Equal((WatchEventKind.Added, created), await NextAsync());
        Assert.Equal((WatchEventKind.Modified, updated), await NextAsync());
        (WatchEventKind kind, LeaseRecord? last) = await NextAsync();
        Assert.Equal((WatchEventKind.Deleted, updated.Spec), (kind, last!.Spec));

        async Task<(WatchEventKind, LeaseRecord?)> NextAsync()
        {
            do
                Assert.True(await watch.MoveNextAsync());
            while (watch.Current.Kind == WatchEventKind.Bookmark);
            return (watch.Current.Kind, watch.Current.Item);
        }
    }

    private static LeaderAddress At(string address) => LeaderAddress.Of(System.Net.IPAddress.Parse(address), 8080);

    private async Task<(string? Address, string? Of)> SaidAsync()
    {
        JsonNode? annotations = (await Cluster.GetAsync(LeasePath))["metadata"]!["annotations"];
        return ((string?)annotations?["kubernaut.io/leader-address"], (string?)annotations?["kubernaut.io/leader-address-of"]);
    }

    private async Task<LeaseRecord> LeaseAsync()
    {
        LeaseRecord? lease = await Api.GetLeaseAsync(LeaseKey, Stop);
        Assert.NotNull(lease);
        return lease;
    }

    private static Task<bool[]> OfEightAsync(Func<int, Task<LeaseRecord>> attempt) => Task.WhenAll(Enumerable.Range(1, 8).Select(async i =>
    {
        try
        {
            await attempt(i);
            return true;
        }
        catch (KubeApiException e) when (e.IsConflict)
        {
            return false;
        }
    }));
}
