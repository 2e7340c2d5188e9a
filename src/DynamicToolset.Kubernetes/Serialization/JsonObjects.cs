using System.Text.Json;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>The few moves that all projections are made of. The reader always holds the whole object.</summary>
internal static class JsonObjects
{
    /// <summary>Moves to the value; false where it is of another kind (null, for example), which is then skipped.</summary>
    public static bool Enter(ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start)
            return true;
        reader.Skip();
        return false;
    }

    /// <summary>Moves to the next property of the present object; false at its end.</summary>
    /// <exception cref="JsonException">Its name is no Unicode.</exception>
    public static bool NextProperty(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            return false;
        // To compare an escaped name that is half of a surrogate pair would throw as a bug does.
        if (reader.ValueIsEscaped)
            Characters(ref reader);
        return true;
    }

    public static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    public static string Text(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.String) ? Characters(ref reader) : "";

    /// <summary>The same, for texts that recur.</summary>
    public static string Text(ref Utf8JsonReader reader, StringCache strings) =>
        Enter(ref reader, JsonTokenType.String) ? strings.Read(ref reader) : "";

    /// <summary>A text, or a whole number in digits; empty for anything else.</summary>
    public static string TextOrDigits(ref Utf8JsonReader reader, StringCache strings)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return strings.Read(ref reader);
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number))
            return strings.Read(number);
        reader.Skip();
        return "";
    }

    /// <summary>The string or property name that the reader stands on.</summary>
    /// <exception cref="JsonException">It is no Unicode: a byte that is not UTF-8, or half of a surrogate pair.</exception>
    public static string Characters(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a text that is no Unicode", e);
        }
    }

    public static int Number(ref Utf8JsonReader reader) =>
        Enter(ref reader, JsonTokenType.Number) && reader.TryGetInt32(out int number) ? number : 0;

    /// <summary>Null where it is neither true nor false.</summary>
    public static bool? Switch(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return null;
    }

    /// <summary>Null where it is none.</summary>
    public static DateTimeOffset? Time(ref Utf8JsonReader reader) =>
        Enter(ref reader, JsonTokenType.String) && reader.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;

    public static bool IsTrue(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.True);
}
