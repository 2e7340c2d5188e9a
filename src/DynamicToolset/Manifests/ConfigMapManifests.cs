using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>Reads a ConfigMap. It ignores owners and field managers, which belong to the cluster that the file came from.</summary>
internal static class ConfigMapManifests
{
    private static readonly ImmutableSortedDictionary<string, string> NoTexts =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Null where this object is another one. One without a namespace is in that of <paramref name="key"/>.</summary>
    public static ConfigMapRecord? Find(YamlNode.Mapping manifest, ObjectKey key) => IsOne(manifest, key) ? Read(manifest, key) : null;

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
