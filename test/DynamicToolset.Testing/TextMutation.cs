namespace DynamicToolset.Testing;

/// <summary>Spoils texts in the ways in which people, editors and enemies do.</summary>
/// <param name="texts">That are right; at least one.</param>
/// <param name="pieces">That mean something in such a text.</param>
public sealed class TextMutation(Random random, IReadOnlyList<string> texts, IReadOnlyList<string> pieces)
{
    private static readonly string[] Everywhere =
    [
        "{", "}", "[", "]", ":", ": ", "- ", ",", "\n", "\n  ", "\t", "#", "---\n", "&a ", "*a", "<<: ", "!!str ", "|\n", "\"", "'", "~", "null", "true", "\0", "\uFEFF", "\u0085", "\uD800", "😀",
        "0", "7", "-1", "1.5", "65536", "99999999999999999999", "2147483647", "1e9", ".nan", "''", "{}", "[]", "[thing]", "{some: thing}", "some words", "’", "\u001b",
    ];

    /// <summary>One of the texts with a few changes; at times with none.</summary>
    public string Next()
    {
        string text = Text();
        for (int changes = random.Next(5); changes > 0; changes--)
            text = Change(text);
        return text;
    }

    /// <summary>What may stand anywhere, and seldom belongs there.</summary>
    public string Piece() => random.Next(2) == 0 ? Everywhere[random.Next(Everywhere.Length)] : pieces[random.Next(pieces.Count)];

    public string Change(string text)
    {
        int at = random.Next(text.Length + 1);
        int end = Math.Min(text.Length, at + random.Next(1, 40));
        return random.Next(11) switch
        {
            0 => text.Remove(at, end - at),
            1 => text.Insert(at, text[at..end]),
            2 => text.Insert(at, Piece()),
            3 => text.Remove(at, end - at).Insert(at, Piece()),
            4 => text.Insert(at, ((char)random.Next(0x20, 0x180)).ToString()),
            5 => text[..at] + Text(),
            6 => text.Insert(at, string.Concat(Enumerable.Repeat(Piece(), random.Next(1, 300)))),
            7 => text + "\n---\n" + Text(),
            8 => ReplaceLine(text),
            _ => ReplaceValue(text, at),
        };
    }

    /// <summary>A value of one line for that of another, which keeps the form and spoils the meaning.</summary>
    private string ReplaceLine(string text)
    {
        string[] lines = text.Split('\n');
        int line = random.Next(lines.Length);
        int colon = lines[line].IndexOf(": ", StringComparison.Ordinal);
        if (colon >= 0)
            lines[line] = lines[line][..(colon + 2)] + Piece();
        return string.Join('\n', lines);
    }

    /// <summary>The same of a value anywhere in a line: up to where the next one begins, or the map or the list ends.</summary>
    private string ReplaceValue(string text, int from)
    {
        int colon = text.IndexOf(": ", from, StringComparison.Ordinal);
        if (colon < 0)
            return text;
        int start = colon + 2, end = text.AsSpan(start).IndexOfAny(",}]\n");
        return end < 0 ? text[..start] + Piece() : text[..start] + Piece() + text[(start + end)..];
    }

    private string Text() => texts[random.Next(texts.Count)];
}
