using System.Text.RegularExpressions;
using DynamicToolset.Service.Tests.Docs;

namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>What an admin reads in <c>docs/operations.md</c> is what the scenarios run.</summary>
public sealed partial class OperationsPageTests
{
    private static readonly MarkdownPage Page = new("operations.md");

    private static readonly Dictionary<Story, string> Headings = new()
    {
        [Story.Beforehand] = "Beforehand",
        [Story.ApiServerAway] = "The API server is away",
        [Story.ChecksFail] = "All health checks fail",
        [Story.BackendMissing] = "A backend is not found",
        [Story.ConfigMapDeleted] = "Somebody deletes the ConfigMap",
        [Story.Drift] = "Somebody edits the ConfigMap",
        [Story.LeaderLost] = "The leader changes",
        [Story.NewVersion] = "A new version",
    };

    public static TheoryData<string> Stories => [.. Enum.GetNames<Story>()];

    [Theory, MemberData(nameof(Stories))]
    public void A_section_prints_the_commands_that_are_run_for_it_and_no_others(string story)
    {
        string section = Page.Section(Headings[Enum.Parse<Story>(story)]);
        string[] run = [.. PrintedCommands.All.Where(c => c.Story.ToString() == story).Select(c => c.Text).Order(StringComparer.Ordinal)];
        string[] printed = [.. Commands(section).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(run, printed);
    }

    [Theory, MemberData(nameof(Stories))]
    public void A_section_shows_the_line_of_the_log_that_the_overview_prints(string story)
    {
        string section = Page.Section(Headings[Enum.Parse<Story>(story)]);
        Assert.All(PrintedLines.Of(Enum.Parse<Story>(story)), piece => Assert.Contains(piece, section, StringComparison.Ordinal));
    }

    [Fact]
    public void All_commands_of_the_overview_are_there_and_those_that_need_a_kubelet_say_what_stands_in_for_it()
    {
        Assert.Equal(22, PrintedCommands.All.Count(c => c.IsOfOverview));
        Assert.Equal(
            PrintedCommands.All.Where(c => NeedsKubelet().IsMatch(c.Text)).Select(c => c.Text),
            PrintedCommands.All.Where(c => c.StandIn.Length > 0).Select(c => c.Text));
    }

    [Fact]
    public void Links_lead_to_something() => Page.AssertLinksLead();

    [Fact]
    public void Log_lines_and_metrics_on_the_page_are_those_of_the_program()
    {
        string[] messages = [.. Message().Matches(Page.Text).Select(m => m.Groups[1].Value + m.Groups[2].Value).Distinct()];
        string[] metrics = [.. Metric().Matches(Page.Text).Select(m => m.Value).Distinct()];
        Assert.True(messages.Length >= 12 && metrics.Length >= 8, $"{messages.Length} messages and {metrics.Length} metrics were found");
        string logs = new MarkdownPage("logs.md").Text, known = new MarkdownPage("metrics.md").Text;
        Assert.All(messages, m => Assert.Contains($"| `{m}` |", logs, StringComparison.Ordinal));
        Assert.All(metrics, m => Assert.Contains($"| `{m}` |", known, StringComparison.Ordinal));
    }

    /// <summary>A line that ends with a backslash, or within quotes, goes on.</summary>
    private static IEnumerable<string> Commands(string section)
    {
        string command = "";
        foreach (string line in Block().Matches(section).SelectMany(m => m.Groups[1].Value.TrimEnd('\n').Split('\n')))
        {
            command += line;
            if (line.EndsWith('\\') || command.Count(c => c == '\'') % 2 == 1)
            {
                command += '\n';
                continue;
            }

            yield return command;
            command = "";
        }

        Assert.Equal("", command);
    }

    /// <summary>What goes by the port-forward of <c>Beforehand</c> needs no word of its own, but for the overview, which has none.</summary>
    [GeneratedRegex("^kubectl (logs|port-forward|rollout status|get pods)|http://localhost:(8080/api|9090/)")]
    private static partial Regex NeedsKubelet();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>Those of more than one word: a level, a kind or a setting is none.</summary>
    [GeneratedRegex("\"msg\":\"([^\"]+)\"|`([A-Z][A-Za-z]+ [^`]*)`")]
    private static partial Regex Message();

    [GeneratedRegex("dynamictoolset_[a-z_]+")]
    private static partial Regex Metric();
}
