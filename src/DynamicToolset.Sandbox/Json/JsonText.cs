using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Json;

/// <summary>
/// Reads and writes JSON trees as the Kubernetes API server does: of two equal names in one object the last one counts, and text
/// is written as it is instead of as escapes.
/// </summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An array of texts.</summary>
    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    /// <exception cref="JsonException">The bytes are not one JSON value, or a text in it is not valid Unicode.</exception>
    public static JsonNode? Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        try
        {
            reader.Read();
            JsonNode? node = ReadValue(ref reader);
            if (reader.Read())
                throw new JsonException("there is text after the JSON value");

            return node;
        }
        catch (InvalidOperationException error)
        {
            // The reader says so of an unpaired surrogate, which no string of ours could hold.
            throw new JsonException(error.Message, error);
        }
    }

    public static byte[] Write(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.Number => reader.TryGetInt64(out long whole) ? JsonValue.Create(whole) : JsonValue.Create(reader.GetDouble()),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        _ => null,
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            reader.Read();
            result[name] = ReadValue(ref reader);
        }

        return result;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            result.Add(ReadValue(ref reader));

        return result;
    }
}
