using System.Collections.Immutable;

namespace DynamicToolset.Docs;

/// <summary>The pages of <c>docs/</c> that are made from code, so that they cannot differ from it.</summary>
internal static class Pages
{
    public static ImmutableArray<(string Name, string Text)> All =>
    [
        ("configuration.md", ConfigurationPage.Render()),
        ("metrics.md", MetricsPage.Render()),
        ("holmes-file.md", HolmesPage.Render()),
        ("bounds.md", BoundsPage.Render()),
        ("reliability.md", ReliabilityPage.Render()),
    ];
}
