using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Samples;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Metrics;

public sealed class MetricScraperTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StateStore _states = new();
    private readonly ServiceMetrics _metrics;
    private readonly MetricScraper _scraper;

    public MetricScraperTests()
    {
        _metrics = new ServiceMetrics(_states, _time, "1.2.3");
        _scraper = new MetricScraper(_metrics);
    }

    /// <summary>Dashboards and alerts are written against these names: a change here breaks them.</summary>
    [Fact]
    public void Names_and_types_are_these() => Assert.Equal(
        """
        dynamictoolset_services_discovered gauge
        dynamictoolset_toolsets gauge
        dynamictoolset_toolset_healthy gauge
        dynamictoolset_toolsets_healthy gauge
        dynamictoolset_discovery_cycles_total counter
        dynamictoolset_discovery_duration_seconds histogram
        dynamictoolset_health_checks_total counter
        dynamictoolset_health_check_duration_seconds histogram
        dynamictoolset_unhealthy_services gauge
        dynamictoolset_backend_verdicts gauge
        dynamictoolset_health_panic gauge
        dynamictoolset_malformed_annotations gauge
        dynamictoolset_services_refused gauge
        dynamictoolset_configmap_reconcile_total counter
        dynamictoolset_configmap_drift_detected_total counter
        dynamictoolset_configmap_fights_total counter
        dynamictoolset_configmap_refused gauge
        dynamictoolset_configmap_bytes gauge
        dynamictoolset_toolsets_left_out gauge
        dynamictoolset_reconcile_duration_seconds histogram
        dynamictoolset_overrides_valid gauge
        dynamictoolset_rules_valid gauge
        dynamictoolset_holmes_file_valid gauge
        dynamictoolset_holmes_file_left_out gauge
        dynamictoolset_holmes_reloads_total counter
        dynamictoolset_propagation_seconds histogram
        dynamictoolset_watch_last_event_seconds gauge
        dynamictoolset_watch_restarts_total counter
        dynamictoolset_kube_requests_total counter
        dynamictoolset_http_requests_total counter
        dynamictoolset_http_request_duration_seconds histogram
        dynamictoolset_leader gauge
        dynamictoolset_leader_transitions_total counter
        dynamictoolset_lease_renew_age_seconds gauge
        dynamictoolset_build_info gauge
        process_resident_memory_bytes gauge
        process_cpu_seconds_total counter
        process_start_time_seconds gauge
        dotnet_gc_collections_total counter
        dotnet_gc_heap_bytes gauge
        dotnet_thread_pool_threads gauge
        """,
        string.Join('\n', Lines().Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l["# TYPE ".Length..])));

    [Fact]
    public void What_was_recorded_is_shown()
    {
        _metrics.KubeRequest("list", "services", 200);
        _metrics.KubeRequest("list", "services", 200);
        _metrics.KubeRequest("patch", "configmaps", 0);
        _metrics.Informed("services", new InformerReport.WatchEnded(TimeSpan.Zero));
        _metrics.Asked("create");
        _metrics.Written(new ConfigMapWrite(_time.GetUtcNow(), [], [], [new Drift(DriftKind.Extra, "x", null)], false, IsRecreation: true, TimeSpan.Zero));
        _metrics.Fought(2);
        _metrics.Propagated(TimeSpan.FromMilliseconds(300));
        _metrics.RoundEnded(TimeSpan.FromSeconds(60));
        Assert.Superset(
            ImmutableHashSet.Create(
                "dynamictoolset_kube_requests_total{verb=\"list\",resource=\"services\",code=\"200\"} 2",
                "dynamictoolset_kube_requests_total{verb=\"patch\",resource=\"configmaps\",code=\"0\"} 1",
                "dynamictoolset_watch_restarts_total{resource=\"services\",reason=\"ended\"} 1",
                "dynamictoolset_watch_restarts_total{resource=\"services\",reason=\"broken\"} 0",
                "dynamictoolset_configmap_reconcile_total{operation=\"create\",result=\"success\"} 1",
                "dynamictoolset_configmap_drift_detected_total{kind=\"extra\"} 1",
                "dynamictoolset_configmap_drift_detected_total{kind=\"deleted\"} 1",
                "dynamictoolset_configmap_fights_total 2",
                "dynamictoolset_propagation_seconds_bucket{le=\"0.25\"} 0",
                "dynamictoolset_propagation_seconds_bucket{le=\"0.5\"} 1",
                "dynamictoolset_propagation_seconds_count 1",
                "dynamictoolset_reconcile_duration_seconds_bucket{le=\"30\"} 0",
                "dynamictoolset_reconcile_duration_seconds_bucket{le=\"+Inf\"} 1",
                "dynamictoolset_build_info{version=\"1.2.3\"} 1",
                "process_start_time_seconds 946684800").ToHashSet(),
            Lines().ToHashSet());
    }

    [Fact]
    public void A_watch_of_Services_that_cannot_be_opened_counts_like_a_list_that_fails()
    {
        var call = new KubeCall("watch", "services") { Method = HttpMethod.Get, PathAndQuery = "s" };
        KubeApiException fault = KubeApiException.FromFault(call, "the API server", new HttpRequestException());
        _metrics.Informed("services", new InformerReport.WatchRefused(fault, TimeSpan.Zero));
        _metrics.Informed("services", new InformerReport.ListFailed(fault, TimeSpan.Zero));
        _metrics.Informed("configmaps", new InformerReport.WatchRefused(fault, TimeSpan.Zero));
        Assert.Contains("dynamictoolset_discovery_cycles_total{result=\"error\",error_type=\"unreachable\"} 2", Lines());
    }

    [Fact]
    public void The_file_for_HolmesGPT_is_fit_or_kept_as_it_was_or_not_wanted()
    {
        var profile = new HolmesProfile(HolmesTarget.Compat, []);
        var key = new HolmesOmission("prometheus", "config.x", "has no counterpart");
        var fit = new HolmesFile(profile, "", [key, key with { Path = "config.y" }, key with { Path = "" }], []);
        HolmesFile unfit = fit with { Problems = ["not fit"] };
        Assert.Equal(
            ["dynamictoolset_holmes_file_valid 1", "dynamictoolset_holmes_file_left_out{part=\"entry\"} 1", "dynamictoolset_holmes_file_left_out{part=\"key\"} 2"],
            Shown(fit));
        Assert.Equal("dynamictoolset_holmes_file_valid 0", Shown(unfit)[0]);
        Assert.Empty(Shown(null));

        string[] Shown(HolmesFile? file)
        {
            _states.Publish(With(file));
            return [.. Lines().Where(l => l.StartsWith("dynamictoolset_holmes_file_", StringComparison.Ordinal))];
        }
    }

    [Fact]
    public void Every_toolset_shows_its_own_health_under_its_own_name()
    {
        _states.Publish(States.WithGrafanas(name => name != "c", ("n/1", "a"), ("n/2", "b"), ("n/3", "c")));
        Assert.Equal(["{type=\"grafana\",name=\"a\"} 1", "{type=\"grafana\",name=\"b\"} 1", "{type=\"grafana\",name=\"c\"} 0"], ToolsetHealthy());
        Assert.Contains("dynamictoolset_toolsets_healthy{type=\"grafana\"} 2", Lines());
        _states.Publish(States.Empty);
        Assert.Empty(ToolsetHealthy());
        Assert.Contains("dynamictoolset_toolsets_healthy{type=\"grafana\"} 0", Lines());
    }

    [Fact]
    public void However_many_names_a_tenant_thinks_of_there_are_a_hundred_and_a_type_s_own_is_among_them()
    {
        _states.Publish(States.WithGrafanas(_ => true, [("n/last", "grafana"), .. Enumerable.Range(0, 200).Select(i => ($"n/{i}", $"a{i}"))]));
        string[] shown = ToolsetHealthy();
        Assert.Equal(100, shown.Length);
        Assert.Contains("{type=\"grafana\",name=\"grafana\"} 1", shown);
        Assert.Contains("dynamictoolset_toolsets_healthy{type=\"grafana\"} 201", Lines());
    }

    [Fact]
    public void A_watch_that_falls_silent_grows_old()
    {
        DateTimeOffset? last = null;
        _metrics.Watch("services", () => last);
        Assert.DoesNotContain(Lines(), l => l.StartsWith("dynamictoolset_watch_last_event_seconds", StringComparison.Ordinal));
        last = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Contains("dynamictoolset_watch_last_event_seconds{resource=\"services\"} 90", Lines());
    }

    [Fact]
    public void Totals_that_the_runtime_counts_are_not_added_up_again()
    {
        _scraper.Scrape();
        int before = Collections();
        for (int i = 0; i < 10; i++)
            _scraper.Scrape();
        Assert.InRange(Collections(), before, before + 9);

        int Collections() => int.Parse(Lines().Single(l => l.StartsWith("dotnet_gc_collections_total{generation=\"2\"}", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Gauges are taken away and read anew for each: two at once would take each other's away.</summary>
    [Fact]
    public async Task Every_scraper_gets_every_series_however_many_ask_at_once()
    {
        _states.Publish(States.Empty);
        string[] expected = Names(_scraper.Scrape());
        string[][][] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 50).Select(_ => Names(_scraper.Scrape())).ToArray())));
        Assert.All(answers.SelectMany(a => a), answer => Assert.Equal(expected, answer));

        static string[] Names(string text) => [.. text.Split('\n').Where(l => !l.StartsWith('#')).Select(l => l.Split(' ')[0])];
    }

    [Fact]
    public void What_went_wrong_is_told_in_one_word_and_nothing_where_nothing_did()
    {
        var call = new KubeCall("patch", "configmaps") { Method = HttpMethod.Patch, PathAndQuery = "c" };
        _metrics.Asked("patch", KubeApiException.FromStatus(call, new KubeStatus(403, "Forbidden", "", null, false)));
        _metrics.Asked("patch", KubeApiException.FromStatus(call, new KubeStatus(409, "Conflict", "", null, false)));
        _metrics.Asked("patch", KubeApiException.FromFault(call, "the API server", new TimeoutException()));
        string[] told = [.. Lines().Where(l => l.StartsWith("dynamictoolset_configmap_reconcile_total{operation=\"patch\"", StringComparison.Ordinal))];
        Assert.Superset(
            ImmutableHashSet.Create(
                "dynamictoolset_configmap_reconcile_total{operation=\"patch\",result=\"success\"} 0",
                "dynamictoolset_configmap_reconcile_total{operation=\"patch\",result=\"conflict\",error_type=\"conflict\"} 1",
                "dynamictoolset_configmap_reconcile_total{operation=\"patch\",result=\"error\",error_type=\"forbidden\"} 1",
                "dynamictoolset_configmap_reconcile_total{operation=\"patch\",result=\"error\",error_type=\"timeout\"} 1",
                "dynamictoolset_configmap_reconcile_total{operation=\"patch\",result=\"error\",error_type=\"server\"} 0").ToHashSet(),
            told.ToHashSet());
        Assert.Equal(2 + KubeApiException.ErrorTypes.Length - 1, told.Length);
    }

    [Fact]
    public void Two_services_in_one_process_do_not_mix()
    {
        using var other = new ServiceMetrics(new StateStore(), _time, "a-second-one");
        other.Fought(1);
        Assert.Contains("dynamictoolset_configmap_fights_total 0", Lines());
        Assert.DoesNotContain(Lines(), l => l.Contains("a-second-one", StringComparison.Ordinal) && !l.StartsWith('#'));
    }

    public void Dispose()
    {
        _scraper.Dispose();
        _metrics.Dispose();
    }

    private static ControllerState With(HolmesFile? file) => States.Empty with { Result = States.Empty.Result with { Holmes = file } };

    private string[] ToolsetHealthy() =>
        [.. Lines().Where(l => l.StartsWith("dynamictoolset_toolset_healthy{", StringComparison.Ordinal)).Select(l => l["dynamictoolset_toolset_healthy".Length..])];

    private string[] Lines() => _scraper.Scrape().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
