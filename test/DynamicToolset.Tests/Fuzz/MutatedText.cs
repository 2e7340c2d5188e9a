using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Fuzz;

/// <summary>What is promised of a text that somebody spoiled.</summary>
internal static class MutatedText
{
    /// <summary>One text in so many is long: it takes a hundred times as long as a short one.</summary>
    private const int OneLongIn = 120;

    public static string Make(Random random, TextMutation mutation, IReadOnlyList<RepeatedText> longOnes, Func<string> shortOne)
    {
        if (random.Next(OneLongIn) > 0)
            return shortOne();
        RepeatedText text = random.Next(4) == 0 ? RepeatedText.Anywhere[random.Next(RepeatedText.Anywhere.Count)] : longOnes[random.Next(longOnes.Count)];
        return text.Make(random, mutation);
    }

    public static long SizeOf(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>
    /// Each stands on one line, and an editor can go to its place: to a character, behind the last one of a line, or to the line behind the last one.
    /// </summary>
    public static void AssertTell(string text, IEnumerable<(YamlPosition Place, string Message)> problems)
    {
        // As the reader of YAML counts them.
        string[] lines = (text.ReplaceLineEndings("\n") + "\n").Split('\n');
        foreach ((YamlPosition place, string message) in problems)
        {
            Assert.False(message.AsSpan().ContainsAnyExceptInRange(' ', char.MaxValue), message);
            Assert.InRange(place.Line, 1, lines.Length);
            Assert.InRange(place.Column, 1, lines[place.Line - 1].Length + 1);
        }
    }

    /// <summary>Makes all that the service would write, for both kinds of HolmesGPT, which takes it as it is.</summary>
    /// <returns>What the service holds of it.</returns>
    public static PipelineResult Generate(RuleSet rules, ImmutableArray<ServiceRecord> services, OverrideSet overrides)
    {
        PipelineResult? made = null;
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            var pipeline = new ToolsetPipeline(rules, [], [], "") { Holmes = new HolmesProfile(target, ["kubernetes/core"]) };
            PipelineResult result = pipeline.Generate(
                [.. pipeline.Detect(services).OfType<Detection.Matched>()], _ => true, Incumbents.None, OverrideState.Start.Next(overrides), present: null, lastSeenOverrides: null);
            // What has no room in a ConfigMap is never written.
            if (ConfigMapPlanner.Plan(result.Desired, null, null) is not ConfigMapPlan.Refuse)
            {
                Assert.Empty(result.Holmes!.Problems);
                Assert.Empty(HolmesLinter.Lint(result.Holmes.Text, target, ["kubernetes/core"]));
            }

            made = result;
        }

        return made!;
    }
}
