using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Yaml;

/// <summary>Each line was read with PyYAML 6.0.</summary>
public sealed class PythonYamlTests
{
    private static readonly Bound Most = YamlReader.Bounded("a test", 1_000);

    [Theory]
    [InlineData("on", PythonKind.Boolean)]
    [InlineData("No", PythonKind.Boolean)]
    [InlineData("y", PythonKind.Text)]
    [InlineData("oN", PythonKind.Text)]
    [InlineData("~", PythonKind.Null)]
    [InlineData("Null", PythonKind.Null)]
    [InlineData("nULL", PythonKind.Text)]
    [InlineData("+1", PythonKind.Whole)]
    [InlineData("1_000", PythonKind.Whole)]
    [InlineData("0x1F", PythonKind.Whole)]
    [InlineData("0b11", PythonKind.Whole)]
    [InlineData("012", PythonKind.Whole)]
    [InlineData("08", PythonKind.Text)]
    [InlineData("0o14", PythonKind.Text)]
    [InlineData("12:30:00", PythonKind.Whole)]
    [InlineData("1:99", PythonKind.Text)]
    [InlineData("190:20:30.15", PythonKind.Real)]
    [InlineData("1.", PythonKind.Real)]
    [InlineData("1e3", PythonKind.Text)]
    [InlineData("1.5e+3", PythonKind.Real)]
    [InlineData("1.5e3", PythonKind.Text)]
    [InlineData("+.5", PythonKind.Text)]
    [InlineData("-.inf", PythonKind.Real)]
    [InlineData(".NaN", PythonKind.Real)]
    [InlineData("2024-01-01", PythonKind.Date)]
    [InlineData("2024-1-1", PythonKind.Text)]
    [InlineData("2024-1-1 1:02:03", PythonKind.Date)]
    [InlineData("2001-12-14t21:59:43.10-05:00", PythonKind.Date)]
    [InlineData("!!str 5", PythonKind.Text)]
    [InlineData("!!int \"5\"", PythonKind.Whole)]
    [InlineData("! 5", PythonKind.Whole)]
    [InlineData("\"5\"", PythonKind.Text)]
    [InlineData("\"\\ud83d\\ude00 \\\\ud83d\"", PythonKind.Text)]
    [InlineData("a.b # c", PythonKind.Text)]
    public void A_scalar_is_what_PyYAML_takes_it_for(string text, PythonKind kind) => Assert.Equal(kind, PythonScalar.KindOf(Value(text)));

    [Theory]
    [InlineData("a: =", 1, 4)]
    [InlineData("a: 0x_", 1, 4)]
    [InlineData("a: 2024-02-30", 1, 4)]
    [InlineData("a: !foo x", 1, 4)]
    [InlineData("a: !!python/name:os.system x", 1, 4)]
    [InlineData("a: !!int x", 1, 4)]
    [InlineData("a: !!map []", 1, 4)]
    [InlineData("a: *b", 1, 4)]
    [InlineData("a: &a [*a]", 1, 8)]
    [InlineData("a: &x 1\nb: &x 2", 2, 4)]
    [InlineData("a:\tb", 1, 3)]
    [InlineData("a: b\t", 1, 5)]
    [InlineData("a: b\n\t\nc: d", 2, 1)]
    [InlineData("a: \"b\"\t# c", 1, 7)]
    [InlineData("a: b\u0007", 1, 5)]
    [InlineData("a: b\n# \u007F", 2, 3)]
    [InlineData("a: b\uFFFE", 1, 5)]
    [InlineData("? [a]\n: b", 1, 3)]
    [InlineData("<<: 5", 1, 1)]
    [InlineData("%YAML 2.0\n---\na: b", 1, 1)]
    [InlineData("a: \"\\U00110000\"", 1, 4)]
    public void What_PyYAML_refuses_is_refused_at_its_place(string text, int line, int column)
    {
        PythonReading reading = PythonYaml.Read(text, Most);
        Assert.Null(reading.Document);
        Assert.Equal(new YamlPosition(line, column), reading.Problem!.Position);
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.Equal("1:5", PythonYaml.Read("a: b" + '\uD800', Most).Problem!.Position.ToString());

    [Theory]
    [InlineData("a: \"b\tc\"")]
    [InlineData("a: 'b\t'")]
    [InlineData("a: |\n  b\tc\n  \td")]
    [InlineData("a: b # c\td")]
    [InlineData("#\ta\na: b")]
    [InlineData("\uFEFFa: b")]
    [InlineData("a: b\u0085")]
    [InlineData("%YAML 1.2\n---\na: b")]
    public void A_tab_in_quotes_a_block_or_a_comment_is_taken_and_so_is_what_is_not_printed_but_known(string text) =>
        Assert.NotNull(PythonYaml.Read(text, Most).Document);

    [Fact]
    public void Of_equal_keys_the_last_counts_and_is_told()
    {
        PythonReading reading = PythonYaml.Read("a: 1\n'a': 2\n5: 6\n'5': 7", Most);
        Assert.Equal(["a 2", "5 6", "5 7"], Entries(reading.Document));
        Assert.Equal(["2:1"], reading.Repeated.Select(e => e.KeyPosition.ToString()));
    }

    [Fact]
    public void What_is_merged_stands_behind_what_is_written_and_the_first_map_before_the_second()
    {
        PythonReading reading = PythonYaml.Read("x: &x {a: 1, b: 1, c: 1}\ny: &y {b: 2, d: 2}\nz: {<<: [*y, *x], c: 3}", Most);
        Assert.Equal(["a 1", "b 2", "c 3", "d 2"], Entries(((YamlNode.Mapping)reading.Document!)["z"]).Order());
        Assert.Empty(reading.Repeated);
    }

    [Fact]
    public void Aliases_are_counted_as_often_as_they_are_named()
    {
        string text = "a0: &a0 [1, 1, 1]\n" + string.Concat(Enumerable.Range(1, 8).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n"));
        Assert.Contains("has more than 1,000", PythonYaml.Read(text, Most).Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_nest_no_deeper_than_a_text_may()
    {
        string text = "a0: &a0 [1]\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n"));
        Assert.Contains("nest too deep", PythonYaml.Read(text, YamlReader.Bounded("a test", 100_000)).Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_document_is_told_and_the_first_is_read()
    {
        PythonReading reading = PythonYaml.Read("a: 1\n---\n", Most);
        Assert.Equal("2:1", reading.Second.ToString());
        Assert.Equal(["a 1"], Entries(reading.Document));
    }

    private static YamlNode Value(string text) => ((YamlNode.Mapping)PythonYaml.Read($"a: {text}", Most).Document!)["a"]!;

    private static IEnumerable<string> Entries(YamlNode? map) => ((YamlNode.Mapping)map!).Entries.Select(e => $"{e.Key} {(e.Value as YamlNode.Scalar)?.Text}");
}
