using System.Buffers;
using System.Text.Json;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The answer of <c>/version</c>.</summary>
internal static class VersionAnswer
{
    public static async Task<KubeVersion> Read(JsonSource source, CancellationToken cancellation) =>
        await source.ReadValueAsync(AnswerBounds.Version, cancellation) is { } json ? Parse(json) : throw new EndOfStreamException("an empty answer");

    private static KubeVersion Parse(in ReadOnlySequence<byte> json)
    {
        string major = "", minor = "", git = "";
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("major"u8))
                major = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("minor"u8))
                minor = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals("gitVersion"u8))
                git = JsonObjects.Text(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return git.Length > 0 ? new KubeVersion(major, minor, git) : throw new JsonException("a version was expected");
    }
}
