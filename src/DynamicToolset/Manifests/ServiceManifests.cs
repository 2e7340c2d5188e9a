using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>The Services of a text, or everything that is wrong with it: never both, so nothing is half done.</summary>
/// <param name="Impossible">Services that were passed over, since no API server would take one of that name.</param>
public sealed record ServiceManifests(
    ImmutableArray<ServiceRecord> Services, ImmutableArray<YamlProblem> Problems, ImmutableArray<YamlProblem> Impossible)
{
    /// <summary>Ten thousand Services with all that the API server keeps of who wrote them have three million.</summary>
    public static Bound Nodes { get; } = YamlReader.Bounded("a text with manifests", 4_000_000);

    /// <summary>
    /// Reads Services out of JSON or YAML: single objects, several documents, <c>List</c> and <c>ServiceList</c>, as <c>kubectl get -o yaml</c>
    /// and <c>helm template</c> print them. Objects of other kinds are passed over.
    /// </summary>
    public static ServiceManifests Read(string text)
    {
        YamlReading reading = YamlReader.Read(text, Nodes);
        if (reading.Problem is { } problem)
            return new ServiceManifests([], [problem], []);
        var reader = new ServiceManifestReader();
        foreach (YamlNode document in reading.Documents)
            reader.ReadObject(document);
        return reader.Problems.Count > 0
            ? new ServiceManifests([], [.. reader.Problems], [])
            : new ServiceManifests([.. reader.Services], [], [.. reader.Impossible]);
    }
}
