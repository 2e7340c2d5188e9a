using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// The small objects that are sent and read. Fields that they do not name are passed over, those that are null are not written. Services,
/// ConfigMaps and Leases are read where they lie instead, by a projection.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigMapBody))]
[JsonSerializable(typeof(JsonPatchStep[]))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(LeaseBody))]
[JsonSerializable(typeof(DeploymentAnswer))]
[JsonSerializable(typeof(ExecCredentialAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(TokenReviewBody))]
[JsonSerializable(typeof(TokenReviewAnswer))]
[JsonSerializable(typeof(AccessReviewBody))]
[JsonSerializable(typeof(AccessReviewAnswer))]
[JsonSerializable(typeof(KubeVersion))]
internal sealed partial class KubeJson : JsonSerializerContext
{
    /// <summary>Null where it is null.</summary>
    /// <exception cref="JsonException">It is no JSON, or a field is of another kind.</exception>
    public static T? Read<T>(in ReadOnlySequence<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        var reader = new Utf8JsonReader(json);
        return JsonSerializer.Deserialize(ref reader, type);
    }
}
