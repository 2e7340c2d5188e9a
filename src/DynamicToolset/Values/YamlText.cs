using System.Text;

namespace DynamicToolset.Values;

/// <summary>
/// Scalars that every YAML reader, of version 1.1 or 1.2, takes for the string they are: always in double quotes with JSON's escapes,
/// but for words that can mean nothing else.
/// </summary>
internal static class YamlText
{
    /// <summary>Appends the text in double quotes.</summary>
    public static StringBuilder AppendQuoted(this StringBuilder yaml, string text)
    {
        yaml.Append('"');
        foreach (Rune rune in text.EnumerateRunes())
            AppendEscaped(yaml, rune);
        return yaml.Append('"');
    }

    /// <summary>Appends a key or a name: as it is where it can only be a string, else in quotes.</summary>
    public static StringBuilder AppendWord(this StringBuilder yaml, string text) =>
        IsWord(text) ? yaml.Append(text) : yaml.AppendQuoted(text);

    private static void AppendEscaped(StringBuilder yaml, Rune rune)
    {
        string? escape = rune.Value switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => null,
        };
        if (escape is not null)
            yaml.Append(escape);
        else if (IsPrintable(rune.Value))
            yaml.Append(rune.ToString());
        else
            yaml.Append("\\u").Append(rune.Value.ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// The printable characters of YAML 1.1 without its line breaks (NEL, LS, PS) and the byte order mark: a reader may fold or refuse those.
    /// All beyond the Basic Multilingual Plane are among them, so that four digits are enough for the others.
    /// </summary>
    internal static bool IsPrintable(int c) => c
        is (>= 0x20 and <= 0x7E)
        or (>= 0xA0 and <= 0xD7FF and not 0x2028 and not 0x2029)
        or (>= 0xE000 and <= 0xFFFD and not 0xFEFF)
        or >= 0x10000;

    private static bool IsWord(string text)
    {
        if (text.Length is 0 or > 64 || !char.IsAsciiLetter(text[0]) || IsReserved(text))
            return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/'))
                return false;
        }

        return true;
    }

    /// <summary>The words that some version of YAML takes for a boolean or null.</summary>
    private static bool IsReserved(string text) =>
        text.ToUpperInvariant() is "Y" or "N" or "YES" or "NO" or "ON" or "OFF" or "TRUE" or "FALSE" or "NULL";
}
