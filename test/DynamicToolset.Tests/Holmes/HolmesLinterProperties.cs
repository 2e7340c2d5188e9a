using CsCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Tests.Properties;

namespace DynamicToolset.Tests.Holmes;

public sealed class HolmesLinterProperties(ITestOutputHelper output)
{
    /// <summary>What means something to YAML, to shells, to templates or to the rules.</summary>
    private static readonly string[] Pieces =
    [
        ":", "-", "\n", "\n  ", "'", "\"", "{{", "}}", "{{ env.X }}", "{", "}", "[", "]", "~", "null", "#", "|", ">", "&a", "*a", "<<", "!!int", "---\n",
        "\t", "\0", "\u001b", "\uD800", "\uFEFF", "http://", "'http://a:1/", "${X}", "$(", "`", "\\", ".", "/", "true", "1", "toolsets:", "type: http",
        "config:", "tools:", "name:", "command:", "instances:", "curl ",
    ];

    private static readonly string[] Texts =
        [.. new[] { "bad", "good/compat", "good/current" }.SelectMany(HolmesFile.Names).Select(n => HolmesFile.Open(n).Text)];

    private static readonly Gen<string> Mutated = Gen.Select(
        Gen.OneOf(Texts),
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 12], Gen.OneOf(Pieces), (place, cut, piece) => (place, cut, piece)).Array[1, 3],
        (text, changes) => changes.Aggregate(text, (t, c) => Change(t, c.place, c.cut, c.piece)));

    [Fact]
    public void Whatever_is_in_the_file_it_is_judged_the_same_each_time_and_nothing_is_thrown() => Mutated.Holds(
        4_000,
        output,
        text =>
        {
            HolmesProblem[] problems = [.. HolmesLinter.Lint(text, HolmesTarget.Compat, ["kubernetes/core"])];
            Assert.Equal(problems, HolmesLinter.Lint(text, HolmesTarget.Compat, ["kubernetes/core"]));
            Assert.All(problems, p => Assert.True(p.Position is { Line: > 0, Column: > 0 } && !p.Message.Any(char.IsControl), p.ToString()));
            HolmesLinter.Lint(text, HolmesTarget.Current, []);
        },
        text => HolmesLinter.Lint(text, HolmesTarget.Current, []).Select(p => p.Rule.Id).DefaultIfEmpty("fine").Distinct(),
        "fine",
        "yaml-syntax",
        "no-toolsets",
        "unknown-field",
        "quoted-parameter",
        "url-not-plain",
        "env-in-prompt",
        "tool-name",
        "missing-config-key",
        "mcp-stdio");

    private static string Change(string text, double place, int cut, string piece)
    {
        int at = (int)(place * text.Length);
        return text[..at] + piece + text[Math.Min(text.Length, at + cut)..];
    }
}
