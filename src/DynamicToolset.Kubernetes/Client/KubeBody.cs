using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The body of a request, written once and sent again as it is when the request is repeated.</summary>
internal sealed record KubeBody(string MediaType, ReadOnlyMemory<byte> Json)
{
    /// <summary>No object is ever at this version: versions are those of the whole store, and the store writes its own objects first.</summary>
    public const string VersionOfNoObject = "1";

    // Not for HTML: escaping every character beyond ASCII would make a body up to six times as long, and the API server has a limit of 3 MiB.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static KubeBody Of<T>(string mediaType, T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            JsonSerializer.Serialize(writer, value, type);
        return new KubeBody(mediaType, buffer.WrittenMemory);
    }
}
