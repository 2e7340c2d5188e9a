using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Monitoring;

/// <summary>What alerts, dashboard and pages ask Prometheus for is there.</summary>
public sealed partial class QueryTests
{
    [Fact]
    public void Every_query_asks_for_metrics_labels_and_values_that_there_are()
    {
        string[] problems = [.. MonitoringFiles.Queries.SelectMany(q => PromQuery.ProblemsIn(q.Query).Select(p => $"{q.Place}: {p}: {q.Query}"))];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    [Theory]
    [InlineData("sum by (type) (rate(dynamictoolset_health_checks_total{result=\"ok\", namespace=\"$namespace\"}[$__rate_interval]))")]
    [InlineData("histogram_quantile(0.9, sum by (le, phase) (rate(dynamictoolset_discovery_duration_seconds_bucket[5m]))) > 1e3")]
    [InlineData("rate(dynamictoolset_http_requests_total{route=~\"/ready|/api/v1/toolsets/{name}\", code=~\"[45]..\"}[5m] offset 1h) unless on (pod) up == 0")]
    [InlineData("label_values(dynamictoolset_build_info, version)")]
    [InlineData("dynamictoolset_no_such_thing", "there is no dynamictoolset_no_such_thing")]
    [InlineData("sum(rate(dynamictoolset_reconcile_duration_seconds[5m]))", "there is no dynamictoolset_reconcile_duration_seconds")]
    [InlineData("sum(dynamictoolset_leader_count)", "there is no dynamictoolset_leader_count")]
    [InlineData("dynamictoolset_leader{pod=\"a\", type=\"b\"}", "dynamictoolset_leader has no label type")]
    [InlineData("dynamictoolset_propagation_seconds_sum{le=\"1\"}", "dynamictoolset_propagation_seconds_sum has no label le")]
    [InlineData("dynamictoolset_discovery_cycles_total{result=\"failure\"}", "result of dynamictoolset_discovery_cycles_total is never failure")]
    [InlineData("dynamictoolset_http_requests_total{route!~\"/ready|/redy\"}", "route of dynamictoolset_http_requests_total is never /redy")]
    [InlineData("sum by (kind) (dynamictoolset_leader)", "nothing has the label kind")]
    [InlineData("vector(1)", "it asks for nothing")]
    [InlineData("label_values(dynamictoolset_build_info, versions)", "nothing has the label versions")]
    public void A_query_for_what_there_is_not_is_found(string query, params string[] problems) => Assert.Equal(problems, PromQuery.ProblemsIn(query));

    /// <summary>As rules of a file, since that is what promtool reads.</summary>
    [Fact]
    public async Task Every_query_is_one()
    {
        var promtool = new InstalledProgram("promtool");
        var rules = new JsonArray();
        foreach ((_, string query) in MonitoringFiles.Queries)
            rules.Add((JsonNode)new JsonObject { ["record"] = $"query_{rules.Count}", ["expr"] = WithoutVariables(query) });
        var groups = new JsonArray(new JsonObject { ["name"] = "all", ["rules"] = rules });
        using var folder = new TestFolder();
        string file = folder.Write("rules.yaml", new JsonObject { ["groups"] = groups }.ToJsonString());
        (int code, string output) = await promtool.RunAsync("", "check", "rules", file);
        Assert.True(code == 0, output);

        static string WithoutVariables(string query) => PromQuery.AsQuery(query).Replace("$__rate_interval", "5m", StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_legend_names_is_grouped_by() => Assert.All(MonitoringFiles.Targets, target =>
        Assert.Subset(
            PromQuery.GroupingsIn(MonitoringFiles.Text(target, "expr")).ToHashSet(),
            Named().Matches(MonitoringFiles.Text(target, "legendFormat")).Select(m => m.Groups[1].Value).ToHashSet()));

    /// <summary>All but what the service has no say in.</summary>
    [Fact]
    public void Every_metric_is_on_the_dashboard()
    {
        IEnumerable<JsonNode> asking = [.. MonitoringFiles.Targets, MonitoringFiles.Dashboard["annotations"]!["list"]![0]!];
        string queries = string.Join('\n', asking.Select(t => MonitoringFiles.Text(t, "expr")));
        Assert.All(MetricDefinitions.All, metric => Assert.Matches($@"\b{metric.Name}(?:_bucket)?\b", queries));
    }

    [Fact]
    public void Panels_do_not_lie_on_each_other_and_each_has_a_number_of_its_own()
    {
        JsonNode[] panels = [.. MonitoringFiles.Dashboard["panels"]!.AsArray().Select(p => p!)];
        Assert.Equal(panels.Length, panels.Select(p => p["id"]!.GetValue<int>()).Distinct().Count());
        (int X, int Y)[] cells = [.. panels.SelectMany(CellsOf)];
        Assert.Equal(cells.Length, cells.Distinct().Count());
        Assert.All(cells, c => Assert.InRange(c.X, 0, 23));

        static IEnumerable<(int, int)> CellsOf(JsonNode panel)
        {
            int At(string key) => panel["gridPos"]![key]!.GetValue<int>();
            return Enumerable.Range(At("x"), At("w")).SelectMany(x => Enumerable.Range(At("y"), At("h")).Select(y => (x, y)));
        }
    }

    [Fact]
    public void Metrics_that_the_documentation_names_are_metrics()
    {
        string[] histograms = [.. MetricDefinitions.All.Where(d => d.Kind == MetricKind.Histogram).Select(d => d.Name)];
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md", SearchOption.AllDirectories);
        foreach (string page in pages.Append(Path.Combine(RepositoryRoot.Path, "README.md")))
        {
            IEnumerable<string> named = Metric().Matches(File.ReadAllText(page)).Select(m => m.Value).Except(histograms);
            Assert.Empty(named.SelectMany(name => PromQuery.ProblemsIn(name)).Select(problem => $"{page}: {problem}"));
        }
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Named();

    [GeneratedRegex(@"\bdynamictoolset_[a-z_]+")]
    private static partial Regex Metric();
}
