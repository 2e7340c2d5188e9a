using System.Text.Json;
using DynamicToolset.Cluster;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>The part of <c>metadata</c> that every kind of object shares.</summary>
internal struct ObjectMetadata
{
    public string? Name;
    public string? Namespace;
    public string Uid;
    public string ResourceVersion;

    /// <summary>Where it must not be missing; an object without a name or a version is none.</summary>
    public readonly ObjectKey Key => Name is { Length: > 0 } && ResourceVersion is { Length: > 0 }
        ? new ObjectKey(Namespace ?? "", Name)
        : throw new JsonException("an object without a name or a resource version");

    /// <summary>True where the property was one of these, and is read.</summary>
    public bool TryRead(ref Utf8JsonReader reader, StringCache strings)
    {
        if (reader.ValueTextEquals("name"u8))
            Name = JsonObjects.Text(ref reader);
        else if (reader.ValueTextEquals("namespace"u8))
            Namespace = JsonObjects.Text(ref reader, strings);
        else if (reader.ValueTextEquals("uid"u8))
            Uid = JsonObjects.Text(ref reader);
        else if (reader.ValueTextEquals("resourceVersion"u8))
            ResourceVersion = JsonObjects.Text(ref reader);
        else
            return false;
        return true;
    }

    /// <summary>Only the version, of an object of any kind: what a bookmark carries.</summary>
    public static string ReadVersion(ref Utf8JsonReader reader, StringCache strings)
    {
        ObjectMetadata metadata = default;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("metadata"u8))
                JsonObjects.SkipValue(ref reader);
            else if (JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
                metadata.ReadAll(ref reader, strings);
        }

        return metadata.ResourceVersion is { Length: > 0 } version ? version : throw new JsonException("an object without a resource version");
    }

    private void ReadAll(ref Utf8JsonReader reader, StringCache strings)
    {
        while (JsonObjects.NextProperty(ref reader))
        {
            if (!TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }
}
