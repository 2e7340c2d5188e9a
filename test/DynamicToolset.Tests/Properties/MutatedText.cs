using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Properties;

/// <summary>What is promised of a text that somebody spoiled.</summary>
internal static class MutatedText
{
    /// <summary>An editor can go there: to a character, behind the last one of a line, or to the line behind the last one, where something is missing.</summary>
    public static void AssertIsIn(string text, YamlPosition place)
    {
        // As the reader of YAML counts them.
        string[] lines = (text.ReplaceLineEndings("\n") + "\n").Split('\n');
        Assert.InRange(place.Line, 1, lines.Length);
        Assert.InRange(place.Column, 1, lines[place.Line - 1].Length + 1);
    }

    /// <summary>Makes all that the service would write, for both kinds of HolmesGPT, which takes it as it is.</summary>
    public static void Generate(RuleSet rules, ImmutableArray<ServiceRecord> services, OverrideSet overrides)
    {
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            var pipeline = new ToolsetPipeline(rules, [], [], "") { Holmes = new HolmesProfile(target, ["kubernetes/core"]) };
            PipelineResult result = pipeline.Generate(
                [.. pipeline.Detect(services).OfType<Detection.Matched>()], _ => true, Incumbents.None, OverrideState.Start.Next(overrides), present: null, lastSeenOverrides: null);
            Assert.NotNull(ConfigMapPlanner.Plan(result.Desired, null, null));
            Assert.Empty(result.Holmes!.Problems);
            Assert.Empty(HolmesLinter.Lint(result.Holmes.Text, target, ["kubernetes/core"]));
        }
    }
}
