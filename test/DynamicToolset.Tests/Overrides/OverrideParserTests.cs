using DynamicToolset.Overrides;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Tests.Overrides;

public sealed class OverrideParserTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n---\n...\n")]
    [InlineData("{}")]
    [InlineData("~")]
    [InlineData("null\n")]
    [InlineData("\uFEFF")]
    public void Nothing_is_wanted_by_an_empty_text(string? text)
    {
        OverrideSet overrides = OverrideParser.Parse(text);
        Assert.Null(overrides.Problem);
        Assert.Empty(overrides.Entries);
    }

    [Theory]
    [InlineData("prometheus:\n  enabled: false\n")]
    [InlineData("prometheus:\r\n  enabled: false\r\n")]
    [InlineData("\uFEFFprometheus:\n  enabled: false\n")]
    [InlineData("prometheus: {enabled: false}")]
    [InlineData("{\"prometheus\": {\"enabled\": false}}")]
    [InlineData("{\n\t\"prometheus\": {\n\t\t\"enabled\": false\n\t}\n}\n")]
    [InlineData("\"prometheus\":\n  'enabled': no  # for now\n")]
    [InlineData("--- # mine\nprometheus: &anchor\n  enabled: Off\n...\n")]
    [InlineData("prometheus:\n      enabled:\tfalse\n")]
    public void One_wish_may_be_written_in_many_ways(string text)
    {
        OverrideSet overrides = OverrideParser.Parse(text);
        Assert.Null(overrides.Problem);
        Assert.Equal(["prometheus"], overrides.Entries.Keys);
        Assert.Equal(ToolsetValue.Map.Of(("enabled", new ToolsetValue.Flag(false))), overrides.Entries["prometheus"]);
    }

    [Fact]
    public void The_overview_s_example_is_understood()
    {
        OverrideSet overrides = OverrideParser.Parse(
            """
            custom-elasticsearch:
              enabled: true
              config:
                url: "http://elasticsearch.logging:9200"
                index: "logs-*"

            prometheus:
              enabled: false  # Temporarily disable
            """);
        Assert.Null(overrides.Problem);
        Assert.Equal(["custom-elasticsearch", "prometheus"], overrides.Entries.Keys);
        var config = Assert.IsType<ToolsetValue.Map>(overrides.Entries["custom-elasticsearch"]["config"]);
        Assert.Equal(new ToolsetValue.Text("logs-*"), config["index"]);
    }

    [Theory]
    [InlineData("- a\n", "1:1: the text must be a map of toolset names")]
    [InlineData("# c\n\n  just words\n", "3:3: the text must be a map of toolset names")]
    [InlineData("a: {}\n---\nb: {}\n", "3:1: a second document")]
    [InlineData("a: {}\nB: {}\n", "2:1: a toolset name is of the form")]
    [InlineData("a.b: {}\n", "1:1: a toolset name is of the form")]
    [InlineData("'': {}\n", "1:1: a toolset name is of the form")]
    [InlineData("\"a\\nb\": {}\n", "1:1: a toolset name is of the form")]
    [InlineData("overrides: {}\n", "1:1: this name is reserved")]
    [InlineData("a:\n", "1:")]
    [InlineData("a: true\n", "1:4: a toolset must be a map")]
    [InlineData("a:\n  - b\n", "2:3: a toolset must be a map")]
    [InlineData("a:\n  enabled: maybe\n", "2:12: \"enabled\" must be true or false")]
    [InlineData("a:\n  enabled: \"true\"\n", "2:12: \"enabled\" must be true or false")]
    [InlineData("a:\n  enabled: 1\n", "2:12: \"enabled\" must be true or false")]
    [InlineData("a:\n  enabled: [true]\n", "2:12: \"enabled\" must be true or false")]
    [InlineData("a:\n  config: http://x\n", "2:11: \"config\" must be a map")]
    [InlineData("a:\n  config: []\n", "2:11: \"config\" must be a map")]
    [InlineData("a:\n  toolset: b\n", "2:12: \"toolset\" is the key above")]
    [InlineData("a: {}\nb: {}\na: {}\n", "3:1: This key is there twice")]
    [InlineData("{\"a\": {}, \"a\": {}}", "1:11: This key is there twice")]
    [InlineData("a:\n  b: &x 1\n  c: *x\n", "3:6: Aliases are not taken here")]
    [InlineData("a:\n  <<: {}\n", "2:3: Merge keys are not taken here")]
    [InlineData("a:\n\tb: 1\n", "2:1: While scanning")]
    [InlineData("a: {\n", "2:1: While parsing")]
    [InlineData("a:\r\n  b: [\r\n", "3:1: While parsing")]
    public void A_text_of_the_wrong_shape_wants_nothing_and_the_problem_says_where(string text, string problem)
    {
        OverrideSet overrides = OverrideParser.Parse(text);
        Assert.Empty(overrides.Entries);
        Assert.StartsWith(problem, overrides.Problem?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_may_have_128_characters_at_every_depth()
    {
        string good = new('k', 128), bad = good + "k";
        Assert.Null(OverrideParser.Parse($"a: {{b: [{{{good}: 1}}]}}").Problem);
        Assert.Equal("1:10: a key may have at most 128 characters", OverrideParser.Parse($"a: {{b: [{{{bad}: 1}}]}}").Problem?.ToString());
    }

    /// <summary>A toolset that came second is called after its type, namespace and Service: 13 + 63 + 63 characters and more.</summary>
    [Fact]
    public void Every_name_that_a_toolset_can_get_can_be_overridden()
    {
        string longest = $"elasticsearch-{new string('n', 63)}-{new string('s', 63)}-{new string('f', 64)}";
        Assert.Null(OverrideParser.Parse($"{longest}: {{enabled: false}}").Problem);
        Assert.NotNull(OverrideParser.Parse($"{new string('n', 241)}: {{enabled: false}}").Problem);
    }

    [Fact]
    public void A_problem_never_repeats_a_word_of_the_text()
    {
        const string Secret = "S3cretW0rd";
        string[] pieces =
        [
            Secret, $"{Secret}: ", $"&{Secret} ", $"*{Secret}", $"!{Secret} ", $"!{Secret}!{Secret} ", $"!<{Secret}> ", $"%{Secret}\n", $"%TAG !{Secret}! {Secret}\n",
            $"\"{Secret}", $"'{Secret}'", $"\"\\{Secret}\"", $"|{Secret}\n", "a: ", "a:\n  ", "enabled: ", "config: ", "- ", "? ", "[", "]", "{", "}", "\n", "\t", "---\n", ", ",
        ];
        var random = new Random(17);
        int problems = 0;
        for (int i = 0; i < 50_000; i++)
        {
            string text = string.Concat(random.GetItems(pieces, random.Next(1, 8)));
            if (OverrideParser.Parse(text).Problem is not { } problem)
                continue;
            problems++;
            if (problem.Message.Contains(Secret, StringComparison.OrdinalIgnoreCase))
                Assert.Fail($"{problem} repeats a word of {text}");
        }

        Assert.InRange(problems, 10_000, 50_000);
    }

    [Fact]
    public void Half_a_mebibyte_is_read()
    {
        OverrideSet overrides = OverrideParser.Parse(OverrideTexts.Large(500 * 1024));
        Assert.Null(overrides.Problem);
        Assert.True(overrides.Entries.Count > 1000);
    }
}
