using System.Buffers;
using System.Text.Json;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>Deployment, https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/, as the answer to a GET.</summary>
internal static class DeploymentAnswer
{
    public static async Task<DeploymentRecord> Read(JsonSource source, CancellationToken cancellation) =>
        await source.ReadValueAsync(AnswerBounds.Deployment, cancellation) is { } json ? Parse(json) : throw new EndOfStreamException("an empty answer");

    internal static DeploymentRecord Parse(in ReadOnlySequence<byte> json)
    {
        var found = new DeploymentRecord("", IsBeingDeleted: false);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
                found = ReadMetadata(ref reader, found);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return found.Uid.Length > 0 ? found : throw new JsonException("an object without a uid");
    }

    private static DeploymentRecord ReadMetadata(ref Utf8JsonReader reader, DeploymentRecord found)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return found;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("uid"u8))
                found = found with { Uid = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
                found = found with { IsBeingDeleted = JsonObjects.Text(ref reader).Length > 0 };
            else
                JsonObjects.SkipValue(ref reader);
        }

        return found;
    }
}
