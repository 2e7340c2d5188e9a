using DynamicToolset.Service.Tests.Chart;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>What docs/replay.md says to do works. Its patch is tried by the tests of the installation.</summary>
public sealed class ReplayPageTests
{
    private static readonly MarkdownPage Page = new("replay.md");

    [Fact]
    public void Its_links_lead_somewhere() => Page.AssertLinksLead();

    [Fact]
    public async Task The_sandbox_records_what_replay_shows()
    {
        using var folder = new TestFolder();
        string lines = Block("Try it", "sh").Replace("/tmp/", $"{folder.Path}/", StringComparison.Ordinal);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(
            "bash", [("PATH", $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}")], ["-ec", lines]);
        Assert.True(exitCode == 0, error);
        Assert.EndsWith("all decided as recorded.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_values_of_the_chart_mount_a_volume_where_the_journal_is_written()
    {
        Rendering rendered = await Rendering.OfAsync(Block("Switch it on in a cluster", "yaml"));
        const string Pod = "Deployment/dynamic-toolset spec template spec", Container = $"{Pod} containers dynamic-toolset";
        string? mounted = (string?)rendered.At($"{Container} volumeMounts journal mountPath");
        Assert.Equal(("/journal", "/journal"), (mounted, (string?)rendered.At($"{Container} env JOURNAL_DIR value")));
        Assert.Equal("80Mi", (string?)rendered.At($"{Pod} volumes journal emptyDir sizeLimit"));
    }

    private static string Block(string section, string language) => Page.Section(section).Split($"```{language}\n")[1].Split("```")[0];
}
