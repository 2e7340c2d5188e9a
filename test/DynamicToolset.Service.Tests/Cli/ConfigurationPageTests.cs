using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Options;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class ConfigurationPageTests
{
    [Fact]
    public void The_page_in_the_repository_is_the_one_that_the_program_prints()
    {
        string committed = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "configuration.md"));
        Assert.True(
            committed == ConfigurationPage.Render(),
            "docs/configuration.md is stale: write it anew with dynamic-toolset docs configuration > docs/configuration.md");
    }

    [Fact]
    public void Every_setting_is_on_the_page_and_in_the_help()
    {
        string page = ConfigurationPage.Render();
        string help = HelpPage.Of("run");
        foreach (SettingDefinition definition in SettingDefinitions.All)
        {
            Assert.Contains($"| `{definition.Name}`", page, StringComparison.Ordinal);
            Assert.Contains($"  --{definition.Flag} ", help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Help_fits_a_terminal_of_100_columns()
    {
        foreach (string command in new[] { "", "run", "sandbox", "generate", "explain", "validate", "version" })
            Assert.All(HelpPage.Of(command).Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }
}
