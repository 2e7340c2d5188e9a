using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Tests.Properties;

namespace DynamicToolset.Tests.HealthCheck;

public sealed class HealthTableTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly EndpointKey Prometheus = Endpoint("prometheus");
    private static readonly EndpointKey Grafana = Endpoint("grafana");

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
        HealthState known = new(HealthStatus.Unhealthy, 3, Now, new ProbeOutcome.Unanswered(ProbeFailure.Refused), Now);
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, false)], Now).With(Prometheus, known);

        table = table.Retarget([(Prometheus, true), (Grafana, false)], Now.AddMinutes(1));

        Assert.Equal(known, table.Find(Prometheus));
    }

    // What is known, what was told before, what is told now.
    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("", "", "https", "https")]
    [InlineData("", "https", "https", "")]
    [InlineData("https", "", "http", "https")]
    [InlineData("https", "https", "http", "https")]
    [InlineData("http/jaeger", "", "http", "")]
    [InlineData("http/jaeger", "", "https", "https")]
    [InlineData("https", "", "https/jaeger", "https/jaeger")]
    [InlineData("", "", "https/evil", "")]
    [InlineData("https/jaeger", "", "", "https/jaeger")]
    public void A_form_that_others_put_in_place_counts_once_and_is_no_way_back_to_plain_http(string known, string before, string told, string form)
    {
        var target = new HealthCheckTarget(EndpointUrl.TryCreate("http", Prometheus.Service, Prometheus.Port, "")!, "/", AcceptedStatuses.Default);
        ProbeTarget wanted = new(target, "prometheus", Prometheus.Service, "1", InPlace: true)
        {
            Ways = new CheckWays(target) { MayBeHttps = true, Prefixes = ["/jaeger"] },
            Told = Form(told),
        };
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, true)], Now);
        table = table.With(Prometheus, table.Find(Prometheus)! with { Form = Form(known), Told = Form(before) }).Reform([wanted]);

        Assert.Equal(Form(form), table.Find(Prometheus)!.Form);
        Assert.Equal(Form(form), table.Forms.TryGetValue(Prometheus, out EndpointForm kept) ? kept : null);
        Assert.Same(table.Verdicts, table.Reform([wanted]).Verdicts);
        Assert.Empty(table.Retarget([], Now).Forms);
        // A Service that says what it speaks leaves nothing open.
        Assert.Empty(table.Reform([wanted with { Ways = new CheckWays(target) }]).Forms);
    }

    private static EndpointForm? Form(string text) => text.Length == 0 ? null : new EndpointForm(text.Split('/')[0], text[text.Split('/')[0].Length..]);

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
    public void So_can_one_that_has_passed_too_few_checks_and_it_keeps_what_they_said()
    {
        HealthState once = HealthState.New(Now) with { Streak = 1, Last = new ProbeOutcome.Success(200), LastChecked = Now };
        HealthTable assumed = HealthTable.Empty.Retarget([(Prometheus, false)], Now).With(Prometheus, once).Retarget([(Prometheus, true)], Now);
        Assert.Equal(once with { Status = HealthStatus.Healthy }, assumed.Find(Prometheus));
    }

    [Fact]
    public void A_target_named_twice_is_one()
    {
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, true), (Endpoint("prometheus"), false)], Now);

        Assert.Equal(1, table.Count);
        Assert.True(table.IsHealthy(Prometheus));
    }

    [Fact]
    public void Another_port_of_the_same_Service_is_another_endpoint()
    {
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, true), (Prometheus with { Port = 81 }, false)], Now);

        Assert.Equal((true, false), (table.IsHealthy(Prometheus), table.IsHealthy(Prometheus with { Port = 81 })));
    }

    [Fact]
    public void The_verdicts_are_the_same_object_until_one_of_them_changes()
    {
        HealthState passed = HealthPolicy.Next(HealthState.New(Now), new ProbeOutcome.Success(200), new HealthThresholds(), Now);
        HealthTable table = HealthTable.Empty.Retarget([(Prometheus, false), (Grafana, true)], Now).With(Prometheus, passed);
        HealthState passedAgain = HealthPolicy.Next(passed, new ProbeOutcome.Success(204), new HealthThresholds(), Now.AddMinutes(1));
        HealthState failed = HealthPolicy.Next(passedAgain, new ProbeOutcome.Unanswered(ProbeFailure.Refused), new HealthThresholds(Unhealthy: 1), Now.AddMinutes(2));

        HealthTable later = table.With(Prometheus, passedAgain).Retarget([(Grafana, false), (Prometheus, false)], Now.AddMinutes(1));

        Assert.Equal(passedAgain, later.Find(Prometheus));
        Assert.Same(table.Verdicts, later.Verdicts);
        Assert.Equal(new HealthVerdict(HealthStatus.Unhealthy, WasChecked: true), later.With(Prometheus, failed).Verdicts[Prometheus]);
        Assert.NotSame(later.Verdicts, later.Retarget([(Grafana, false)], Now).Verdicts);
    }

    [Fact]
    public void A_first_check_is_news_though_it_changes_no_status()
    {
        HealthTable assumed = HealthTable.Empty.Retarget([(Grafana, true)], Now);
        HealthState passed = HealthPolicy.Next(assumed.Find(Grafana)!, new ProbeOutcome.Success(200), new HealthThresholds(), Now);

        Assert.NotSame(assumed.Verdicts, assumed.With(Grafana, passed).Verdicts);
    }

    [Fact]
    public void To_want_credentials_is_news_though_it_changes_no_status()
    {
        HealthState passed = HealthPolicy.Next(HealthState.New(Now), new ProbeOutcome.Success(200), new HealthThresholds(), Now);
        HealthState wanting = HealthPolicy.Next(passed, new ProbeOutcome.WantsCredentials(401), new HealthThresholds(), Now);
        HealthTable table = HealthTable.Empty.Retarget([(Grafana, false)], Now).With(Grafana, passed);

        Assert.NotSame(table.Verdicts, table.With(Grafana, wanting).Verdicts);
    }

    [Fact]
    public void Awaited_are_the_endpoints_of_which_nothing_is_known_yet() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3]).List[0, 30].Holds(200, output, steps =>
        {
            HealthTable table = HealthTable.Empty;
            foreach ((int port, int step) in steps)
            {
                table = step switch
                {
                    0 => table.Retarget(table.States.Select(s => (s.Key, false)).Append((new EndpointKey(Prometheus.Service, port), false)), Now),
                    1 => table.Retarget(table.States.Where(s => s.Key.Port != port).Select(s => (s.Key, false)), Now),
                    2 => table.Retarget(table.States.Select(s => (s.Key, s.Key.Port == port)), Now),
                    _ when table.Find(new EndpointKey(Prometheus.Service, port)) is { } state =>
                        table.With(new EndpointKey(Prometheus.Service, port), HealthPolicy.Next(state, new ProbeOutcome.Unanswered(ProbeFailure.Refused), new HealthThresholds(), Now)),
                    _ => table,
                };
            }

            return table.Awaited == table.States.Count(s => s.Value.Status == HealthStatus.Unknown)
                && table.Verdicts.OrderBy(v => v.Key.Port).SequenceEqual(
                    table.States.OrderBy(s => s.Key.Port).Select(s => KeyValuePair.Create(s.Key, s.Value.Verdict)));
        });

    private static EndpointKey Endpoint(string name) => new(new ObjectKey("monitoring", name), 80);
}
