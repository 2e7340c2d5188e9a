using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class HelpPageTests
{
    [Fact]
    public void Every_setting_is_in_the_help()
    {
        string help = HelpPage.Of("run");
        foreach (SettingDefinition definition in Settings.Definitions)
            Assert.Contains(definition.IsSecret ? $"  {definition.Name} " : $"  --{definition.Flag} ", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_fits_a_terminal_of_100_columns()
    {
        foreach (string command in new[] { "", "run", "sandbox", "generate", "explain", "validate", "replay", "version" })
            Assert.All(HelpPage.Of(command).Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }
}
