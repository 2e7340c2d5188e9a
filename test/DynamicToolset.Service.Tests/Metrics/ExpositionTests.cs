using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Samples;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Metrics;

/// <summary>
/// All that a scrape says, in both formats, as it stands in the files <c>exposition.*</c>. With UPDATE_GOLDEN=1 they are written anew; review the
/// difference: dashboards and alerts are written against it.
/// </summary>
public sealed partial class ExpositionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StateStore _states = new();
    private readonly ServiceMetrics _metrics;
    private readonly MetricScraper _scraper;

    public ExpositionTests()
    {
        _metrics = new ServiceMetrics(_states, _time, "1.2.3");
        _scraper = new MetricScraper(_metrics);
        Work();
    }

    [Fact]
    public void The_text_format_is_what_is_recorded() => Compare("exposition.txt", _scraper.Scrape());

    [Fact]
    public void OpenMetrics_is_what_is_recorded() => Compare("exposition.openmetrics", _scraper.Scrape(TextFormat.OpenMetrics));

    [Fact]
    public void Both_formats_tell_the_same_samples()
    {
        Assert.Equal(Samples(_scraper.Scrape()), Samples(Whole().Replace(_scraper.Scrape(TextFormat.OpenMetrics), "le=\"$1\"")));

        static IEnumerable<string> Samples(string text) => Settled(text).Split('\n').Where(l => l.Length > 0 && l[0] != '#');
    }

    [Fact]
    public async Task Prometheus_reads_the_text_and_has_nothing_to_say_against_its_names()
    {
        (int code, string output) = await new InstalledProgram("promtool").RunAsync(_scraper.Scrape(), "check", "metrics");
        Assert.Equal((0, ""), (code, output));
    }

    /// <summary>What it reads into a database needs a time at each sample.</summary>
    [Fact]
    public async Task Prometheus_reads_OpenMetrics_and_refuses_it_when_its_end_is_cut_off()
    {
        var promtool = new InstalledProgram("promtool");
        string text = Sample().Replace(_scraper.Scrape(TextFormat.OpenMetrics), "$0 1700000000");
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        (int code, string output) = await ImportAsync(text);
        Assert.True(code == 0, output);
        (code, output) = await ImportAsync(text[..^"# EOF\n".Length]);
        Assert.True(code != 0 && output.Contains("EOF", StringComparison.Ordinal), output);

        async Task<(int, string)> ImportAsync(string whole)
        {
            using var folder = new TestFolder();
            return await promtool.RunAsync("", "tsdb", "create-blocks-from", "openmetrics", folder.Write("text", whole), Path.Combine(folder.Path, "data"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_that_a_tenant_writes_is_a_label_but_the_name_of_a_toolset(bool isOpenMetrics)
    {
        (string, string)[] services = [("lodger/lodger-1", "lodger-a"), ("lodger/lodger-2", "lodger-b"), ("lodger/lodger-3", "Lodger")];
        _states.Publish(States.WithGrafanas(name => name != "lodger-b", services));
        string[] lines = _scraper.Scrape(isOpenMetrics ? TextFormat.OpenMetrics : TextFormat.Plain).Split('\n');
        Assert.Equal(
            ["{type=\"grafana\",name=\"lodger-a\"} 1", "{type=\"grafana\",name=\"lodger-b\"} 0"],
            lines.Where(l => l.Contains("lodger", StringComparison.OrdinalIgnoreCase)).Select(l => l["dynamictoolset_toolset_healthy".Length..]));
        Assert.Contains("dynamictoolset_malformed_annotations 1", lines);
    }

    [Fact]
    public void Labels_whose_values_are_not_listed_are_these() => Assert.Equal(
        [
            "dynamictoolset_toolset_healthy name",
            "dynamictoolset_kube_requests_total verb",
            "dynamictoolset_kube_requests_total resource",
            "dynamictoolset_kube_requests_total code",
            "dynamictoolset_http_requests_total code",
            "dynamictoolset_build_info version",
        ],
        MetricDefinitions.All.SelectMany(d => d.Labels.Where(l => l.Values.IsEmpty).Select(l => $"{d.Name} {l.Name}")));

    /// <summary>OpenMetrics takes the name of a family with any of these behind it for the family's own.</summary>
    [Fact]
    public void No_name_is_another_one_with_an_end_that_means_something()
    {
        string[] families = [.. MetricDefinitions.All.Select(TextFormat.OpenMetrics.FamilyOf)];
        Assert.Equal(families.Distinct(), families);
        string[] ends = ["_total", "_created", "_bucket", "_count", "_sum", "_info"];
        Assert.Empty(families.SelectMany(f => ends.Select(end => f + end)).Intersect(families));
    }

    public void Dispose()
    {
        _scraper.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Something of everything.</summary>
    private void Work()
    {
        var call = new KubeCall("patch", "configmaps") { Method = HttpMethod.Patch, PathAndQuery = "c" };
        _states.Publish(States.WithGrafanas(name => name != "b", ("n/1", "grafana"), ("n/2", "b")));
        _metrics.Watch("services", () => DateTimeOffset.UnixEpoch.AddYears(30));
        _metrics.Elect(() => true, () => TimeSpan.FromSeconds(1.5));
        _metrics.LeadershipChanged();
        _metrics.KubeRequest("list", "services", 200);
        _metrics.KubeRequest("patch", "configmaps", 0);
        KubeApiException fault = KubeApiException.FromFault(call, "the API server", new TimeoutException());
        _metrics.Informed("services", new InformerReport.ListFailed(fault, TimeSpan.Zero));
        _metrics.Informed("services", new InformerReport.WatchEnded(TimeSpan.Zero));
        _metrics.Checked(Check("grafana", new ProbeOutcome.Success(200), 0.03));
        _metrics.Checked(Check("of-a-rule", new ProbeOutcome.BadStatus(503), 2));
        _metrics.Detected(TimeSpan.FromMilliseconds(2));
        _metrics.Generated(TimeSpan.FromMilliseconds(0.5));
        _metrics.Asked("patch");
        _metrics.Asked("patch", KubeApiException.FromStatus(call, new KubeStatus(409, "Conflict", "", null, false)));
        _metrics.GaveUp("read");
        Drift drift = new(DriftKind.Modified, "x", null);
        _metrics.Written(new ConfigMapWrite(_time.GetUtcNow(), [], [], [drift], false, IsRecreation: false, TimeSpan.Zero));
        _metrics.Fought(1);
        _metrics.Propagated(TimeSpan.FromMilliseconds(300));
        _metrics.RoundEnded(TimeSpan.FromSeconds(60));
        _metrics.Http.Answered("/api/v1/toolsets/{name}", "GET", 200, TimeSpan.FromMilliseconds(3));
        _metrics.Http.Answered("/.git/config", "BREW", 404, TimeSpan.FromMilliseconds(1));
    }

    private CompletedCheck Check(string type, ProbeOutcome outcome, double seconds)
    {
        HealthCheckTarget target = States.WithGrafanas(_ => true, ("n/1", "a")).Detected.Matched[0].Health;
        var probed = new ProbeTarget(target, type, new ObjectKey("n", "1"), "1", null);
        return new CompletedCheck(probed, outcome, _time.GetUtcNow(), TimeSpan.FromSeconds(seconds), Attempts: 1, IsNews: false);
    }

    private static void Compare(string file, string text)
    {
        string path = Path.Combine(RepositoryRoot.Path, "test/DynamicToolset.Service.Tests/Metrics", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, Settled(text));
        Assert.True(Settled(text) == File.ReadAllText(path), $"{file} differs: make golden writes it anew");
    }

    /// <summary>Without the numbers that the runtime makes up.</summary>
    private static string Settled(string text) => OfTheRuntime().Replace(text, "$1 <n>");

    [GeneratedRegex("^((?:process_(?:resident|cpu)|dotnet_)[^ ]*) [^ ]+$", RegexOptions.Multiline)]
    private static partial Regex OfTheRuntime();

    [GeneratedRegex("^[a-z].*$", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"le=""(\d+)\.0""")]
    private static partial Regex Whole();
}
