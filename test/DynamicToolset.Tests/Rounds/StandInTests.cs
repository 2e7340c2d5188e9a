using DynamicToolset.Cluster;
using DynamicToolset.Rounds;

namespace DynamicToolset.Tests.Rounds;

/// <summary>What becomes of a Thanos beside the Prometheus that it reads, round by round.</summary>
public sealed class StandInTests
{
    private const string Prometheus = "m/prometheus app=prometheus web:9090", Thanos = "m/thanos app=thanos-query http:9090";

    private readonly RoundWorld _world = new();

    [Fact]
    public void It_stands_in_while_the_real_one_does_not_answer_and_gives_way_when_it_does()
    {
        _world.With(Prometheus, Thanos).Settle();
        Assert.Equal(("kubernetes prometheus", "http://prometheus.m:9090"), (_world.Keys, Asked()));
        _world.Down("m/prometheus").Check().Settle();
        Assert.Equal(("kubernetes prometheus-m-thanos", "http://thanos.m:9090"), (_world.Keys, Asked()));
        _world.Restart().Settle().Check().Settle();
        Assert.Equal(("kubernetes prometheus-m-thanos", "http://thanos.m:9090"), (_world.Keys, Asked()));
        _world.Down().Check().Settle();
        Assert.Equal(("kubernetes prometheus", "http://prometheus.m:9090"), (_world.Keys, Asked()));
    }

    [Fact]
    public void A_name_that_nobody_had_it_takes_and_gives_back_for_good()
    {
        _world.With(Prometheus, Thanos).Down("m/prometheus").Settle();
        Assert.Equal("http://thanos.m:9090", _world.UrlOf("prometheus"));
        _world.Down().Check().Settle();
        Assert.Equal(("kubernetes prometheus", "http://prometheus.m:9090"), (_world.Keys, _world.UrlOf("prometheus")));
        _world.Down("m/prometheus").Check().Settle();
        Assert.Equal("kubernetes prometheus-m-thanos", _world.Keys);
    }

    [Fact]
    public void In_an_outage_what_the_overrides_say_of_the_real_one_does_not_go_along()
    {
        _world.With(Prometheus, Thanos).Settle().Override("""
            prometheus: {config: {headers: {Authorization: 'Bearer of-the-real-one'}}}
            prometheus-m-thanos: {config: {timeout: 7s}}
            """).Settle();
        Assert.Contains("of-the-real-one", _world.Present.Data["prometheus-toolset.yaml"], StringComparison.Ordinal);
        Assert.Equal(["prometheus-m-thanos: ignored until its Service stands in for the real one of its namespace, which is healthy"], Dormant());
        _world.Down("m/prometheus").Check().Settle();
        Assert.DoesNotContain(_world.Present.Data, d => d.Key != ToolsetKey.Overrides && d.Value.Contains("of-the-real-one", StringComparison.Ordinal));
        Assert.Contains("timeout: \"7s\"", _world.Present.Data["prometheus-m-thanos-toolset.yaml"], StringComparison.Ordinal);
        Assert.Equal(["prometheus: ignored until its Service is healthy or deleted"], Dormant());
    }

    [Theory]
    [InlineData("prometheus: {enabled: false}", "enabled: false")]
    [InlineData("prometheus: {enabled: false}\nprometheus-m-thanos: {enabled: true}", "enabled: true")]
    [InlineData("prometheus: {config: {timeout: 7s}}", "enabled: true")]
    public void Who_switched_the_real_one_off_gets_no_other_one_in_its_place(string overrides, string enabled)
    {
        _world.With(Prometheus, Thanos).Settle().Override(overrides).Settle();
        _world.Down("m/prometheus").Check().Settle();
        Assert.Contains($"\n{enabled}\n", _world.Present.Data["prometheus-m-thanos-toolset.yaml"], StringComparison.Ordinal);
        Assert.Equal(enabled == "enabled: true" ? "http://thanos.m:9090" : null, Asked());
    }

    [Fact]
    public void Of_two_real_ones_that_are_down_one_that_is_wanted_is_stood_in_for()
    {
        _world.With(Prometheus, "m/second app=prometheus web:9090", Thanos).Settle().Override("prometheus: {enabled: false}").Settle();
        _world.Down("m/prometheus", "m/second").Check().Settle();
        Assert.Equal("http://thanos.m:9090", Asked());
        _world.Override("{prometheus: {enabled: false}, prometheus-m-second: {enabled: false}}").Settle();
        Assert.Null(Asked());
    }

    [Fact]
    public void Where_neither_answers_what_was_there_stays()
    {
        _world.With(Prometheus, Thanos).Settle().Down("m/prometheus", "m/thanos").Check().Settle();
        Assert.Equal(("kubernetes prometheus", "http://prometheus.m:9090"), (_world.Keys, Asked()));
    }

    [Fact]
    public void A_real_one_elsewhere_is_asked_before_it()
    {
        _world.With(Prometheus, Thanos, "z/prometheus app=prometheus web:9090").Settle().Down("m/prometheus").Check().Settle();
        Assert.Equal(("kubernetes prometheus-m-thanos prometheus-z-prometheus", "http://prometheus.z:9090"), (_world.Keys, Asked()));
    }

    [Theory]
    [InlineData("m/prometheus app=prometheus web:9090 @toolset=false", "kubernetes prometheus")]
    [InlineData("n/prometheus app=prometheus web:9090", "kubernetes prometheus-m-thanos prometheus")]
    [InlineData("m/grafana app=grafana service:3000", "grafana kubernetes prometheus")]
    [InlineData("m/vmsingle app.kubernetes.io/name=vmsingle http:8429", "kubernetes prometheus-m-vmsingle prometheus")]
    [InlineData("m/x http:80 @toolset=true @type=prometheus", "kubernetes prometheus-m-x prometheus")]
    public void It_gives_way_to_a_real_one_of_its_type_in_its_namespace_alone(string other, string keys) =>
        Assert.Equal(keys, _world.With(Thanos, other).Settle().Keys);

    [Fact]
    public void One_whose_owner_asks_for_a_toolset_has_it_beside_the_real_one()
    {
        _world.With(Prometheus, $"{Thanos} @toolset=true @type=prometheus").Settle();
        Assert.Equal("kubernetes prometheus-m-thanos prometheus", _world.Keys);
    }

    /// <summary>Of HolmesGPT, which has a place for one.</summary>
    private string? Asked() => _world.Holmes.Split('\n').Where(l => l.Contains("prometheus_url", StringComparison.Ordinal)).Select(l => l.Split(": ")[1].Trim('"', ' ')).SingleOrDefault();

    private IEnumerable<string> Dormant() => Problems.Of(_world.State!).Where(p => p.Kind == ProblemKind.DormantOverride).Select(p => p.Detail);
}
