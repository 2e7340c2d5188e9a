using System.Text.Json.Nodes;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>Leases, https://kubernetes.io/docs/concepts/architecture/leases/.</summary>
public abstract partial class KubeApiContract
{
    [Fact]
    public async Task A_Lease_without_a_spec_is_read_with_an_empty_one()
    {
        JsonObject created = await Cluster.PostAsync(Cluster.Leases, ContractCluster.Named("lease"));
        Assert.Equal("{}", created["spec"]?.ToJsonString());
        Assert.Equal("{}", (await Cluster.GetAsync($"{Cluster.Leases}/lease"))["spec"]?.ToJsonString());
    }

    [Fact]
    public async Task A_Lease_without_a_spec_can_be_taken()
    {
        JsonObject lease = await Cluster.PostAsync(Cluster.Leases, ContractCluster.Named("lease"));
        JsonObject taken = await Cluster.PutAsync($"{Cluster.Leases}/lease", HeldBy("one", VersionOf(lease)));
        Assert.Equal("one", (string?)taken["spec"]!["holderIdentity"]);
        Assert.Equal("2026-01-01T00:00:00.123456Z", (string?)taken["spec"]!["renewTime"]);
    }

    [Fact]
    public async Task Of_two_who_take_a_Lease_from_the_same_version_the_second_is_refused()
    {
        string version = VersionOf(await Cluster.PostAsync(Cluster.Leases, ContractCluster.Named("lease")));
        JsonObject taken = await Cluster.PutAsync($"{Cluster.Leases}/lease", HeldBy("one", version));
        (int code, JsonObject status) = await Cluster.AskAsync(HttpMethod.Put, $"{Cluster.Leases}/lease", HeldBy("two", version));
        Assert.Equal((409, "Conflict"), (code, (string?)status["reason"]));
        JsonObject read = await Cluster.GetAsync($"{Cluster.Leases}/lease");
        Assert.Equal(("one", VersionOf(taken)), ((string?)read["spec"]!["holderIdentity"], VersionOf(read)));
    }

    [Fact]
    public async Task A_released_Lease_has_an_empty_holder()
    {
        string version = VersionOf(await Cluster.PostAsync(Cluster.Leases, HeldBy("one")));
        await Cluster.PutAsync($"{Cluster.Leases}/lease", HeldBy("", version));
        Assert.Equal("", (string?)(await Cluster.GetAsync($"{Cluster.Leases}/lease"))["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task A_Lease_is_created_once()
    {
        await Cluster.PostAsync(Cluster.Leases, HeldBy("one"));
        (int code, JsonObject status) = await Cluster.AskAsync(HttpMethod.Post, Cluster.Leases, HeldBy("two"));
        Assert.Equal((409, "AlreadyExists"), (code, (string?)status["reason"]));
    }

    /// <summary>Whatever version it carries: who must not bring a Lease back has to send its uid.</summary>
    [Fact]
    public async Task An_update_of_a_Lease_that_is_gone_makes_it_anew_unless_it_carries_the_uid()
    {
        JsonObject first = await Cluster.PostAsync(Cluster.Leases, HeldBy("one"));
        await Cluster.DeleteAsync($"{Cluster.Leases}/lease");
        JsonObject late = HeldBy("one", VersionOf(first));
        late["metadata"]!["uid"] = UidOf(first);
        Assert.Equal(409, (await Cluster.AskAsync(HttpMethod.Put, $"{Cluster.Leases}/lease", late)).Code);
        JsonObject second = await Cluster.PutAsync($"{Cluster.Leases}/lease", HeldBy("one", VersionOf(first)));
        Assert.NotEqual(UidOf(first), UidOf(second));
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00.123456Z", 201)]
    [InlineData("2026-01-01T00:00:00Z", 400)]
    [InlineData("2026-01-01T00:00:00.123Z", 400)]
    public async Task A_Lease_tells_times_in_microseconds(string time, int code)
    {
        JsonObject lease = HeldBy("one");
        lease["spec"]!["renewTime"] = time;
        Assert.Equal(code, (await Cluster.AskAsync(HttpMethod.Post, Cluster.Leases, lease)).Code);
    }

    [Theory, InlineData("leaseDurationSeconds", 0), InlineData("leaseTransitions", -1)]
    public async Task A_Lease_with_a_number_that_means_nothing_is_invalid(string field, int value)
    {
        JsonObject lease = HeldBy("one");
        lease["spec"]![field] = value;
        (int code, JsonObject status) = await Cluster.AskAsync(HttpMethod.Post, Cluster.Leases, lease);
        Assert.Equal((422, "Invalid"), (code, (string?)status["reason"]));
    }

    private static JsonObject HeldBy(string holder, string? version = null)
    {
        JsonObject lease = ContractCluster.Named("lease");
        if (version is not null)
            lease["metadata"]!["resourceVersion"] = version;
        lease["spec"] = new JsonObject
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = 15,
            ["acquireTime"] = "2026-01-01T00:00:00.000000Z",
            ["renewTime"] = "2026-01-01T00:00:00.123456Z",
            ["leaseTransitions"] = 0,
        };
        return lease;
    }
}
