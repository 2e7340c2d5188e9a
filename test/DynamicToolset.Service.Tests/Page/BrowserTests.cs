namespace DynamicToolset.Service.Tests.Page;

/// <summary>The tests that share one browser, and take turns: its start takes a second.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
