using SharpYaml;

namespace DynamicToolset.Yaml;

/// <summary>What the parser finds wrong with a text, in words that say what to do. They never quote the text, which may hold secrets.</summary>
internal static class YamlFaults
{
    public const string NoCharacter = "An escape after this place is not a character: write the character itself";

    public const string Tab = "This line is indented with a tab, but YAML allows only spaces: use spaces";

    public const string NoText = "This character does not occur in text: the file is UTF-16 without a byte order mark, or not text";

    private const string Directive = "A line that begins with % must be a directive here: remove it, or put the text in quotes";
    private const string Tag = "Here a tag is expected, which begins with !: remove it, or put the text in quotes";

    public static readonly string TooDeep = $"Here the text has more than {YamlReader.Depth}: make it flatter";

    /// <summary>By a part of the parser's own sentence. The first that fits counts.</summary>
    private static readonly (string Sentence, string Words)[] Known =
    [
        ("nesting depth", TooDeep),
        ("find a tab character", Tab),
        ("<document start>", "Before this line one with --- is missing"),
        ("undefined tag handle", Tag),
        ("expected node content", "Here a value is expected, not a bracket or a comma: put text with brackets in quotes"),
        ("block collection", "This line is not an item of the list above it: an item begins with a dash, below the other dashes"),
        ("block mapping", "Here a key with a colon is expected: check the indentation, and look for text after a closing quote or bracket"),
        ("flow sequence", "Here a list in brackets needs a comma or its ] at the end"),
        ("flow mapping", "Here a map in braces needs a comma or its } at the end"),
        ("simple key", "There is no colon after this key"),
        ("cannot start any token", "No value begins with this character: put the text in quotes"),
        ("Block sequence entries", "A list cannot begin here: put its first dash on a line of its own"),
        ("Mapping keys", "A key cannot begin here: put it on a line of its own"),
        ("Mapping values", "One colon too many, or a wrong indentation: put text with a colon in quotes, or fix the indentation"),
        ("anchor or alias", "After & and * the name of an anchor is expected, of letters and digits: put the text in quotes"),
        ("equal to 0", "The number after | or > must be from 1 to 9"),
        ("block scalar", "Nothing may follow | or > on its line: the text begins on the next one"),
        ("document indicator", "The quote that is opened here is not closed before the document ends"),
        ("quoted scalar, find unexpected end", "The quote that is opened here is never closed"),
        ("unknown escape character", "This backslash in double quotes is not a known escape: write two of them, or use single quotes"),
        ("hexdecimal", "An escape with \\x, \\u or \\U lacks hexadecimal digits"),
        ("escape code", NoCharacter),
        ("duplicate %", "This directive is a duplicate: keep one of them"),
        ("incompatible", "Only YAML 1.1 and 1.2 are read: remove the directive"),
        ("directive", Directive),
        ("version number", Directive),
        ("a tag", Tag),
    ];

    /// <summary>For every sentence of the parser that is not known.</summary>
    private const string Other = "This is not YAML";

    public static string WordsFor(YamlException fault)
    {
        string message = fault.Message;
        foreach ((string sentence, string words) in Known)
        {
            if (message.Contains(sentence, StringComparison.Ordinal))
                return words;
        }

        return Other;
    }
}
