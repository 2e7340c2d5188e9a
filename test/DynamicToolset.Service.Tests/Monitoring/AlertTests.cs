using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Monitoring;

/// <summary>Whoever is woken by an alert finds that it is true, and a page that says what to do.</summary>
public sealed partial class AlertTests
{
    private static readonly string[] Headings = ["## What it means", "## How bad is it", "## See it", "## Likely causes", "## What to do"];

    public static TheoryData<string> Alerts => [.. MonitoringFiles.Alerts.Select(a => MonitoringFiles.Text(a, "alert"))];

    /// <summary>As promtool sees it: which alerts fire in which series, and with which words.</summary>
    [Fact]
    public async Task Alerts_fire_when_they_should_and_only_then()
    {
        var promtool = new InstalledProgram("promtool");
        using var folder = new TestFolder();
        folder.Write("rules.yaml", MonitoringFiles.Rules.ToJsonString());
        string[] cases = [.. MonitoringFiles.Cases.Select(c => folder.Write(c.File, c.Text))];
        (int code, string output) = await promtool.RunAsync("", ["test", "rules", .. cases]);
        Assert.True(code == 0, output);
    }

    [Theory, MemberData(nameof(Alerts))]
    public void Each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(string alert)
    {
        int[] expected =
        [
            .. MonitoringFiles.Cases.SelectMany(c => c.Content["tests"]!.AsArray()).SelectMany(t => t!["alert_rule_test"]!.AsArray())
                .Where(t => MonitoringFiles.Text(t!, "alertname") == alert).Select(t => t!["exp_alerts"]!.AsArray().Count),
        ];
        Assert.Contains(0, expected);
        Assert.Contains(expected, count => count > 0);
    }

    [Theory, MemberData(nameof(Alerts))]
    public void Each_alert_says_how_bad_it_is_and_leads_to_a_page(string alert)
    {
        JsonObject rule = MonitoringFiles.Alerts.Single(a => MonitoringFiles.Text(a, "alert") == alert);
        string severity = MonitoringFiles.Text(rule["labels"]!, "severity");
        Assert.Contains(severity, (string[])["critical", "warning", "info"]);
        Assert.Equal(["summary", "description", "runbook"], rule["annotations"]!.AsObject().Select(a => a.Key));
        Assert.Equal($"docs/runbooks/{alert}.md", MonitoringFiles.Text(rule["annotations"]!, "runbook"));
        string[] page = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, $"docs/runbooks/{alert}.md"));
        Assert.Equal(($"# {alert}", $"Severity: {severity}."), (page[0], page[2]));
        Assert.Equal(Headings, page.Where(l => l.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Contains(page, l => l.StartsWith("kubectl ", StringComparison.Ordinal));
        Assert.Contains("```promql", page);
    }

    [Fact]
    public void Every_page_is_of_an_alert_and_the_list_has_all_of_them()
    {
        string[] alerts = [.. Alerts.Select(row => row.Data)];
        Assert.Equal(alerts.Order(StringComparer.Ordinal), MonitoringFiles.Pages.Select(Path.GetFileNameWithoutExtension));
        string list = File.ReadAllText(Path.Combine(MonitoringFiles.Runbooks, "README.md"));
        Assert.All(alerts, alert => Assert.Contains($"| [{alert}]({alert}.md) |", list, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/runbooks")]
    [InlineData("deploy/monitoring")]
    public void Links_lead_to_something(string folder)
    {
        foreach (string page in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.md"))
        {
            IEnumerable<string> links = Link().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value);
            string[] missing = [.. links.Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)))];
            Assert.True(missing.Length == 0, $"{page}: {string.Join(", ", missing)}");
        }
    }

    /// <summary>A log line that a page looks for and that nobody writes is looked for in vain.</summary>
    [Fact]
    public void What_pages_look_for_in_the_log_is_written_by_the_program()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories);
        string sources = string.Concat(files.Select(File.ReadAllText));
        IEnumerable<Match> searches = MonitoringFiles.Pages.SelectMany(page => Grep().Matches(File.ReadAllText(page)));
        string[] wanted = [.. searches.SelectMany(m => m.Groups[1].Value.Split('|'))];
        Assert.NotEmpty(wanted);
        Assert.All(wanted, text => Assert.Contains(text, sources, StringComparison.Ordinal));
    }

    [Fact]
    public void The_job_that_is_asked_for_is_the_label_of_the_Service_that_is_scraped()
    {
        JsonNode spec = MonitoringFiles.Read("servicemonitor.yaml")["spec"]!;
        string job = MonitoringFiles.Text(spec["selector"]!["matchLabels"]!, MonitoringFiles.Text(spec, "jobLabel"));
        JsonNode endpoint = spec["endpoints"]![0]!;
        string[] asked = [.. MonitoringFiles.Queries.SelectMany(q => Job().Matches(q.Query)).Select(m => m.Groups[1].Value).Distinct()];
        Assert.Equal([job], asked);
        Assert.Equal(("metrics", "/metrics"), (MonitoringFiles.Text(endpoint, "port"), MonitoringFiles.Text(endpoint, "path")));
    }

    [Fact]
    public async Task The_folder_is_applied_as_a_whole()
    {
        (int code, string output) = await new InstalledProgram("kubectl").RunAsync("", "kustomize", MonitoringFiles.Folder);
        Assert.True(code == 0, output);
        Assert.Equal(["ConfigMap", "PrometheusRule", "ServiceMonitor"], Kind().Matches(output).Select(m => m.Groups[1].Value).Order());
        Assert.Contains("grafana_dashboard: \"1\"", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\]\(([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex("grep (?:-E )?'([^']+)'")]
    private static partial Regex Grep();

    [GeneratedRegex("^kind: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Kind();

    [GeneratedRegex("job=\"([^\"]*)\"")]
    private static partial Regex Job();
}
