using System.Buffers;
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

    /// <summary>
    /// What the beginning of an object says. API servers write the metadata first, and in them the name, the namespace, the uid and the version
    /// before all that may be long.
    /// </summary>
    /// <param name="beginning">Whole tokens.</param>
    public static ObjectMetadata ReadBeginning(in ReadOnlySequence<byte> beginning, StringCache strings)
    {
        ObjectMetadata metadata = default;
        bool isInMetadata = false;
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, default);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.ValueIsEscaped)
                continue;
            if (reader.CurrentDepth == 1)
                isInMetadata = reader.ValueTextEquals("metadata"u8);
            else if (reader.CurrentDepth == 2 && isInMetadata && IsBeforeText(reader))
                metadata.TryRead(ref reader, strings);
        }

        return metadata;
    }

    private static bool IsBeforeText(Utf8JsonReader ahead) => ahead.Read() && ahead.TokenType == JsonTokenType.String;

    private void ReadAll(ref Utf8JsonReader reader, StringCache strings)
    {
        while (JsonObjects.NextProperty(ref reader))
        {
            if (!TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }
}
