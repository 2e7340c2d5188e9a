using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>HolmesGPT puts texts of its own in the place of those of some toolsets, and passes on what the inventory says.</summary>
public sealed class ToldElsewhereTests
{
    [Theory]
    [InlineData("prometheus", "prometheus/metrics", HolmesTarget.Compat)]
    [InlineData("prometheus", "prometheus/metrics", HolmesTarget.Current)]
    [InlineData("grafana", "grafana/dashboards", HolmesTarget.Compat)]
    [InlineData("grafana", "grafana/dashboards", HolmesTarget.Current)]
    public void What_would_not_reach_the_model_stands_in_the_inventory(string type, string toolset, HolmesTarget target)
    {
        string text = Make(target, Own(type, type, "Ask it first.")).Text;
        Assert.DoesNotContain("llm_instructions:", Entry(text, toolset), StringComparison.Ordinal);
        string inventory = Entry(text, "discovered/inventory");
        Assert.Matches($"\n    llm_instructions: \".* {toolset}: Ask it first\\. It asks http://{type}\\.a:80\\.\"\n", inventory);
        Assert.Matches($"\n        description: \".* {toolset} asks http://{type}\\.a:80\\.\"\n", inventory);
    }

    [Fact]
    public void What_reaches_the_model_stays_where_it_is()
    {
        string text = Make(HolmesTarget.Current, Own("elasticsearch", "elasticsearch", "Ask it first.")).Text;
        Assert.Contains("llm_instructions: \"Ask it first.\"\n", Entry(text, "elasticsearch/data"), StringComparison.Ordinal);
        Assert.DoesNotContain("Ask it first.", Entry(text, "discovered/inventory"), StringComparison.Ordinal);
    }

    /// <summary>The APIs of models take 1024 characters as the description of a tool.</summary>
    [Fact]
    public void However_many_there_are_and_however_much_is_written_a_prompt_has_room_for_it()
    {
        string book = string.Concat(Enumerable.Repeat("word 😀 ", 2000));
        ImmutableArray<Toolset> toolsets = [.. Enumerable.Range(0, 400).Select(i => Own($"grafana-{i}", "grafana", i == 7 ? book : null)), Own("prometheus", "prometheus", book)];
        HolmesFile file = Make(HolmesTarget.Current, toolsets);
        string inventory = Entry(file.Text, "discovered/inventory");
        string description = Regex.Match(inventory, "\n        description: \"(.*)\"\n").Groups[1].Value;
        Assert.InRange(description.Length, 800, 1024);
        Assert.InRange(Regex.Match(inventory, "\n    llm_instructions: \"(.*)\"\n").Groups[1].Value.Length, 4000, 8000);
        Assert.Contains("; and ", inventory, StringComparison.Ordinal);
        Assert.Equal(
            [("prometheus", "llm_instructions"), ("grafana-7", "llm_instructions")],
            file.LeftOut.Where(o => o.Reason.Contains("longer", StringComparison.Ordinal)).Select(o => (o.Toolset, o.Path)).OrderDescending());
        Assert.Empty(HolmesLinter.Lint(file.Text, HolmesTarget.Current, []));
    }

    [Fact]
    public void A_change_of_what_is_told_is_a_change_of_the_tool()
    {
        string[] descriptions = [.. new[] { "One.", "Two." }.Select(w => Entry(Make(HolmesTarget.Compat, Own("prometheus", "prometheus", w)).Text, "discovered/inventory").Split("tools:")[1])];
        Assert.NotEqual(descriptions[0], descriptions[1]);
    }

    private static string Entry(string text, string name) => text.Split($"\n  {name}:")[1].Split("\n  discovered/")[0];

    private static HolmesFile Make(HolmesTarget target, params ImmutableArray<Toolset> toolsets) => new HolmesGenerator(new HolmesProfile(target, [])).Generate(toolsets);

    private static Toolset Own(string name, string type, string? instructions) => new(
        name,
        type,
        ToolsetValue.Map.Of(
        [
            ("config", ToolsetValue.Map.Of(("url", new ToolsetValue.Text($"http://{name}.a:80")))),
            .. instructions is null ? Array.Empty<(string, ToolsetValue)>() : [("llm_instructions", new ToolsetValue.Text(instructions))],
        ]),
        new ToolsetSource.Override());
}
