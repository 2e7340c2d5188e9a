using System.Collections.Immutable;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Properties;

/// <summary>Spoils the text of a rule in the ways in which people, editors and enemies do.</summary>
internal sealed class RuleMutation(Random random)
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", "- ", ",", "\n", "\n  ", "\t", "#", "---\n", "&a ", "*a", "<<: ", "!!str ", "|\n", "\"", "'", "~", "null", "true", "\0", "\uFEFF", "\u0085", "\uD800", "😀",
        "0", "-1", "65536", "99999999999999999999", "1e9", ".nan", "''", "{}", "[]", "{operator: Matches, values: ['(a|a)*b', '(.*)*', '\\w{255}']}",
        "{operator: Matches, values: ['((a{50}){50}){50}']}", "{operator: HasWord, values: ['-', '', '--']}", "{operator: EndsWithWord, values: ['']}", "{operator: NotIn, values: [x]}",
        "{operator: DoesNotExist}", "any: ", "all: ", "not: ", "match: ", "ports: ", "labels: ", "selector: ", "name: ", "kind: ", "port: ", "enabled: false", "type: ", "toolset: ",
        "{endpoint.url}", "{a.b}", "${x}", "{{ x }}", "../..", "/a?b#c", "kubernetes", "custom", "overrides", "prometheus",
    ];

    /// <summary>One of the texts with a few changes; at times with none.</summary>
    public string Mutate(ImmutableArray<RuleFile> files)
    {
        string text = files[random.Next(files.Length)].Text;
        for (int changes = random.Next(5); changes > 0; changes--)
            text = Change(text, files);
        return text;
    }

    private string Change(string text, ImmutableArray<RuleFile> files)
    {
        int at = random.Next(text.Length + 1);
        int end = Math.Min(text.Length, at + random.Next(1, 40));
        return random.Next(9) switch
        {
            0 => text.Remove(at, end - at),
            1 => text.Insert(at, text[at..end]),
            2 => text.Insert(at, Piece()),
            3 => text.Remove(at, end - at).Insert(at, Piece()),
            4 => text.Insert(at, ((char)random.Next(0x20, 0x180)).ToString()),
            5 => text[..at] + files[random.Next(files.Length)].Text[..random.Next(100)],
            6 => text.Insert(at, string.Concat(Enumerable.Repeat(Piece(), random.Next(1, 300)))),
            7 => text + "\n---\n" + files[random.Next(files.Length)].Text,
            _ => ReplaceLine(text),
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

    private string Piece() => Pieces[random.Next(Pieces.Length)];
}
