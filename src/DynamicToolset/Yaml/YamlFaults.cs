using SharpYaml;

namespace DynamicToolset.Yaml;

/// <summary>What the parser finds wrong with a text, in words that say what to do. They never quote the text, which may hold secrets.</summary>
internal static class YamlFaults
{
    public const string NoCharacter = "An escape after this place stands for no character: write the character itself";

    public const string Tab = "A tab indents this line, and YAML takes only spaces there: put spaces in its place";

    public const string NoText = "A character that no text has: this is UTF-16 without a byte order mark, or no text at all";

    private const string Directive = "A line that begins with % is no text here, and no directive either: leave it out, or put the text in quotes";
    private const string Tag = "Here a tag is expected, which begins with !: leave it out, or put the text in quotes";

    public static readonly string TooDeep = $"Here the text has more than {YamlReader.Depth}: make it flatter";

    /// <summary>By a part of the parser's own sentence. The first that fits counts.</summary>
    private static readonly (string Sentence, string Words)[] Known =
    [
        ("nesting depth", TooDeep),
        ("find a tab character", Tab),
        ("<document start>", "Before this line one with --- is missing"),
        ("undefined tag handle", Tag),
        ("expected node content", "Here a value is expected: a bracket or a comma stands in its place, or text with brackets needs quotes"),
        ("block collection", "This line is no item of the list above it: an item begins with a dash below the dashes of the others"),
        ("block mapping", "Here a key with a colon is expected: look at the indentation, and for text behind a closing quote or bracket"),
        ("flow sequence", "Here a list in brackets needs a comma or its ] at the end"),
        ("flow mapping", "Here a map in braces needs a comma or its } at the end"),
        ("simple key", "This key has no colon behind it"),
        ("cannot start any token", "No value begins with this character: put the text in quotes"),
        ("Block sequence entries", "A list cannot begin in this place: put its first dash into a line of its own"),
        ("Mapping keys", "A key cannot begin in this place: put it into a line of its own"),
        ("Mapping values", "A colon too many, or a line that is indented otherwise than those above: put text with a colon in quotes, or mend the indentation"),
        ("anchor or alias", "Behind & and * the name of an anchor is expected, of letters and digits: put the text in quotes"),
        ("equal to 0", "The number behind | or > is one from 1 to 9"),
        ("block scalar", "Nothing may follow | or > in its line: the text begins in the next one"),
        ("document indicator", "The quote that is opened here is not closed before the document ends"),
        ("quoted scalar, find unexpected end", "The quote that is opened here is never closed"),
        ("unknown escape character", "A backslash in double quotes stands before no escape that there is: write two of them, or use single quotes"),
        ("hexdecimal", "An escape with \\x, \\u or \\U lacks hexadecimal digits"),
        ("escape code", NoCharacter),
        ("duplicate %", "This directive is there twice: keep one of them"),
        ("incompatible", "Only YAML 1.1 and 1.2 are read: leave the directive out"),
        ("directive", Directive),
        ("version number", Directive),
        ("a tag", Tag),
    ];

    /// <summary>For every sentence of the parser that is not known.</summary>
    private const string Other = "This is no YAML";

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
