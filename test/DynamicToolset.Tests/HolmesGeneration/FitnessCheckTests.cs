using DynamicToolset.Holmes.Generation;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>What no input is known to bring about, and would cost HolmesGPT the entry or the file, or run a command.</summary>
public sealed class FitnessCheckTests
{
    [Theory]
    [InlineData("'http://a.b:80'", null)]
    [InlineData("'https://a.b:80/x/' 'http://c:1'", null)]
    [InlineData("http://a.b:80", "url-not-plain")]
    [InlineData("\"http://a.b:80\"", "url-not-plain")]
    [InlineData("'http://a.b:80$(x)'", "url-not-plain")]
    [InlineData("'http://a.b:80'x", null)]
    [InlineData("'http://a.b:80", "url-not-plain")]
    [InlineData("'HTTP://a.b:80' HTTPS://x", "url-not-plain")]
    [InlineData("'-u http://a.b:80'", "url-not-plain")]
    [InlineData("a\u001bb", "control-character")]
    [InlineData("a\u0085b", "control-character")]
    [InlineData("a\n\tb", null)]
    public void A_command_has_its_URLs_in_single_quotes_and_plain(string command, string? rule) =>
        AssertProblem(rule, ToolsetValue.Map.Of(DraftEntry.Enabled, ("tools", new ToolsetValue.List([ToolsetValue.Map.Of(("command", new ToolsetValue.Text(command)))]))));

    [Fact]
    public void Nothing_is_null_at_any_depth() =>
        AssertProblem("null-value", InConfig(("instances", new ToolsetValue.List([ToolsetValue.Map.Of(("url", new ToolsetValue.Nothing()))]))));

    [Fact]
    public void No_key_has_a_dot_at_any_depth() =>
        AssertProblem("dotted-key", InConfig(("headers", ToolsetValue.Map.Of(("a.b", new ToolsetValue.Text("x"))))));

    [Fact]
    public void No_field_is_unknown() => AssertProblem("unknown-field", ToolsetValue.Map.Of(DraftEntry.Enabled, ("url", new ToolsetValue.Text("x"))));

    /// <summary>A URL in a config is for no shell.</summary>
    [Fact]
    public void What_is_fit_has_no_problem() => AssertProblem(null, InConfig(("url", new ToolsetValue.Text("http://[::1]"))));

    private static ToolsetValue.Map InConfig(params ReadOnlySpan<(string, ToolsetValue)> config) =>
        ToolsetValue.Map.Of(DraftEntry.Enabled, ("config", ToolsetValue.Map.Of(config)));

    private static void AssertProblem(string? rule, ToolsetValue.Map body)
    {
        string? problem = FitnessCheck.ProblemOf(new DraftEntry("any/entry", body, []));
        if (rule is null)
            Assert.Null(problem);
        else
            Assert.EndsWith($"[{rule}]", problem, StringComparison.Ordinal);
    }
}
