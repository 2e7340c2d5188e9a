using System.Globalization;
using System.Text;

namespace DynamicToolset.Messages;

/// <summary>Text that somebody else chose, made fit for one line on a terminal.</summary>
public static class QuotedText
{
    private const int Longest = 80;

    /// <summary>As it is where it is a plain word such as a name, else as <see cref="Of"/>.</summary>
    public static string OrPlain(string text) => IsPlain(text) ? text : Of(text);

    /// <summary>In double quotes, cut short, with everything but printable ASCII escaped.</summary>
    public static string Of(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~')
                quoted.Append(c);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return quoted.Append(text.Length > Longest ? "…\"" : "\"").ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '/' or ':'))
                return false;
        }

        return text.Length is > 0 and <= Longest;
    }
}
