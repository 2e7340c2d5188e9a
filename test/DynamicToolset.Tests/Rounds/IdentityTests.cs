using DynamicToolset.Discovery;

namespace DynamicToolset.Tests.Rounds;

/// <summary>What becomes of a Service whose backend says what it is.</summary>
public sealed class IdentityTests
{
    private const string Prometheus = "monitoring/prometheus app=prometheus web:9090 >app=prometheus";
    private const string Elastic = "logging/elasticsearch app=elasticsearch http:9200 >app=elasticsearch";
    private const string Jaeger = "traces/jaeger app=jaeger query:16686 >app=jaeger";

    [Fact]
    public void Nobody_is_led_to_a_backend_before_it_was_asked_what_it_is()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus).Round().Check().Round();
        Assert.Equal("kubernetes", world.Keys);
        Assert.True(world.State!.IsAnswerDue);
        Assert.False(world.State.IsConverged);
        Assert.Equal("kubernetes prometheus", world.Answer("monitoring/prometheus", "prometheus").Settle().Keys);
    }

    [Theory]
    [InlineData("alertmanager")]
    [InlineData("pushgateway")]
    [InlineData("prometheus-agent")]
    public void What_answers_as_a_product_of_no_rule_has_no_toolset(string product)
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus).Settle("monitoring/prometheus", "prometheus");
        Assert.Equal("kubernetes prometheus", world.Keys);
        world.Answer("monitoring/prometheus", product).Settle();
        Assert.Equal("kubernetes", world.Keys);
        Assert.Equal(product, Assert.IsType<Detection.Contradicted>(world.State!.Detected.All.Single()).Identity.Name);
    }

    [Fact]
    public void It_comes_back_when_it_answers_as_what_its_rule_says()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus).Settle("monitoring/prometheus", "alertmanager");
        Assert.Equal("kubernetes", world.Keys);
        Assert.Single(world.Decision!.Asked);
        Assert.Equal("kubernetes prometheus", world.Answer("monitoring/prometheus", "prometheus").Settle().Settle("monitoring/prometheus", "prometheus").Keys);
    }

    [Fact]
    public void Who_does_not_tell_is_what_its_rule_says() =>
        Assert.Equal("kubernetes prometheus", new RoundWorld().WithQuestions().With(Prometheus).Settle("monitoring/prometheus", null).Keys);

    [Fact]
    public void Who_falls_silent_stays_what_it_was()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus).Settle("monitoring/prometheus", "alertmanager");
        Assert.Equal("kubernetes", world.Answer("monitoring/prometheus", null).Settle().Keys);
    }

    [Fact]
    public void What_answers_as_the_product_of_another_rule_is_taken_for_that()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Jaeger).Settle("traces/jaeger", "zipkin");
        Assert.Equal("kubernetes zipkin", world.Keys);
        Assert.Equal("http://jaeger.traces:16686", world.UrlOf("zipkin"));
        Assert.Equal("/health", world.Decision!.Targets.Single().Target.Path);
    }

    /// <summary>The pods behind it may be others now, and then the check of what it was fails.</summary>
    [Fact]
    public void What_is_checked_as_something_else_is_asked_on_when_it_fails_that_check()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Jaeger).Settle("traces/jaeger", "zipkin").WellAt("traces/jaeger", "/").Settle();
        Assert.Equal("kubernetes", world.Keys);
        Assert.Equal("jaeger kubernetes", world.Answer("traces/jaeger", "jaeger").Settle("traces/jaeger", "jaeger").Keys);
    }

    /// <summary>One pod of another kind among several, or a proxy that is set up for a moment: with the toolset its name and what an override gives it would go.</summary>
    [Fact]
    public void One_answer_takes_nothing_away_and_gives_no_name_to_somebody_else()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus, "tenant/prometheus app=prometheus web:9090 >app=prometheus")
            .Settle(("monitoring/prometheus", "prometheus"), ("tenant/prometheus", "prometheus"));
        string url = world.UrlOf("prometheus")!;
        int writes = world.Writes;
        foreach (string other in (string[])["alertmanager", "prometheus", "prometheus-agent", "prometheus"])
            world.AnswerOnce("monitoring/prometheus", other).Settle();
        Assert.Equal((url, writes), (world.UrlOf("prometheus"), world.Writes));
        Assert.Equal("http://prometheus.monitoring:9090", url);
    }

    /// <summary>The API of Mimir is below a path, wherever it runs.</summary>
    [Fact]
    public void What_answers_as_a_product_with_a_path_of_its_own_is_written_with_that_and_asked_on_where_it_was_found()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With("logs/loki app=loki http-metrics:3100 >app=loki").Settle("logs/loki", "mimir");
        Assert.Equal("http://loki.logs:3100/prometheus", world.UrlOf("prometheus"));
        Assert.Equal("http://loki.logs:3100", world.Decision!.Asked.Single().Endpoint.ToString());
        Assert.Equal("kubernetes loki", world.Answer("logs/loki", "loki").Settle("logs/loki", "loki").Keys);
        Assert.Equal("http://loki.logs:3100", world.UrlOf("loki"));
    }

    /// <summary>Its fingerprint says what it may answer: what a rule said that is no longer in force could never be taken back.</summary>
    [Fact]
    public void What_the_rule_that_finds_it_does_not_tell_apart_decides_nothing() =>
        Assert.Equal("elasticsearch kubernetes", new RoundWorld().WithQuestions().With(Elastic).Settle("logging/elasticsearch", "grafana").Keys);

    [Fact]
    public void A_thanos_under_the_label_of_prometheus_stands_in_for_a_real_one()
    {
        RoundWorld world = new RoundWorld().WithQuestions()
            .With(Prometheus, "monitoring/other app=prometheus web:9090 >app=other")
            .Settle(("monitoring/prometheus", "prometheus"), ("monitoring/other", "thanos"));
        Assert.Equal("kubernetes prometheus", world.Keys);
        Assert.Equal("http://prometheus.monitoring:9090", world.UrlOf("prometheus"));
        Assert.Equal("thanos", world.State!.Detected.Matched.Single(d => d.Service.Key.Name == "other").Rule);
    }

    [Fact]
    public void An_owner_who_says_what_it_is_has_spoken() => Assert.Equal(
        "kubernetes prometheus",
        new RoundWorld().WithQuestions()
            .With("monitoring/mimir web:9090 @toolset=true @type=prometheus")
            .Settle("monitoring/mimir", "mimir").Keys);

    [Fact]
    public void A_restart_takes_nothing_away_and_brings_nothing_back()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus, Jaeger)
            .Settle(("monitoring/prometheus", "alertmanager"), ("traces/jaeger", "zipkin"));
        Assert.Equal("kubernetes zipkin", world.Keys);
        int writes = world.Writes;
        world.Restart().Round(areFirstChecksDone: false).Check().Round().Check().Round();
        Assert.Equal(writes, world.Writes);
        Assert.Equal("kubernetes zipkin", world.Keys);
        world.Settle(("monitoring/prometheus", "alertmanager"), ("traces/jaeger", "zipkin"));
        Assert.Equal(writes, world.Writes);
    }

    /// <summary>With nobody else to wait for.</summary>
    [Fact]
    public void What_a_backend_answered_an_earlier_run_counts_until_it_answers_anew()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Jaeger).Settle("traces/jaeger", "zipkin");
        int writes = world.Writes;
        world.Restart().Round(areFirstChecksDone: false).Check().Round().Check().Round();
        Assert.Equal((writes, "kubernetes zipkin"), (world.Writes, world.Keys));
    }

    [Fact]
    public void What_is_in_place_stays_while_a_new_run_asks()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus).Settle("monitoring/prometheus", "prometheus");
        int writes = world.Writes;
        world.Restart().Round(areFirstChecksDone: false).Round().Check().Round();
        Assert.Equal((writes, "kubernetes prometheus"), (world.Writes, world.Keys));
    }

    [Fact]
    public void To_be_something_else_is_no_outage()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus, Elastic)
            .Settle(("monitoring/prometheus", "prometheus"), ("logging/elasticsearch", "elasticsearch"));
        world.Answer("monitoring/prometheus", "alertmanager").Settle();
        Assert.Equal("elasticsearch kubernetes", world.Keys);
        Assert.False(world.State!.Health.IsPanic);
        // The one that is left is no longer held in place by the other.
        Assert.Equal("kubernetes", world.Down("logging/elasticsearch").Settle().Keys);
    }

    [Fact]
    public void One_that_comes_back_is_asked_anew_before_anybody_is_led_to_it()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus).Settle("monitoring/prometheus", "prometheus");
        world.Down("monitoring/prometheus").Settle();
        Assert.Equal("kubernetes", world.Keys);
        world.Down().Check().Round().Round();
        Assert.Equal("kubernetes", world.Keys);
        Assert.Equal("kubernetes prometheus", world.Answer("monitoring/prometheus", null).Settle().Keys);
    }

    [Fact]
    public void A_twin_by_what_it_is_stays_one()
    {
        RoundWorld world = new RoundWorld().WithQuestions()
            .With("m/a-prometheus app=prometheus web:9090 >app=thanos-query", "m/thanos-query app=thanos-query http:9090 >app=thanos-query")
            .Settle(("m/a-prometheus", "thanos"), ("m/thanos-query", "thanos"));
        string keys = world.Keys;
        int writes = world.Writes;
        for (int i = 0; i < 5; i++)
            world.Settle(("m/a-prometheus", "thanos"), ("m/thanos-query", "thanos"));
        Assert.Equal((writes, keys), (world.Writes, world.Keys));
        Assert.Single(world.State!.Detected.All.OfType<Detection.Twin>());
    }
}
