using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Yaml;

/// <summary>Everything that the parser was seen to refuse. Its own words are for people who write parsers.</summary>
public sealed class YamlFaultsTests
{
    [Theory]
    [InlineData("a:\n\tb: 1", "2:1: This line is indented with a tab")]
    [InlineData("a: 1\n\tb: 2", "2:1: This line is indented with a tab")]
    [InlineData("a:\n  b: 1\n\tc: 2", "3:1: This line is indented with a tab")]
    [InlineData("a:\n  b: 1\n  \tc: 2", "3:3: This line is indented with a tab")]
    [InlineData("\ta: 1", "1:1: This line is indented with a tab")]
    [InlineData("a: |\n\tx", "2:1: This line is indented with a tab")]
    [InlineData("- a\n\t- b", "2:1: This line is indented with a tab")]
    [InlineData("a: b\n\t\nc: d", "2:1: This line is indented with a tab")]
    [InlineData("# c\n\t# d\na: b", "2:1: This line is indented with a tab")]
    [InlineData("a: 1\n---\nb:\n\tc: 1", "4:1: This line is indented with a tab")]
    [InlineData("a: b: c", "1:5: One colon too many")]
    [InlineData("a: 1\n b: 2", "2:3: One colon too many")]
    [InlineData("no colon\na: b", "2:2: One colon too many")]
    [InlineData("--- a: b", "1:6: One colon too many")]
    [InlineData("a: [1", "2:1: Here a list in brackets needs a comma or its ]")]
    [InlineData("a: [b, c\nd: e", "2:2: Here a list in brackets")]
    [InlineData("a: {b: [1}", "1:10: Here a list in brackets")]
    [InlineData("a: {b: c", "2:1: Here a map in braces")]
    [InlineData("a: {", "2:1: Here a value is expected")]
    [InlineData("a: ]", "1:4: Here a value is expected")]
    [InlineData("a: , b", "1:4: Here a value is expected")]
    [InlineData("a: 'x", "1:4: The quote that is opened here is never closed")]
    [InlineData("a: \"x", "1:4: The quote that is opened here is never closed")]
    [InlineData("a: \"\\q\"", "1:4: This backslash in double quotes")]
    [InlineData("a: \"\\xZZ\"", "1:4: An escape with \\x, \\u or \\U")]
    [InlineData("a: \"\\ud800\"", "1:4: An escape after this place is not a character")]
    [InlineData("a: @x", "1:4: No value begins with this character")]
    [InlineData("a: `x", "1:4: No value begins with this character")]
    [InlineData("a: %x", "1:4: No value begins with this character")]
    [InlineData("%x\n---\n", "1:1: A line that begins with %")]
    [InlineData("%YAML x\n---\n", "1:1: A line that begins with %")]
    [InlineData("%YAML 123456789012.1\n---\n", "1:1: A line that begins with %")]
    [InlineData("%TAG x\n---\n", "1:1: Here a tag is expected")]
    [InlineData("%YAML 1.2\n%YAML 1.2\n---\n", "2:1: This directive is a duplicate")]
    [InlineData("%TAG ! x\n%TAG ! y\n---\na: 1", "2:1: This directive is a duplicate")]
    [InlineData("%YAML 2.0\n---\na", "1:1: Only YAML 1.1 and 1.2 are read")]
    [InlineData("%YAML 1.2\na: 1", "2:1: Before this line one with --- is missing")]
    [InlineData("a: &", "1:4: After & and * the name of an anchor")]
    [InlineData("a: *", "1:4: After & and * the name of an anchor")]
    [InlineData("a: !x!y z", "1:4: Here a tag is expected")]
    [InlineData("a: !<x", "1:4: Here a tag is expected")]
    [InlineData("a: !<%zz> b", "1:4: Here a tag is expected")]
    [InlineData("- a\nb: c", "2:1: This line is not an item of the list above it")]
    [InlineData("a:\n  - b\n  c: d", "3:3: This line is not an item of the list above it")]
    [InlineData("a: \"b\" c", "1:8: Here a key with a colon is expected")]
    [InlineData("a: |\n  x\n y", "3:2: Here a key with a colon is expected")]
    [InlineData("a: - b", "1:4: A list cannot begin here")]
    [InlineData("a: ? b", "1:4: A key cannot begin here")]
    [InlineData("a: |2x\n", "1:4: Nothing may follow | or >")]
    [InlineData("a: >x", "1:4: Nothing may follow | or >")]
    [InlineData("a: |0\n", "1:4: The number after | or > must be from 1 to 9")]
    [InlineData("a: 'x\n...\nb'", "1:4: The quote that is opened here is never closed")]
    [InlineData("a: 1\nb\0: 2", "2:2: This character does not occur in text")]
    [InlineData("a\0:\0 \0b\0", "1:2: This character does not occur in text")]
    [InlineData("\0", "1:1: This character does not occur in text")]
    [InlineData("{a: b\n? c", "2:1: Here a map in braces")]
    public void Each_fault_is_told_in_words_that_say_what_to_do(string text, string problem)
    {
        YamlProblem? found = YamlReader.Read(text).Problem;
        Assert.StartsWith(problem, found?.ToString(), StringComparison.Ordinal);
        Assert.False(found!.Message is "This is not YAML" || found.Message.StartsWith("While", StringComparison.Ordinal), found.Message);
    }
}
