using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>One version of an object, kept as the JSON text that is sent: nobody can change it afterwards.</summary>
internal sealed class StoredObject
{
    private readonly int _headerLength;

    private StoredObject(ObjectKey key, long version, byte[] json, FrozenDictionary<string, string> labels, int headerLength)
    {
        Key = key;
        Version = version;
        Json = json;
        Labels = labels;
        _headerLength = headerLength;
    }

    /// <summary>The namespace is empty for cluster-scoped objects.</summary>
    public ObjectKey Key { get; }

    public long Version { get; }

    /// <summary>The whole object.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    public FrozenDictionary<string, string> Labels { get; }

    /// <summary>The object without its kind and version up to the closing brace, as it stands in a list after the opening brace.</summary>
    public ReadOnlyMemory<byte> ListItemTail => Json[_headerLength..];

    /// <summary>Keeps an object under a resource version, which is written into it. What is kept is told as a tree too, for the caller to keep.</summary>
    public static (StoredObject Stored, JsonObject Value) Create(KubeResource resource, JsonObject conformed, long version)
    {
        JsonObject metadata = conformed.ChildOrNew("metadata");
        metadata["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        JsonObject value = resource.Conform(conformed);
        return (new StoredObject(resource.KeyOf(value), version, JsonText.Write(value), LabelsOf(value), resource.JsonHeader.Length), value);
    }

    /// <summary>The same under another version.</summary>
    public StoredObject Under(long version)
    {
        JsonObject value = Read();
        value.ChildOrNew("metadata")["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(Key, version, JsonText.Write(value), Labels, _headerLength);
    }

    /// <summary>A copy for the caller to keep.</summary>
    public JsonObject Read() => JsonText.Read(Json.Span)!.AsObject();

    private static FrozenDictionary<string, string> LabelsOf(JsonObject value) =>
        (value.Child("metadata").Child("labels") ?? []).ToFrozenDictionary(label => label.Key, label => label.Value.AsText() ?? "", StringComparer.Ordinal);
}
