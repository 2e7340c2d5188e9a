using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>
/// Writes a string so that it is JSON and YAML alike. The API server reads the body of an apply as YAML, and refuses the pair of escapes
/// that JSON writes for a character beyond U+FFFF (status 400, "invalid Unicode character escape code"): such a character goes out as it is.
/// </summary>
internal static class YamlSafeText
{
    private const char FirstSurrogate = '\uD800';
    private const char LastSurrogate = '\uDFFF';

    public static void Write(Utf8JsonWriter writer, string? value)
    {
        if (value is null || !value.AsSpan().ContainsAnyInRange(FirstSurrogate, LastSurrogate))
            writer.WriteStringValue(value);
        else
            writer.WriteRawValue(Quote(value));
    }

    private static string Quote(string value)
    {
        StringBuilder json = new StringBuilder(value.Length + 2).Append('"');
        int from = 0;
        while (value.AsSpan(from).IndexOfAnyInRange(FirstSurrogate, LastSurrogate) is >= 0 and int length)
        {
            int at = from + length;
            Append(json, value.AsSpan(from, length));
            bool isPair = Rune.TryGetRuneAt(value, at, out Rune character);
            json.Append(isPair ? character.ToString() : Rune.ReplacementChar.ToString());
            from = at + (isPair ? 2 : 1);
        }

        Append(json, value.AsSpan(from));
        return json.Append('"').ToString();
    }

    private static void Append(StringBuilder json, ReadOnlySpan<char> text) =>
        json.Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text.ToString()));
}
