using DynamicToolset.Docs;
using DynamicToolset.Service.Options;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

public sealed class ManPageTests
{
    [Fact]
    public async Task The_page_is_set_without_a_warning_and_says_what_can_be_typed()
    {
        (int exitCode, string page) = await new InstalledProgram("groff").RunAsync(ManPage.Render(), "-ww", "-man", "-Tutf8", "-P-cbou", "-rLL=200n");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("warning:", page, StringComparison.Ordinal);
        Assert.Contains("--kubeconfig ~/.kube/config --dry-run\n", page, StringComparison.Ordinal);
        Assert.Contains("| dynamic-toolset validate -\n", page, StringComparison.Ordinal);
        Assert.Contains("-o jsonpath='{.data.overrides\\.yaml}'", page, StringComparison.Ordinal);
        Assert.Contains("[-f FILE|DIR|-]… ", page, StringComparison.Ordinal);
        Assert.All(Settings.Definitions, setting => Assert.Matches($@"\n {{7}}{(setting.IsSecret ? "" : $"--{setting.Flag}, ")}{setting.Name}\n", page));
    }
}
