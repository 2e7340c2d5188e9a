using System.Text.Json;

namespace DynamicToolset.Kubernetes.Client.Json;

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
    public static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    public static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    public static string Text(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.String) ? reader.GetString()! : "";

    /// <summary>The same, for texts that recur.</summary>
    public static string Text(ref Utf8JsonReader reader, StringCache strings) =>
        Enter(ref reader, JsonTokenType.String) ? strings.Read(ref reader) : "";

    public static int Number(ref Utf8JsonReader reader) =>
        Enter(ref reader, JsonTokenType.Number) && reader.TryGetInt32(out int number) ? number : 0;

    public static bool IsTrue(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.True);
}
