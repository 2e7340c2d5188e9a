using System.Text.Json.Nodes;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Tests.Properties;

public sealed class OverrideProperties(ITestOutputHelper output)
{
    [Fact]
    public void P5_What_the_admin_sets_wins_at_every_depth_and_goes_with_the_override() => World.All.Holds(
        3_000,
        output,
        world =>
        {
            OverrideState state = world.State(null);
            if (state.InForce is not { } wishes)
                return;
            PipelineResult plain = world.Generate(null, OverrideState.Start.Next(OverrideSet.None));
            ToolsetList merged = world.Generate(null, state).Toolsets;
            foreach ((string name, ToolsetValue.Map wanted) in wishes.Where(w => !merged.Dormant.Contains(w.Key)))
            {
                Toolset toolset = merged.Toolsets.Single(t => t.Name == name);
                var effective = (JsonObject)ToolsetJson.Read(ToolsetYaml.Emit(toolset))!;
                var generated = (JsonObject?)ToolsetJson.Of(plain.Toolsets.Toolsets.FirstOrDefault(t => t.Name == name)?.Body ?? ToolsetValue.Map.Empty);
                AssertWins((JsonObject)ToolsetJson.Of(wanted)!, generated!, effective);
            }

            Assert.Equal(plain.Desired.Data, world.Generate(null, state.Next(OverrideParser.Parse(null))).Desired.Data);
        },
        world => world.State(null).InForce is { } wishes ? wishes.Select(w => KindOf(world, w.Key, w.Value)) : ["nothing known"],
        "of a detected toolset",
        "a toolset of its own",
        "dormant",
        "nothing known");

    private static string KindOf(World world, string name, ToolsetValue.Map wanted)
    {
        bool isDetected = world.Generate(null, OverrideState.Start.Next(OverrideSet.None)).Toolsets.Toolsets.Any(t => t.Name == name);
        bool isDormant = world.Generate(null).Toolsets.Dormant.Contains(name);
        return isDetected ? "of a detected toolset" : isDormant ? "dormant" : wanted.Entries.IsEmpty ? "an empty toolset of its own" : "a toolset of its own";
    }

    /// <summary>Each key has the value that is wanted, else the generated one; maps are looked into.</summary>
    private static void AssertWins(JsonObject wanted, JsonObject generated, JsonObject effective)
    {
        foreach ((string key, JsonNode? value) in wanted)
        {
            if (value is JsonObject inner && generated[key] is JsonObject under)
                AssertWins(inner, under, Assert.IsType<JsonObject>(effective[key]));
            else
                Assert.True(effective.ContainsKey(key) && JsonNode.DeepEquals(value, effective[key]), $"{key} is {effective[key]} and not {value}");
        }

        foreach ((string key, JsonNode? value) in generated.Where(g => !wanted.ContainsKey(g.Key)))
            Assert.True(JsonNode.DeepEquals(value, effective[key]), $"{key} is {effective[key]} and not {value}");
    }
}
