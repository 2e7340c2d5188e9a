using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>
/// Finds a ConfigMap in JSON or YAML: a single object, several documents, <c>List</c> and <c>ConfigMapList</c>, as <c>kubectl get -o yaml</c> prints them.
/// Owners and field managers are passed over: what a file says of them holds for the cluster that it came from.
/// </summary>
public static class ConfigMapManifests
{
    private static readonly ImmutableSortedDictionary<string, string> NoTexts =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <param name="problem">Why the text cannot be read; null where it can.</param>
    /// <returns>Null where it is not there. One without a namespace is in that of <paramref name="key"/>.</returns>
    public static ConfigMapRecord? Find(string text, ObjectKey key, out YamlProblem? problem)
    {
        YamlReading reading = YamlReader.ReadAsKubectl(text, ServiceManifests.Nodes);
        problem = reading.Problem;
        return reading.Documents.SelectMany(d => ObjectsIn(d, "")).Select(o => Find(o, key)).FirstOrDefault(c => c is not null);
    }

    /// <summary>Null where this object is another one.</summary>
    internal static ConfigMapRecord? Find(YamlNode.Mapping manifest, ObjectKey key) => IsOne(manifest, key) ? Read(manifest, key) : null;

    /// <param name="kind">Of the items of a typed list, where the API server leaves it out.</param>
    private static IEnumerable<YamlNode.Mapping> ObjectsIn(YamlNode node, string kind)
    {
        if (node is not YamlNode.Mapping manifest)
            return [];
        return (Text(manifest, "kind") ?? kind) switch
        {
            "ConfigMap" => [manifest],
            "List" => ItemsOf(manifest).SelectMany(i => ObjectsIn(i, "")),
            "ConfigMapList" => ItemsOf(manifest).SelectMany(i => ObjectsIn(i, "ConfigMap")),
            _ => [],
        };
    }

    private static ImmutableArray<YamlNode> ItemsOf(YamlNode.Mapping list) => (list["items"] as YamlNode.Sequence)?.Items ?? [];

    private static bool IsOne(YamlNode.Mapping manifest, ObjectKey key)
    {
        var metadata = manifest["metadata"] as YamlNode.Mapping;
        string? ns = Text(metadata, "namespace");
        return Text(metadata, "name") == key.Name && (string.IsNullOrEmpty(ns) || ns == key.Namespace);
    }

    private static ConfigMapRecord Read(YamlNode.Mapping manifest, ObjectKey key)
    {
        var metadata = manifest["metadata"] as YamlNode.Mapping;
        return new ConfigMapRecord(
            key,
            Text(metadata, "uid") ?? "",
            Text(metadata, "resourceVersion") ?? "",
            Text(manifest, "immutable") == "true",
            Texts(metadata, "labels"),
            Texts(metadata, "annotations"),
            [],
            Texts(manifest, "data"),
            Texts(manifest, "binaryData").ToImmutableSortedDictionary(d => d.Key, d => d.Value.TrimEnd('=').Length * 3 / 4, StringComparer.Ordinal),
            []);
    }

    private static ImmutableSortedDictionary<string, string> Texts(YamlNode.Mapping? parent, string key) => NoTexts.AddRange(
        from entry in (parent?[key] as YamlNode.Mapping)?.Entries ?? []
        let text = Text((YamlNode.Mapping)parent![key]!, entry.Key)
        where text is not null
        select KeyValuePair.Create(entry.Key, text));

    private static string? Text(YamlNode.Mapping? parent, string key) => parent?[key] is YamlNode.Scalar { IsNull: false } scalar ? scalar.Text : null;
}
