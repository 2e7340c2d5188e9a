using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Samples;

/// <summary>Reads a ConfigMap as <c>kubectl get --show-managed-fields -o yaml</c> prints it.</summary>
internal static class ConfigMapText
{
    public static ConfigMapRecord Parse(string text)
    {
        YamlReading reading = YamlReader.Read(text);
        Assert.Null(reading.Problem);
        var root = (YamlNode.Mapping)Assert.Single(reading.Documents);
        var metadata = (YamlNode.Mapping)root["metadata"]!;
        return ConfigMaps.Empty with
        {
            ResourceVersion = Text(metadata["resourceVersion"]) ?? "1",
            Immutable = Text(root["immutable"]) == "true",
            Labels = Map(metadata["labels"]),
            Annotations = Map(metadata["annotations"]),
            Data = Map(root["data"]),
            BinaryData = Map(root["binaryData"]).ToImmutableSortedDictionary(d => d.Key, d => d.Value.Length, StringComparer.Ordinal),
            Managers = [.. ((metadata["managedFields"] as YamlNode.Sequence)?.Items ?? []).Select(Manager)],
        };
    }

    private static FieldManager Manager(YamlNode node)
    {
        var entry = (YamlNode.Mapping)node;
        var fields = (YamlNode.Mapping)((YamlNode.Mapping)entry["fieldsV1"]!)["f:data"]!;
        return new FieldManager(
            Text(entry["manager"])!,
            Text(entry["operation"]) ?? "Update",
            DateTimeOffset.Parse(Text(entry["time"])!, CultureInfo.InvariantCulture),
            [.. fields.Entries.Select(e => e.Key["f:".Length..])]);
    }

    private static ImmutableSortedDictionary<string, string> Map(YamlNode? node) =>
        ConfigMaps.Map([.. ((node as YamlNode.Mapping)?.Entries ?? []).Select(e => (e.Key, Text(e.Value)!))]);

    private static string? Text(YamlNode? node) => (node as YamlNode.Scalar)?.Text;
}
