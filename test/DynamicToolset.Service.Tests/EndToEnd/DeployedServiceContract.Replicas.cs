namespace DynamicToolset.Service.Tests.EndToEnd;

/// <content>Several replicas, with the rights that are shipped.</content>
public abstract partial class DeployedServiceContract
{
    private const string BecameLeader = "\"msg\":\"Became leader\"", Following = "\"msg\":\"Following\"";

    [Fact]
    public async Task Of_several_replicas_one_writes_and_another_goes_on_when_it_stops_and_when_it_dies()
    {
        await Service.StopAsync();
        await using PublishedProgram one = Replica("one");
        await one.LineAsync(BecameLeader);
        await using PublishedProgram two = Replica("two");
        await two.LineAsync(Following);
        await Service.AddAsync("prometheus");
        await Service.HasKeysAsync(Kubernetes, Prometheus);
        Assert.Equal(0, await one.TerminateAsync());
        await two.LineAsync("\"msg\":\"ConfigMap fenced\"");

        await using PublishedProgram three = Replica("three");
        await three.LineAsync(Following);
        await two.SignalAsync("KILL");
        await Service.SetDataAsync(Prometheus, "spoilt");
        await three.LineAsync(BecameLeader);
        await Service.HasAsync(Prometheus, "url: \"http://prometheus.monitoring:9090\"");
        Assert.DoesNotContain(two.Output, line => line.Contains("Lost leader election", StringComparison.Ordinal));
        Assert.Equal(0, await three.TerminateAsync());
        Assert.Equal("", await Service.Kubectl.RunAsync("get", "lease", "dynamic-toolset-leader", "-n", DeployedService.Namespace, "-o", "jsonpath={.spec.holderIdentity}"));
    }

    private PublishedProgram Replica(string name) => Service.Start(
        ("POD_NAME", name), ("LEADER_ELECTION_ENABLED", "true"), ("LEASE_DURATION", "8s"), ("RENEW_DEADLINE", "5s"), ("RETRY_PERIOD", "1s"));
}
