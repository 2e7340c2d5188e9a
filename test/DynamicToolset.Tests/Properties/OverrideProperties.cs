using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.Properties;

public sealed class OverrideProperties(ITestOutputHelper output)
{
    [Fact]
    public void P5_What_the_admin_sets_wins_at_every_depth_and_goes_with_the_override() => World.All.Select(w => new Wishes(w)).Holds(
        10_000,
        output,
        now =>
        {
            foreach ((string name, ToolsetValue.Map wanted) in now.Wanted.Where(w => !now.Dormant.Contains(w.Key)))
            {
                var effective = (JsonObject)ToolsetJson.Read(ToolsetYaml.Emit(now.Merged[name]))!;
                var generated = (JsonObject)ToolsetJson.Of(now.Plain.GetValueOrDefault(name)?.Body ?? ToolsetValue.Map.Empty)!;
                AssertWins((JsonObject)ToolsetJson.Of(wanted)!, generated, effective);
            }

            Assert.Equal(now.PlainResult.Desired.Data, now.World.Generate(null, now.State.Next(OverrideParser.Parse(null))).Desired.Data);
        },
        now => now.State.InForce is null ? ["nothing known"] : now.Wanted.Select(w => KindOf(now, w.Key, w.Value)).Append(now.World.Overrides.Class).Distinct(),
        "of a detected toolset",
        "a toolset of its own",
        "dormant",
        "nothing known",
        "deep overrides",
        "overrides in short form",
        "dormant overrides",
        "toolsets of their own",
        "switched off",
        "mutated overrides");

    private static string KindOf(Wishes now, string name, ToolsetValue.Map wanted) =>
        now.Plain.ContainsKey(name) ? "of a detected toolset"
        : now.Dormant.Contains(name) ? "dormant"
        : wanted.Entries.IsEmpty ? "an empty toolset of its own" : "a toolset of its own";

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

    /// <summary>What the admin wants, and the toolsets without and with it.</summary>
    private sealed class Wishes
    {
        private readonly Lazy<PipelineResult> _plain;
        private readonly Lazy<FrozenDictionary<string, Toolset>> _merged;
        private readonly Lazy<FrozenDictionary<string, Toolset>> _without;
        private readonly Lazy<ToolsetList> _list;

        public Wishes(World world)
        {
            World = world;
            State = world.State(null);
            _plain = new(() => world.Generate(null, OverrideState.Start.Next(OverrideSet.None)));
            _list = new(() => world.Generate(null, State).Toolsets);
            _without = new(() => ByName(PlainResult.Toolsets));
            _merged = new(() => ByName(_list.Value));
        }

        public World World { get; }

        public OverrideState State { get; }

        public ImmutableSortedDictionary<string, ToolsetValue.Map> Wanted => State.InForce ?? OverrideSet.None.Entries;

        public PipelineResult PlainResult => _plain.Value;

        public FrozenDictionary<string, Toolset> Plain => _without.Value;

        public FrozenDictionary<string, Toolset> Merged => _merged.Value;

        public ImmutableArray<string> Dormant => [.. _list.Value.Dormant.Select(d => d.Name)];

        private static FrozenDictionary<string, Toolset> ByName(ToolsetList list) => list.Toolsets.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
    }
}
