using DynamicToolset.Docs;
using DynamicToolset.Service.Options;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

public sealed class GeneratedPageTests
{
    public static TheoryData<string> Names => [.. Pages.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_in_the_repository_is_the_one_that_the_code_makes(string name) => Assert.True(
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", name)) == Pages.All.Single(page => page.Name == name).Text,
        $"docs/{name} is stale: write it anew with make docs");

    [Fact]
    public void Every_setting_has_a_row() =>
        Assert.All(Settings.Definitions, setting => Assert.Contains($"| `{setting.Name}`", ConfigurationPage.Render(), StringComparison.Ordinal));
}
