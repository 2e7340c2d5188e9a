using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Validation;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

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
    [MemberData(nameof(MalformedOverrides.Rows), MemberType = typeof(MalformedOverrides))]
    public void A_text_of_the_wrong_shape_wants_nothing_and_the_problem_says_where(string text, string problem)
    {
        OverrideSet overrides = OverrideParser.Parse(text);
        Assert.Empty(overrides.Entries);
        Assert.StartsWith(problem, overrides.Problem?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(MalformedOverrides.Rows), MemberType = typeof(MalformedOverrides))]
    public void The_annotation_and_the_check_of_a_file_say_the_same(string text, string problem)
    {
        string? annotation = OverrideState.Start.Next(OverrideParser.Parse(text)).Problems.Single().ToString();
        Assert.StartsWith($"overrides.yaml:{problem}", annotation, StringComparison.Ordinal);
        var problems = FileCheck.Of([new RuleFile("overrides.yaml", text)]).Problems;
        Assert.Equal(annotation, problems.Length == 1 ? $"{problems[0]}" : $"{problems[0]} (and {problems.Length - 1} more)");
    }

    [Theory]
    [MemberData(nameof(MalformedOverrides.Rows), MemberType = typeof(MalformedOverrides))]
    public void The_place_is_the_same_however_lines_end(string text, string problem)
    {
        string crlf = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.StartsWith(problem, OverrideParser.Parse(crlf).Problem?.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(problem, OverrideParser.Parse("\uFEFF" + crlf).Problem?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{url: u}", "{config: {url: u}}")]
    [InlineData("{url: 'http://p.m:9090', timeout: 60s}", "{config: {url: 'http://p.m:9090', timeout: 60s}}")]
    [InlineData("{timeout: 60s, enabled: false, url: u}", "{enabled: false, config: {timeout: 60s, url: u}}")]
    [InlineData("{description: d, url: u, llm_instructions: i}", "{description: d, llm_instructions: i, config: {url: u}}")]
    [InlineData("{note: {url: u}, list: [1]}", "{config: {note: {url: u}, list: [1]}}")]
    [InlineData("{Enabled: no}", "{config: {Enabled: no}}")]
    [InlineData("{}", "{}")]
    [InlineData("{enabled: no}", "{enabled: no}")]
    [InlineData("{enabled: no, description: d, llm_instructions: i}", "{enabled: no, description: d, llm_instructions: i}")]
    [InlineData("{url: u, config: {}}", "{url: u, config: {}}")]
    [InlineData("{url: u, config: {index: i}, note: n}", "{url: u, config: {index: i}, note: n}")]
    public void Without_config_the_keys_are_those_of_the_configuration(string shorthand, string meant)
    {
        OverrideSet overrides = OverrideParser.Parse($"a: {shorthand}");
        Assert.Null(overrides.Problem);
        Assert.Equal(ToolsetValueReader.ReadMap((YamlNode.Mapping)YamlReader.Read(meant).Documents.Single()), overrides.Entries["a"]);
    }

    [Theory]
    [InlineData("tools: {enabled: true, config: {url: u}}", "tools")]
    [InlineData("toolsets: {enabled: true, url: u}", "toolsets")]
    [InlineData("toolsets: {config: {a: {b: c}}}", "toolsets")]
    [InlineData("toolsets: {url: u, labels: {a: b}}", "toolsets")]
    [InlineData("toolsets: {}", "toolsets")]
    [InlineData("holmes: {url: u}", "holmes")]
    [InlineData("config: {url: u}", "config")]
    [InlineData("a: {config: {tools: [b]}}", "a")]
    public void A_name_that_means_something_elsewhere_is_a_name_here(string text, string name)
    {
        OverrideSet overrides = OverrideParser.Parse(text);
        Assert.Null(overrides.Problem);
        Assert.Equal([name], overrides.Entries.Keys);
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
            $"\"{Secret}", $"'{Secret}'", $"\"\\{Secret}\"", $"|{Secret}\n", "a: ", "a:\n  ", "enabled: ", "config: ", "headers: {", "password: ", "url: ", $"{Secret}’ ", "- ", "? ", "[", "]", "{", "}", "\n", "\t", "---\n", ", ",
        ];
        Chance.Try(50_000, 10_000..50_000, random =>
        {
            string text = string.Concat(random.GetItems(pieces, random.Next(1, 8)));
            if (OverrideParser.Parse(text).Problem is not { } problem)
                return false;
            if (problem.Message.Contains(Secret, StringComparison.OrdinalIgnoreCase))
                Assert.Fail($"{problem} repeats a word of {text}");
            return true;
        });
    }

    [Fact]
    public void Half_a_mebibyte_is_read()
    {
        OverrideSet overrides = OverrideParser.Parse(OverrideTexts.Large(500 * 1024));
        Assert.Null(overrides.Problem);
        Assert.True(overrides.Entries.Count > 1000);
    }
}
