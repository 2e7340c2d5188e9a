using System.Globalization;
using System.Text;

namespace DynamicToolset.Rules;

/// <summary>Text that somebody else chose, made fit for one line on a terminal.</summary>
internal static class QuotedText
{
    private const int Longest = 80;

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
}
