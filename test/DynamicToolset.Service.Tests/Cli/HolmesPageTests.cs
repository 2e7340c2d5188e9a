using DynamicToolset.Service.Cli;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class HolmesPageTests
{
    [Fact]
    public void The_page_in_the_repository_is_the_one_that_the_program_prints()
    {
        Assert.True(
            File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "holmes-file.md")) == HolmesPage.Render(),
            "docs/holmes-file.md is stale: write it anew with dynamic-toolset docs holmes > docs/holmes-file.md");
    }
}
