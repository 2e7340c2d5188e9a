using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Tests.HealthCheck;

public sealed class HealthTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly HealthCheckTarget Prometheus = Target("prometheus");
    private static readonly HealthCheckTarget Grafana = Target("grafana");

    [Fact]
    public void A_new_target_is_unknown_unless_it_is_assumed_healthy()
    {
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, false), (Grafana, true)], Now);

        Assert.Equal(HealthState.New(Now), table.Find(Prometheus));
        Assert.False(table.IsHealthy(Prometheus));
        Assert.True(table.IsHealthy(Grafana));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void What_is_known_of_a_target_outlives_a_change_of_the_others()
    {
        HealthState known = new(HealthStatus.Unhealthy, 3, Now, new ProbeOutcome.Refused(), Now);
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, false)], Now).With(Prometheus, known);

        table = table.Retarget([(Prometheus, true), (Grafana, false)], Now.AddMinutes(1));

        Assert.Equal(known, table.Find(Prometheus));
    }

    [Fact]
    public void A_target_that_is_gone_is_forgotten()
    {
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, true), (Grafana, true)], Now).Retarget([(Grafana, true)], Now);

        Assert.Null(table.Find(Prometheus));
        Assert.False(table.IsHealthy(Prometheus));
        Assert.Equal([Grafana], table.States.Select(state => state.Key));
    }

    [Fact]
    public void A_target_without_a_check_can_still_be_assumed_healthy_but_not_the_other_way()
    {
        HealthTable unknown = HealthTable.Empty.Retarget([(Prometheus, false)], Now);
        HealthTable assumed = unknown.Retarget([(Prometheus, true)], Now);

        Assert.True(assumed.IsHealthy(Prometheus));
        Assert.True(assumed.Retarget([(Prometheus, false)], Now).IsHealthy(Prometheus));
    }

    [Fact]
    public void A_target_named_twice_is_one()
    {
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, true), (Target("prometheus"), false)], Now);

        Assert.Equal(1, table.Count);
        Assert.True(table.IsHealthy(Prometheus));
    }

    private static HealthCheckTarget Target(string name) =>
        new(EndpointUrl.TryCreate("http", new ObjectKey("monitoring", name), 80, "")!, "/health", AcceptedStatuses.Default);
}
