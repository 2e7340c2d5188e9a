using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Observability;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>The chart as a whole: that it is one, of which version, and what goes into its package.</summary>
public sealed class ChartFolderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{ha: {enabled: true}, serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboards: {enabled: true}, detectors: {rules: {a.yaml: x}}}")]
    public async Task Helm_has_nothing_to_say_against_it(string values)
    {
        using var helm = new Helm();
        await helm.RunAsync("lint", "--strict", Rendering.ChartFolder, "--values", helm.Write("values.yaml", values));
    }

    [Fact]
    public void Its_version_is_that_of_the_program()
    {
        JsonObject chart = Assert.Single(Rendering.Read(File.ReadAllText(Path.Combine(Rendering.ChartFolder, "Chart.yaml"))).Objects);
        Assert.Equal((BuildInfo.Current.Version, BuildInfo.Current.Version), ((string?)chart["version"], (string?)chart["appVersion"]));
    }

    [Fact]
    public async Task Its_package_holds_what_is_in_the_repository_and_nothing_that_lies_about()
    {
        using var helm = new Helm();
        string folder = Path.GetDirectoryName(helm.Write("out/.keep", ""))!;
        string chart = Path.Combine(Path.GetDirectoryName(folder)!, "dynamic-toolset");
        string[] files = [.. Directory.EnumerateFiles(Rendering.ChartFolder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Rendering.ChartFolder, f))];
        foreach (string file in files)
            helm.Write($"dynamic-toolset/{file}", await File.ReadAllTextAsync(Path.Combine(Rendering.ChartFolder, file), TestContext.Current.CancellationToken));
        foreach (string stray in (string[])["dynamic-toolset-0.0.9.tgz", "values.yaml.orig", ".git/config", "templates/.deployment.yaml.swp", "templates/service.yaml~"])
            helm.Write($"dynamic-toolset/{stray}", "x");
        await helm.RunAsync("package", chart, "--destination", folder);
        string package = Assert.Single(Directory.EnumerateFiles(folder, "*.tgz"));
        Assert.Equal(files.Where(f => f != ".helmignore").Order(StringComparer.Ordinal), Entries(package).Where(f => f != ".helmignore").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Entries(string package)
    {
        using FileStream file = File.OpenRead(package);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unpacked);
        while (archive.GetNextEntry() is { } entry)
            yield return entry.Name["dynamic-toolset/".Length..];
    }
}
