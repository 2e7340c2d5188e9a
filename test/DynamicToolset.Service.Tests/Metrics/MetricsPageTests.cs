using DynamicToolset.Service.Cli;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Metrics;

public sealed class MetricsPageTests
{
    [Fact]
    public void The_page_in_the_repository_is_the_one_that_the_program_prints()
    {
        Assert.True(
            File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "metrics.md")) == MetricsPage.Render(),
            "docs/metrics.md is stale: write it anew with dynamic-toolset docs metrics > docs/metrics.md");
    }
}
