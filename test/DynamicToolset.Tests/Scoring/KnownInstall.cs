using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Manifests;
using DynamicToolset.Score;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Scoring;

/// <summary>
/// The Services that people get when they install something, and which of them are to be found. A document of <c>Fixtures/</c> is a
/// ServiceList with <c>install</c> (what it is), <c>finds</c> (the URLs by type) and, where it applies, <c>undecidable</c> (why the Services
/// do not tell, so that it is not scored) and <c>schemeShowsNowhere</c> (names of Services whose https only a request would show).
/// </summary>
public sealed record KnownInstall(
    string Name,
    string? Undecidable,
    ImmutableArray<ServiceRecord> Services,
    ImmutableArray<(string Type, string Url)> Finds,
    ImmutableArray<string> SchemeShowsNowhere)
{
    public static ImmutableArray<KnownInstall> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.yaml")
            .Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadAllText(file).Split("\n---\n"))
            .Select(Read),
    ];

    public IEnumerable<LabeledService> Labeled() => Services.Select(s => new LabeledService(Name, s, WantedOf(s)));

    public override string ToString() => Name;

    private static KnownInstall Read(string text)
    {
        ServiceManifests manifests = ServiceManifests.Read(text);
        Assert.Empty(manifests.Problems);
        var document = (YamlNode.Mapping)Assert.Single(YamlReader.Read(text).Documents);
        var finds = (YamlNode.Mapping)document["finds"]!;
        return new KnownInstall(
            Text(document["install"]!),
            document["undecidable"] is { } reason ? Text(reason) : null,
            manifests.Services,
            [.. finds.Entries.SelectMany(e => Texts(e.Value).Select(url => (e.Key, url)))],
            document["schemeShowsNowhere"] is { } names ? Texts(names) : []);
    }

    private WantedBackend? WantedOf(ServiceRecord service)
    {
        (string Type, Uri Url)[] wanted = [.. Finds.Select(f => (f.Type, new Uri(f.Url))).Where(f => f.Item2.Host == $"{service.Key.Name}.{service.Key.Namespace}")];
        return wanted is [(string type, Uri url)]
            ? new WantedBackend(type, url.Scheme, url.Port, IsPrimary: true, !SchemeShowsNowhere.Contains(service.Key.Name), [])
            : null;
    }

    private static string Text(YamlNode node) => ((YamlNode.Scalar)node).Text;

    private static ImmutableArray<string> Texts(YamlNode node) => [.. ((YamlNode.Sequence)node).Items.Select(Text)];
}
