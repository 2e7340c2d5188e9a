using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class LeaseTests
{
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

    [Fact]
    public async Task A_lease_without_a_spec_comes_back_with_an_empty_one()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = (await cluster.PostAsync(Leases, """{"metadata":{"name":"a"}}""")).Expect(201);
        Assert.Equal("{}", created.At("spec")!.ToJsonString());
        Assert.Equal("coordination.k8s.io/v1", created.Text("apiVersion"));
    }

    [Fact]
    public async Task A_lease_is_taken_over_only_by_who_has_seen_its_newest_version()
    {
        await using Cluster cluster = await StartAsync();
        Answer first = (await cluster.PostAsync(Leases, """{"metadata":{"name":"a"},"spec":{"holderIdentity":"one"}}""")).Expect(201);
        string Taken(string version, string holder) =>
            $$$"""{"metadata":{"name":"a","resourceVersion":"{{{version}}}"},"spec":{"holderIdentity":"{{{holder}}}"}}""";
        Answer second = (await cluster.PutAsync($"{Leases}/a", Taken(first.Version, "two"))).Expect(200);
        Answer late = (await cluster.PutAsync($"{Leases}/a", Taken(first.Version, "three"))).Expect(409, "Conflict");
        Assert.StartsWith("Operation cannot be fulfilled on leases.coordination.k8s.io \"a\": the object has been modified", late.Message);
        Answer read = (await cluster.GetAsync($"{Leases}/a")).Expect(200);
        Assert.Equal("two", read.Text("spec", "holderIdentity"));
        Assert.Equal(second.Version, read.Version);
    }

    [Fact]
    public async Task A_released_lease_keeps_its_empty_holder()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(Leases, """{"metadata":{"name":"a"},"spec":{"holderIdentity":"one","leaseTransitions":0}}""")).Expect(201);
        Answer released = (await cluster.PatchAsync($"{Leases}/a", """{"spec":{"holderIdentity":""}}""")).Expect(200);
        Assert.Equal("""{"holderIdentity":"","leaseTransitions":0}""", released.At("spec")!.ToJsonString());
    }

    [Fact]
    public async Task A_put_creates_a_lease_that_is_not_there()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PutAsync($"{Leases}/a", """{"metadata":{"name":"a"}}""")).Expect(201);
        (await cluster.PutAsync($"{Leases}/a", """{"metadata":{"name":"a"}}""")).Expect(200);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00.123456Z", 201)]
    [InlineData("2026-01-01T01:00:00.123456+01:00", 201)]
    [InlineData("2026-01-01T00:00:00Z", 400)]
    [InlineData("2026-01-01T00:00:00.123Z", 400)]
    [InlineData("2026-01-01T00:00:00.1234567Z", 400)]
    [InlineData("nonsense", 400)]
    public async Task Times_have_six_digits_of_a_second(string time, int code)
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(Leases, $$$"""{"metadata":{"name":"a"},"spec":{"renewTime":"{{{time}}}"}}""")).Expect(code);
    }

    [Fact]
    public async Task Durations_and_counts_that_mean_nothing_are_refused()
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = await cluster.PostAsync(Leases, """{"metadata":{"name":"a"},"spec":{"leaseDurationSeconds":0,"leaseTransitions":-1}}""");
        answer.Expect(422, "Invalid");
        Assert.StartsWith("Lease.coordination.k8s.io \"a\" is invalid: [spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0", answer.Message);
    }

    [Fact]
    public async Task A_lease_can_be_watched_and_deleted()
    {
        await using Cluster cluster = await StartAsync();
        using Watch watch = await cluster.WatchAsync($"{Leases}?watch=1&fieldSelector=metadata.name%3Da");
        (await cluster.PostAsync(Leases, """{"metadata":{"name":"other"}}""")).Expect(201);
        (await cluster.PostAsync(Leases, """{"metadata":{"name":"a"}}""")).Expect(201);
        Answer deleted = (await cluster.DeleteAsync($"{Leases}/a")).Expect(200);
        Assert.Equal("coordination.k8s.io", deleted.Text("details", "group"));
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("DELETED a", await watch.NextNameAsync());
        Assert.Equal(["other"], (await cluster.GetAsync(Leases)).Names);
        (await cluster.GetAsync($"{Leases}/a")).Expect(404, "NotFound");
    }
}
