using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Reconciliation;
using Pairs = System.Collections.Generic.IEnumerable<System.Collections.Generic.KeyValuePair<string, string?>>;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The bodies that create and change a ConfigMap.</summary>
internal sealed record ConfigMapBody(string? ApiVersion, string? Kind, ConfigMapBody.Head Metadata)
{
    [JsonConverter(typeof(PairsConverter))]
    public Pairs? Data { get; init; }

    [JsonConverter(typeof(PairsConverter))]
    public Pairs? BinaryData { get; init; }

    public static KubeBody Creation(ObjectKey key, ConfigMapContent content)
    {
        var head = new Head(key.Name, key.Namespace, KubeBody.VersionOfNoObject)
        {
            Labels = UnlessEmpty(content.Labels!),
            Annotations = UnlessEmpty(content.Annotations!),
            OwnerReferences = content.Owners.IsEmpty ? null : content.Owners,
        };
        return KubeBody.Of(
            "application/apply-patch+yaml", new ConfigMapBody("v1", "ConfigMap", head) { Data = UnlessEmpty(content.Data!) }, KubeJson.Default.ConfigMapBody);
    }

    /// <summary>RFC 7386: a null removes its key, and what is not named stays as it is.</summary>
    public static KubeBody Patch(ConfigMapPatch patch)
    {
        var head = new Head(null, null, patch.ResourceVersion)
        {
            Labels = UnlessEmpty(patch.Labels),
            Annotations = UnlessEmpty(patch.Annotations),
            OwnerReferences = patch.Owners,
        };
        var body = new ConfigMapBody(null, null, head)
        {
            Data = UnlessEmpty(patch.Data),
            BinaryData = UnlessEmpty(patch.BinaryDataRemovals.Select(key => KeyValuePair.Create(key, (string?)null))),
        };
        return KubeBody.Of("application/merge-patch+json", body, KubeJson.Default.ConfigMapBody);
    }

    /// <summary>RFC 6902. That the version is replaced by itself makes the API server compare it, and answer 409 where it is another.</summary>
    public static KubeBody Disowning(string resourceVersion, ImmutableArray<string> fields) => KubeBody.Of(
        "application/json-patch+json",
        [new JsonPatchStep("replace", "/metadata/resourceVersion", resourceVersion), .. fields.Select(field => new JsonPatchStep("remove", field))],
        KubeJson.Default.JsonPatchStepArray);

    private static Pairs? UnlessEmpty(Pairs pairs) => pairs.Any() ? pairs : null;

    internal sealed record Head(string? Name, string? Namespace, string ResourceVersion)
    {
        [JsonConverter(typeof(PairsConverter))]
        public Pairs? Labels { get; init; }

        [JsonConverter(typeof(PairsConverter))]
        public Pairs? Annotations { get; init; }

        public IEnumerable<OwnerReference>? OwnerReferences { get; init; }
    }
}

internal sealed record JsonPatchStep(string Op, string Path, string? Value = null);

internal sealed class PairsConverter : JsonConverter<Pairs>
{
    public override Pairs Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, Pairs value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string key, string? text) in value)
        {
            writer.WritePropertyName(key);
            YamlSafeText.Write(writer, text);
        }

        writer.WriteEndObject();
    }
}
