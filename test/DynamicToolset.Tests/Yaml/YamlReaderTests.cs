using DynamicToolset.Messages;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Yaml;

public sealed class YamlReaderTests
{
    [Fact]
    public void Every_document_is_read_and_empty_ones_are_left_out()
    {
        YamlReading reading = YamlReader.Read("---\n# only a comment\n---\na: 1\n---\n- b\n...\n");
        Assert.Null(reading.Problem);
        Assert.Collection(
            reading.Documents,
            first => Assert.Equal("1", Assert.IsType<YamlNode.Scalar>(Assert.IsType<YamlNode.Mapping>(first)["a"]).Text),
            second => Assert.Single(Assert.IsType<YamlNode.Sequence>(second).Items));
    }

    [Fact]
    public void A_long_text_in_JSON_may_have_a_character_of_two_halves_anywhere()
    {
        for (int before = 4080; before < 4100; before++)
        {
            string text = new string('é', 2) + new string('a', before) + "😀" + new string('中', 5000);
            var list = Assert.IsType<YamlNode.Sequence>(Assert.Single(YamlReader.Read($"[\"{text}\"]").Documents));
            Assert.Equal(text, Assert.IsType<YamlNode.Scalar>(Assert.Single(list.Items)).Text);
        }
    }

    [Fact]
    public void A_node_knows_where_it_stood()
    {
        var root = Assert.IsType<YamlNode.Mapping>(Assert.Single(YamlReader.Read("a:\n  b: \"x\"\n").Documents));
        var inner = Assert.IsType<YamlNode.Mapping>(root["a"]);
        Assert.Equal(new YamlPosition(2, 3), inner.Entries[0].KeyPosition);
        Assert.Equal(new YamlPosition(2, 6), inner.Entries[0].Value.Position);
    }

    [Theory]
    [InlineData("a: 1", true)]
    [InlineData("a: '1'", false)]
    [InlineData("a: !!str 1", false)]
    [InlineData("a: |\n  1\n", false)]
    public void Only_a_text_without_quotes_or_tag_is_plain(string text, bool plain)
    {
        var root = Assert.IsType<YamlNode.Mapping>(Assert.Single(YamlReader.Read(text).Documents));
        Assert.Equal(plain, Assert.IsType<YamlNode.Scalar>(root["a"]).IsPlain);
    }

    [Theory]
    [InlineData("a: [1", 2, 1, "Here a list in brackets needs a comma or its ] at the end")]
    [InlineData("a:\n\tb: 2", 2, 1, "This line is indented with a tab")]
    [InlineData("a: b: c", 1, 5, "One colon too many")]
    [InlineData("a: 1\na: 2", 2, 1, "This key is a duplicate of line 1: keep one of them")]
    [InlineData("a: &x [1]\nb: *x", 2, 4, "Aliases are not allowed here")]
    [InlineData("- &x 1\n- *x\n- 2", 2, 3, "Aliases are not allowed here")]
    [InlineData("<<: {a: 1}", 1, 1, "Merge keys are not allowed here")]
    [InlineData("? [a]\n: b", 1, 3, "A key must be a text")]
    [InlineData("a: \"\\q\"", 1, 4, "This backslash in double quotes")]
    public void A_problem_says_where_and_what(string text, int line, int column, string start)
    {
        YamlReading reading = YamlReader.Read(text);
        Assert.Empty(reading.Documents);
        Assert.NotNull(reading.Problem);
        Assert.Equal(new YamlPosition(line, column), reading.Problem.Position);
        Assert.StartsWith(start, reading.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("- ")]
    [InlineData("{a: ")]
    public void Deep_nesting_is_refused_and_does_not_kill_the_process(string unit)
    {
        YamlReading reading = YamlReader.Read(string.Concat(Enumerable.Repeat(unit, 100_000)));
        Assert.Contains("more than 64 levels of nesting", reading.Problem?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1, 2]", 5, null)]
    [InlineData("a: [1, 2]", 4, "1:8")]
    [InlineData("a:\n  b: {c: 1}\n  d: 2", 8, "3:6")]
    [InlineData("- 1\n---\n- 2", 3, "3:3")]
    [InlineData("[1, 2]", 3, null)]
    [InlineData("[1,\n 2]", 2, "2:2")]
    [InlineData("{\"a\": {\"b\": 1}}", 5, null)]
    [InlineData("{\"a\": {\"b\": 1}}", 4, "1:13")]
    [InlineData("[1, 2, a]", 4, null)]
    public void Of_too_many_nodes_the_first_that_is_too_many_is_named(string text, int most, string? place)
    {
        var bound = new Bound("", most, "nodes", "");
        YamlProblem? problem = YamlReader.Read(text, bound).Problem;
        Assert.Equal(place is null ? null : $"{place}: Here the text has more than {most} nodes: shorten it", problem?.ToString());
    }

    [Fact]
    public void A_text_of_a_mebibyte_makes_no_millions_of_nodes() =>
        Assert.Contains("more than 30,000 keys", YamlReader.Read($"a: [{string.Concat(Enumerable.Repeat("a,", 450_000))}a]").Problem?.Message, StringComparison.Ordinal);

    [Fact]
    public void No_text_makes_the_reader_throw()
    {
        string[] fragments =
        [
            "a: ", "b: ", "- ", "? ", ": ", "*x", "&x ", "<<: ", "~", "1", "'q'", "\"", "'", "|\n", ">-\n", "\n", "\n  ", "\r\n", "\t", "[", "]", "{", "}", ", ",
            "# c\n", "---\n", "...\n", "!!str ", "!t ", "%YAML 1.2\n", "%TAG ! x\n", "\u0001", "\u2028", "\ud800", "é", "\\x4", "\"\\", "\\u", "d83d", "de00", "\\U", "0011", "FFFFFFFF", "`", "@", "=",
        ];
        Chance.Try(200_000, 1..199_999, random => YamlReader.Read(string.Concat(random.GetItems(fragments, random.Next(1, 16)))).Problem is not null);
    }
}
