using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>Writes the bodies that create and change a ConfigMap.</summary>
internal static class ConfigMapBody
{
    // No object is ever at this version: versions are those of the whole store, and the store writes its own objects first.
    private const string VersionOfNoObject = "1";

    public static void WriteCreation(Utf8JsonWriter writer, ObjectKey key, ConfigMapContent content)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion", "v1");
        writer.WriteString("kind", "ConfigMap");
        writer.WriteStartObject("metadata");
        writer.WriteString("name", key.Name);
        writer.WriteString("namespace", key.Namespace);
        writer.WriteString("resourceVersion", VersionOfNoObject);
        WritePairs(writer, "labels", Settings(content.Labels));
        WritePairs(writer, "annotations", Settings(content.Annotations));
        if (!content.Owners.IsEmpty)
            WriteOwners(writer, content.Owners);
        writer.WriteEndObject();
        WritePairs(writer, "data", Settings(content.Data));
        writer.WriteEndObject();
    }

    /// <summary>RFC 7386: a null removes its key, and what is not named stays as it is.</summary>
    public static void WritePatch(Utf8JsonWriter writer, ConfigMapPatch patch)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", patch.ResourceVersion);
        WritePairs(writer, "labels", patch.Labels);
        WritePairs(writer, "annotations", patch.Annotations);
        if (patch.Owners is { } owners)
            WriteOwners(writer, owners);
        writer.WriteEndObject();
        WritePairs(writer, "data", patch.Data);
        WritePairs(writer, "binaryData", patch.BinaryDataRemovals.Select(key => KeyValuePair.Create(key, (string?)null)));
        writer.WriteEndObject();
    }

    /// <summary>RFC 6902. That the version is replaced by itself makes the API server compare it, and answer 409 where it is another.</summary>
    public static void WriteDisowning(Utf8JsonWriter writer, string resourceVersion, ImmutableArray<string> fields)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("op", "replace");
        writer.WriteString("path", "/metadata/resourceVersion");
        writer.WriteString("value", resourceVersion);
        writer.WriteEndObject();
        foreach (string field in fields)
        {
            writer.WriteStartObject();
            writer.WriteString("op", "remove");
            writer.WriteString("path", field);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOwners(Utf8JsonWriter writer, ImmutableArray<OwnerReference> owners)
    {
        writer.WriteStartArray("ownerReferences");
        foreach (OwnerReference owner in owners)
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", owner.ApiVersion);
            writer.WriteString("kind", owner.Kind);
            writer.WriteString("name", owner.Name);
            writer.WriteString("uid", owner.Uid);
            if (owner.Controller is { } controller)
                writer.WriteBoolean("controller", controller);
            if (owner.BlockOwnerDeletion is { } blocks)
                writer.WriteBoolean("blockOwnerDeletion", blocks);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(IEnumerable<KeyValuePair<string, string>> pairs) =>
        pairs.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));

    private static void WritePairs(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        bool started = false;
        foreach ((string key, string? value) in pairs)
        {
            if (!started)
                writer.WriteStartObject(name);
            started = true;
            writer.WritePropertyName(key);
            YamlSafeText.Write(writer, value);
        }

        if (started)
            writer.WriteEndObject();
    }
}
