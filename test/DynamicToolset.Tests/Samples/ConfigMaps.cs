using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Tests.Samples;

/// <summary>ConfigMaps as they are read.</summary>
internal static class ConfigMaps
{
    public static ObjectKey Key { get; } = new("kubernaut-system", "kubernaut-toolset-config");

    private static ImmutableSortedDictionary<string, int> NoBinary { get; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public static ConfigMapRecord Empty { get; } = new(
        Key, "uid", "1", Immutable: false, Map(), Map(), [], Map(), NoBinary, []);

    public static ImmutableSortedDictionary<string, string> Map(params (string Key, string Value)[] entries) =>
        entries.ToImmutableSortedDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);

    public static ConfigMapRecord With(this ConfigMapRecord record, string key, string value) => record with { Data = record.Data.SetItem(key, value) };

    public static ConfigMapRecord WithBinary(this ConfigMapRecord record, string key, int size = 3) => record with { BinaryData = record.BinaryData.SetItem(key, size) };

    public static ConfigMapRecord Without(this ConfigMapRecord record, string key) => record with { Data = record.Data.Remove(key) };
}
