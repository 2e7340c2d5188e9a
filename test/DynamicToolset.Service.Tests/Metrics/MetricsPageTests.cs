using DynamicToolset.Service.Cli;

namespace DynamicToolset.Service.Tests.Metrics;

public sealed class MetricsPageTests
{
    [Fact]
    public void The_page_in_the_repository_is_the_one_that_the_program_prints()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DynamicToolset.slnx")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException("the tests must be run inside the repository");
        Assert.True(
            File.ReadAllText(Path.Combine(directory.FullName, "docs", "metrics.md")) == MetricsPage.Render(),
            "docs/metrics.md is stale: write it anew with dynamic-toolset docs metrics > docs/metrics.md");
    }
}
