using System.Globalization;
using System.Text;

namespace DynamicToolset.Testing;

/// <summary>A text of up to a mebibyte that comes to much for its length: one piece again and again.</summary>
/// <param name="Piece">Where it has an @ there is a number, another one each time.</param>
public sealed record RepeatedText(string Start, string Piece, string End)
{
    private const int Longest = 1024 * 1024;

    private const int Halvings = 5;

    /// <summary>What is nothing, or all too much, to every reader of YAML.</summary>
    public static IReadOnlyList<RepeatedText> Anywhere { get; } =
    [
        new("", "[", ""), new("", "{a: ", ""), new("", "- ", ""), new("", "? ", ""), new("[", "a,", "]"), new("[", "[],", "]"), new("[", "{},", "]"), new("[", "a: b,", "]"), new("", "- - a\n", ""), new("", "---\n", ""),
        new("", "--- a\n", ""), new("", "&a@ ", ""), new("a: &a [a]\nb: [", "*a,", "]"), new("", "- &a@ a\n- *a@\n", ""), new("", "<<: {}\n", ""), new("", "a@:\n", ""), new("", "# a\n", ""), new("", " ", ""), new("", "\n", ""), new("", "\t", ""),
        new("a: \"", "\\u00e9", "\""), new("a: '", "''", "'"), new("a: |\n", "  a\n", ""), new("a: ", "a", ""), new("", "!!str ", ""), new("", "é", ""), new("{", "\"a@\":[],", "\"z\":0}"), new("[", "\"\",", "0]"), new("", "{}\n", ""),
    ];

    /// <param name="mutation">Spoils the piece at times.</param>
    public string Make(Random random, TextMutation mutation)
    {
        string piece = random.Next(3) == 0 ? mutation.Change(Piece) : Piece;
        int length = Longest >> random.Next(Halvings);
        var text = new StringBuilder(Start);
        int size = Encoding.UTF8.GetByteCount(Start) + Encoding.UTF8.GetByteCount(End);
        for (int i = 0; piece.Length > 0; i++)
        {
            string next = piece.Replace("@", i.ToString("x", CultureInfo.InvariantCulture), StringComparison.Ordinal);
            size += Encoding.UTF8.GetByteCount(next);
            if (size > length)
                break;
            text.Append(next);
        }

        return text.Append(End).ToString();
    }
}
