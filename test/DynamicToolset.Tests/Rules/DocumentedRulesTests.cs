using System.Text.RegularExpressions;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rules;

/// <summary>The page that teaches the format is held to the parser.</summary>
public sealed partial class DocumentedRulesTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "detector-rules.md"));

    [Fact]
    public void Every_rule_on_the_page_is_right_and_the_first_finds_what_it_says()
    {
        RuleFile[] rules = [.. YamlBlock().Matches(Page).Select(m => m.Groups[1].Value).Where(t => t.Contains("kind: DetectorRule", StringComparison.Ordinal)).Select(t => new RuleFile("page", t))];
        Assert.Equal(3, rules.Length);
        RuleSetReading reading = BuiltInRules.With(rules);
        Assert.Empty(reading.Problems);
        var detector = new Detector(reading.RuleSet!);
        Assert.Equal("pyroscope", Assert.IsType<Detection.Matched>(detector.Detect(ServiceText.Parse("profiling/pyroscope http2:4040"))).Type);
        Assert.IsType<Detection.NotMatched>(detector.Detect(ServiceText.Parse("profiling/pyroscope-ingester app.kubernetes.io/name=pyroscope http2:4040")));
    }

    [Theory]
    [InlineData("unknown: 1")]
    [InlineData("match: {unknown: 1}")]
    [InlineData("ports: [{unknown: 1}]")]
    [InlineData("health: {unknown: 1}")]
    [InlineData("twins: {unknown: 1}")]
    [InlineData("toolset: {unknown: 1}")]
    public void Every_field_that_the_parser_knows_is_on_the_page(string line)
    {
        string message = RuleParser.Read(new RuleFile("x", RuleText.WithSpec(line))).Problems.Select(p => p.Message).First(m => m.StartsWith("unknown field", StringComparison.Ordinal));
        foreach (string field in message.Split("known are ")[1].Split(", "))
            Assert.Contains($"`{field}`", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_operator_is_on_the_page() =>
        Assert.All(Enum.GetNames<TextOperator>(), name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
