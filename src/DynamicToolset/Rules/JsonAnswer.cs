using System.Globalization;
using System.Text.Json;

namespace DynamicToolset.Rules;

/// <summary>The body of an answer as JSON. A stranger wrote it, so nothing in it may throw, and its size and depth have bounds.</summary>
internal sealed class JsonAnswer : IDisposable
{
    /// <summary>Products answer with three or four.</summary>
    private const int Deepest = 16;

    private readonly JsonDocument _document;

    private JsonAnswer(JsonDocument document, bool isCut = false) => (_document, IsCut) = (document, isCut);

    /// <summary>Its end is missing: what is not there may have stood in that.</summary>
    public bool IsCut { get; }

    /// <summary>Null where it is none, or nested deeper than any product's.</summary>
    public static JsonAnswer? Of(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            return null;
        try
        {
            return new JsonAnswer(JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Deepest }));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What begins so, whatever follows; null where it is none so far, or nested deeper than any product's.</summary>
    public static JsonAnswer? OfBeginning(ReadOnlyMemory<byte> body)
    {
        try
        {
            byte[] closed = Closed(body.Span);
            return closed.Length == 0 ? null : new JsonAnswer(JsonDocument.Parse(closed), isCut: true);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Up to the last value that is whole, and then what closes all that is open.</summary>
    private static byte[] Closed(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = Deepest }));
        var open = new Stack<byte>();
        long end = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                open.Push(reader.TokenType == JsonTokenType.StartObject ? (byte)'}' : (byte)']');
            else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                open.Pop();
            if (reader.TokenType != JsonTokenType.PropertyName)
                end = reader.BytesConsumed;
        }

        return [.. body[..(int)end], .. open];
    }

    /// <summary>A text as it is, numbers and flags as they are written, a map or a list as an empty text; null where there is nothing.</summary>
    public string? Find(JsonPointer field)
    {
        try
        {
            JsonElement at = _document.RootElement;
            foreach (string step in field.Steps)
            {
                if (!TryStep(ref at, step))
                    return null;
            }

            return TextOf(at);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate, which JSON can write and no text can hold.
            return null;
        }
    }

    public void Dispose() => _document.Dispose();

    private static bool TryStep(ref JsonElement at, string step)
    {
        if (at.ValueKind == JsonValueKind.Object)
            return at.TryGetProperty(step, out at);
        // RFC 6901 has it for the place behind the last: it is there in every list.
        if (step == "-" && at.ValueKind == JsonValueKind.Array)
            return true;
        bool isIndex = int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
        if (at.ValueKind != JsonValueKind.Array || !isIndex || index >= at.GetArrayLength())
            return false;
        at = at[index];
        return true;
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => "",
    };
}
