using System.Globalization;
using System.Text;

namespace DynamicToolset.Messages;

/// <summary>Text that somebody else chose, made fit for one line on a terminal.</summary>
public static class QuotedText
{
    private const int Longest = 80;

    /// <summary>As it is where it is a plain word such as a name, else as <see cref="Of"/>.</summary>
    public static string OrPlain(string text) => OrPlainUpTo(Longest, text);

    /// <param name="longest">In characters of the text.</param>
    public static string OrPlainUpTo(int longest, string text) => IsPlain(text, longest) ? text : UpTo(longest, text);

    /// <summary>In double quotes, cut short and its length told, with everything but printable ASCII escaped.</summary>
    public static string Of(string text) => UpTo(Longest, text);

    private static string UpTo(int longest, string text)
    {
        int kept = Math.Min(text.Length, longest);
        var quoted = new StringBuilder("\"", kept + 2);
        foreach (char c in text.AsSpan(0, kept))
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~')
                quoted.Append(c);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return kept == text.Length
            ? quoted.Append('"').ToString()
            : quoted.Append(CultureInfo.InvariantCulture, $"…\" ({text.Length:#,0} characters)").ToString();
    }

    /// <summary>
    /// Words of another program as they are, whatever their language, but on one line, cut short, and with nothing in them that would be obeyed: what
    /// moves a cursor or turns the direction of writing becomes a blank.
    /// </summary>
    public static string OnOneLine(string text, int longest)
    {
        var line = new StringBuilder(Math.Min(text.Length, longest));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > longest)
                return line.Append('…').ToString();
            line.Append(IsObeyed(rune) ? " " : rune.ToString());
        }

        return line.ToString();
    }

    /// <summary>Not what a terminal shows but what it does: controls, and the marks by which text is turned around or hidden.</summary>
    public static bool IsObeyed(Rune rune) => IsObeyed(Rune.GetUnicodeCategory(rune));

    /// <summary>As above; of a rune of two characters it says nothing.</summary>
    public static bool IsObeyed(char c) => IsObeyed(CharUnicodeInfo.GetUnicodeCategory(c));

    private static bool IsObeyed(UnicodeCategory category) => category is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsPlain(string text, int longest)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '/' or ':'))
                return false;
        }

        return text.Length > 0 && text.Length <= longest;
    }
}
