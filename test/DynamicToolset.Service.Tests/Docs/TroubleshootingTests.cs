using System.Text.RegularExpressions;
using DynamicToolset.Docs;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Tests.Monitoring;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>Whoever is on call finds every sign of trouble in <c>docs/troubleshooting.md</c>, once, and none that the program does not give.</summary>
public sealed partial class TroubleshootingTests
{
    private static readonly Trouble[] All = [.. Troubles.All.SelectMany(t => t.Troubles)];

    [Fact]
    public void Every_warning_and_error_of_the_log_has_an_entry()
    {
        string[] wanted = [.. LogMessage.All.Where(m => m.Declaration.Level >= LogLevel.Warning).Select(m => m.Text).Distinct()];
        Assert.True(wanted.Length >= 35, $"{wanted.Length} were found");
        Assert.Empty(wanted.Except(Texts(SignKind.Log)));
    }

    [Fact]
    public void Every_Event_has_an_entry_and_no_other_is_told_of()
    {
        string[] sent =
        [
            .. Enum.GetValues<ProblemKind>().Where(ProblemEvents.HasEvent).Select(k => k.ToString()),
            .. Enum.GetNames<NoticeKind>(),
        ];
        Assert.Equal(sent.Order(StringComparer.Ordinal), Texts(SignKind.Event).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_metric_has_an_entry_or_is_said_to_show_no_trouble()
    {
        string[] told = [.. MetricDefinitions.All.Select(m => m.Name).Where(n => All.Any(t => AsksFor(t, n)))];
        Assert.Equal(MetricDefinitions.All.Select(m => m.Name).Order(StringComparer.Ordinal), told.Concat(Troubles.CalmMetrics).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_entry_is_for_a_message_or_a_metric_that_there_is_not()
    {
        Assert.Empty(Texts(SignKind.Log).Except(LogMessage.All.Select(m => m.Text)));
        Assert.Empty(Texts(SignKind.Metric).SelectMany(q => PromQuery.ProblemsIn(q).Select(p => $"{q}: {p}")));
    }

    [Fact]
    public void A_sign_has_one_entry_so_that_whoever_searches_reads_one_answer() =>
        Assert.Empty(All.SelectMany(t => t.Signs).GroupBy(s => s).Where(g => g.Count() > 1).Select(g => g.Key.Text));

    [Fact]
    public void Each_metric_that_an_alert_asks_for_leads_to_the_runbook_of_that_alert() => Assert.All(MonitoringFiles.Alerts, alert =>
    {
        string name = MonitoringFiles.Text(alert, "alert"), query = MonitoringFiles.Text(alert, "expr");
        string[] asked = [.. Name().Matches(query).Select(m => m.Value).Distinct()];
        Assert.NotEmpty(asked);
        Assert.Contains(All, t => $"DynamicToolset{t.Runbook}" == name && asked.Any(n => AsksFor(t, n)));
    });

    [Fact]
    public void An_entry_says_what_it_means_what_to_run_and_what_follows() => Assert.All(All, trouble =>
    {
        Assert.All([trouble.Meaning, trouble.Then], text => Assert.Matches(@"^[A-Z`].*[.?]$", text));
        Assert.Matches("^(kubectl|dynamic-toolset) [^\n]+$", trouble.Next);
    });

    /// <summary>A field of a line that has no such field is looked for in vain.</summary>
    [Fact]
    public void The_fields_that_an_entry_names_are_those_of_its_lines() => Assert.All(All, trouble =>
    {
        string[] named = [.. Field().Matches(trouble.Meaning + trouble.Then).Select(m => m.Groups[1].Value)];
        string[] lines = [.. trouble.Signs.Where(s => s.Kind == SignKind.Log).Select(s => s.Text)];
        string[] fields = [.. LogMessage.All.Where(m => lines.Contains(m.Text)).SelectMany(m => m.Fields)];
        Assert.Empty(named.Except([.. fields, "no", "yes", "ok", "true", "timeout"]));
    });

    [Fact]
    public void Links_lead_to_something_and_each_entry_is_found_by_the_words_of_its_signs()
    {
        var page = new MarkdownPage("troubleshooting.md");
        page.AssertLinksLead();
        Assert.All(All.SelectMany(t => t.Signs), sign => Assert.Contains($"`{sign.Text}`", page.Text, StringComparison.Ordinal));
    }

    private static string[] Texts(SignKind kind) => [.. All.SelectMany(t => t.Signs).Where(s => s.Kind == kind).Select(s => s.Text)];

    private static bool AsksFor(Trouble trouble, string metric) =>
        trouble.Signs.Any(s => s.Kind == SignKind.Metric && Regex.IsMatch(s.Text, $@"\b{metric}(?:_bucket)?\b"));

    [GeneratedRegex("(?:dynamictoolset|process|dotnet)_[a-z_]+|\\bup\\b")]
    private static partial Regex Name();

    /// <summary>Words in snake case; labels, settings, kinds and names of files are others.</summary>
    [GeneratedRegex("`([a-z]+(?:_[a-z]+)*)`")]
    private static partial Regex Field();
}
