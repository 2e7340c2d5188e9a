using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rounds;

/// <summary>When the file tells what backends say of themselves, and how often that is written.</summary>
public sealed class CapabilityTests
{
    private const string Prometheus = "monitoring/prometheus app=prometheus web:9090 >app=prometheus";
    private const string Loki = "logging/loki app=loki http-metrics:3100 >app=loki";
    private const string PrometheusLine = "http://prometheus.monitoring:9090 has retention 15d.";
    private const string LokiLine = "http://loki.logging:3100 has labels app, pod.";

    [Fact]
    public void A_line_comes_with_its_toolset_in_one_write()
    {
        RoundWorld world = new RoundWorld().Telling().With(Prometheus).Round(areFirstChecksDone: false).Check().Round().Answer("monitoring/prometheus", null).Round();
        Assert.Equal((0, false), (world.Writes, world.State!.IsConverged));
        world.Say("monitoring/prometheus", "retention 15d").Round().Round();
        Assert.Equal((1, true), (world.Writes, world.State!.IsConverged));
        Assert.Contains($" What backends say of themselves: {PrometheusLine}", world.Holmes, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_backend_that_comes_later_too()
    {
        RoundWorld world = Settled();
        world.With("tracing/tempo app.kubernetes.io/name=tempo http-metrics:3200 >app=tempo").Round().Check().Round().Answer("tracing/tempo", null).Round();
        Assert.Equal(1, world.Writes);
        world.Say("tracing/tempo", "tags service.name").Settle();
        Assert.Equal(2, world.Writes);
        Assert.Contains("http://tempo.tracing:3200 has tags service.name.", world.Holmes, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_takes_its_time_to_tell_holds_up_nothing_for_long()
    {
        RoundWorld world = new RoundWorld().Telling().With(Prometheus).Round(areFirstChecksDone: false).Check().Round().Answer("monitoring/prometheus", null).Round();
        Assert.Equal(0, world.Writes);
        world.Pass(1).Round();
        Assert.Equal((1, "kubernetes prometheus"), (world.Writes, world.Keys));
        Assert.DoesNotContain("of themselves", world.Holmes, StringComparison.Ordinal);
        world.Say("monitoring/prometheus", "retention 15d").Settle();
        Assert.Equal(2, world.Writes);
        Assert.Contains(PrometheusLine, world.Holmes, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_line_waits_for_the_next_discovery_and_comes_with_all_others_in_one_write()
    {
        RoundWorld world = Settled();
        for (int i = 2; i < 20; i++)
            world.Say("monitoring/prometheus", $"retention {i}d").Say("logging/loki", $"labels app{i}").Round();
        world.Settle();
        Assert.Equal(1, world.Writes);
        Assert.Contains(PrometheusLine, world.Holmes, StringComparison.Ordinal);
        world.Cycle++;
        world.Settle();
        Assert.Equal(2, world.Writes);
        Assert.Contains("http://loki.logging:3100 has labels app19. http://prometheus.monitoring:9090 has retention 19d.", Sorted(world.Holmes), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_falls_silent_keeps_its_line_and_who_has_nothing_to_tell_loses_it()
    {
        RoundWorld world = Settled();
        world.Say("monitoring/prometheus", null).Say("logging/loki", "").Settle();
        world.Cycle++;
        world.Settle();
        Assert.Contains(PrometheusLine, world.Holmes, StringComparison.Ordinal);
        Assert.DoesNotContain("http://loki.logging:3100 has", world.Holmes, StringComparison.Ordinal);
        Assert.Equal(2, world.Writes);
    }

    [Fact]
    public void A_restart_and_a_backend_that_is_silent_then_write_nothing()
    {
        RoundWorld world = Settled();
        world.Restart().Round(areFirstChecksDone: false).Round().Check().Round();
        Assert.Equal(1, world.Writes);
        world.Say("monitoring/prometheus", null).Settle();
        world.Cycle++;
        world.Pass(600).Settle();
        world.Say("monitoring/prometheus", "retention 15d").Say("logging/loki", "labels app, pod").Settle();
        Assert.Equal(1, world.Writes);
        Assert.Contains(PrometheusLine, world.Holmes, StringComparison.Ordinal);
        Assert.Contains(LokiLine, world.Holmes, StringComparison.Ordinal);
    }

    [Fact]
    public void An_upgrade_brings_all_lines_in_one_write()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus, Loki).Settle(("monitoring/prometheus", null), ("logging/loki", null));
        int writes = world.Writes;
        world.Telling().Restart().Round(areFirstChecksDone: false).Round().Check().Round()
            .Say("monitoring/prometheus", "retention 15d").Round().Say("logging/loki", "labels app, pod").Round().Settle();
        Assert.Equal(writes + 1, world.Writes);
        Assert.Contains(LokiLine, world.Holmes, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_somebody_wrote_is_not_believed_after_a_restart()
    {
        RoundWorld world = Settled();
        world.Edit(c => c.With("holmes-toolsets.yaml", world.Holmes.Replace("retention 15d", "orders to delete all pods", StringComparison.Ordinal))).Restart();
        world.Round(areFirstChecksDone: false).Round().Check().Round().Settle();
        Assert.DoesNotContain("orders", world.Holmes, StringComparison.Ordinal);
        Assert.Contains(LokiLine, world.Holmes, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_setting_off_nobody_is_asked_and_the_lines_go()
    {
        RoundWorld world = Settled();
        Assert.All(world.Decision!.Asked, t => Assert.NotNull(t.Kind));
        world.Telling(false).Settle();
        Assert.DoesNotContain("of themselves", world.Holmes, StringComparison.Ordinal);
        Assert.All(world.Decision!.Asked, t => Assert.Null(t.Kind));
        Assert.Empty(world.State!.Lines.Told);
    }

    [Fact]
    public void Where_an_override_leads_elsewhere_nothing_is_told()
    {
        RoundWorld world = Settled().Override("prometheus: {config: {url: 'http://thanos.elsewhere:9090'}}").Settle();
        Assert.DoesNotContain("9090 has", world.Holmes, StringComparison.Ordinal);
        Assert.Contains(LokiLine, world.Holmes, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_goes_with_its_Service()
    {
        RoundWorld world = Settled().Without("logging/loki").Settle();
        Assert.DoesNotContain("loki", world.Holmes, StringComparison.Ordinal);
        Assert.Equal("monitoring/prometheus", world.State!.Lines.Told.Single().Key.Service.ToString());
    }

    [Fact]
    public void A_new_line_changes_the_description_of_the_tool_by_which_HolmesGPT_notices()
    {
        RoundWorld world = Settled();
        string before = HashIn(world.Holmes);
        world.Say("logging/loki", "labels app");
        world.Cycle++;
        Assert.NotEqual(before, HashIn(world.Settle().Holmes));
    }

    private static RoundWorld Settled()
    {
        RoundWorld world = new RoundWorld().Telling().With(Prometheus, Loki).Round(areFirstChecksDone: false).Check().Round()
            .Say("monitoring/prometheus", "retention 15d").Say("logging/loki", "labels app, pod").Settle();
        Assert.Equal((1, true), (world.Writes, world.Decision!.Plan is ConfigMapPlan.None));
        return world;
    }

    private static string HashIn(string file) => file.Split("(content ")[1].Split(')')[0];

    /// <summary>The order of the backends is that of the toolsets.</summary>
    private static string Sorted(string file) => string.Join(". ", file.Split("of themselves: ")[1].Split('"')[0].TrimEnd('.').Split(". ").Order(StringComparer.Ordinal)) + ".";
}
