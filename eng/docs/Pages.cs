using System.Collections.Immutable;

namespace DynamicToolset.Docs;

/// <summary>The pages that are made from code, so that they cannot differ from it. Their names are as seen from <c>docs/</c>.</summary>
internal static class Pages
{
    public static ImmutableArray<(string Name, string Text)> All =>
    [
        ("configuration.md", ConfigurationPage.Render()),
        ("metrics.md", MetricsPage.Render()),
        ("logs.md", LogsPage.Render()),
        ("troubleshooting.md", TroubleshootingPage.Render()),
        ("holmes-file.md", HolmesPage.Render()),
        ("bounds.md", BoundsPage.Render()),
        ("reliability.md", ReliabilityPage.Render()),
        ("licences.md", LicencesPage.Render()),
        ("openapi.json", OpenApiPage.Render()),
        ("man/dynamic-toolset.1", ManPage.Render()),
        .. ChartPage.All,
    ];
}
