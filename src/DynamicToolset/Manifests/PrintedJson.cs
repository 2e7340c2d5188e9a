using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Manifests;

/// <summary>The JSON that commands print: indented, the same bytes on every platform, with a line break at its end.</summary>
public static class PrintedJson
{
    // With the usual encoder, which escapes quotes too: a relaxed one lets through what turns the direction of text in a terminal.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    public static string Of(JsonNode value) => Of(json => value.WriteTo(json));

    /// <param name="write">Writes one value.</param>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            write(json);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
