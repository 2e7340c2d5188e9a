using System.Collections.Immutable;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Tests.Properties;

/// <summary>What holds where others leave little room in the ConfigMap.</summary>
public sealed class SizeProperties(ITestOutputHelper output)
{
    private const int Limit = ConfigMapPlanner.LargestSize;

    /// <summary>Worlds with so little room beside somebody else's binary data that often not all toolsets fit.</summary>
    private static readonly Gen<Situation> Narrow = Gen.Select(
        World.All, Gen.Frequency((8, Gen.Int[-100, 1_500]), (1, Gen.Int[1_500, 50_000])), (world, missing) => new Situation(world, record => WithRoom(world, record, missing)));

    private static readonly Gen<Situation> Large = Gen.Select(
        World.All, Generated.LargeOverrides, Gen.Int[600 * 1024, 940 * 1024], (world, overrides, foreign) =>
            new Situation(world with { Overrides = overrides }, record => record.With("foreign.txt", new string('x', foreign))));

    [Fact]
    public void P12_No_plan_makes_the_ConfigMap_larger_than_allowed() =>
        Narrow.Holds(10_000, output, AssertAllowed, Classes, "all fit", "some are left out", "all that may go are left out", "refused TooLarge", "no ConfigMap", "nothing known");

    [Fact]
    public void P12_Nor_does_it_where_overrides_and_keys_of_others_are_large() =>
        Large.Holds(150, output, AssertAllowed, Classes, "refused TooLarge", "large overrides", "half a mebibyte of overrides", "all fit");

    [Fact]
    public void P2_P12_What_is_left_out_is_left_out_again_by_the_round_after_the_write() => Narrow.Holds(
        10_000,
        output,
        now =>
        {
            // While the wishes are unknown what is there costs nothing, the file for HolmesGPT from the second round on: more may fit then.
            if (now.Plan is ConfigMapPlan.Refuse || (now.Result.Desired.KeepsUnknown && now.World.WritesHolmes))
                return;
            Assert.Equal("nothing to write\n", PlanText.Of(now.World.Plan(now.After)));
            Assert.Equal(now.Result.LeftOut.Select(t => t.Name), now.World.Generate(now.After).LeftOut.Select(t => t.Name));
        },
        Classes,
        "all fit",
        "some are left out",
        "all that may go are left out");

    [Fact]
    public void P12_As_many_as_fit_are_kept_and_nothing_goes_but_toolsets_of_custom_Services() => Narrow.Holds(
        10_000,
        output,
        now =>
        {
            ImmutableArray<Toolset> leftOut = now.Result.LeftOut;
            Assert.All(leftOut, t => Assert.True(t is { Type: "custom", Source: ToolsetSource.Service }, t.Name));
            Assert.DoesNotContain(leftOut, t => now.World.State(now.Present).InForce?.ContainsKey(t.Name) == true);
            Assert.Equal(now.Result.Desired.Data.Select(d => d.Key).Where(ToolsetKey.IsToolset), now.Result.Toolsets.Toolsets.Select(t => t.DataKey));
            // Where there is a file for HolmesGPT it grows with each toolset too.
            if (leftOut.IsEmpty || now.Present is null || now.Result.Desired.KeepsUnknown || now.World.WritesHolmes)
                return;
            Toolset next = leftOut[0];
            int withNext = ConfigMapSize.After(now.Present, now.Result.Desired) + ConfigMapSize.Of([KeyValuePair.Create(next.DataKey, ToolsetYaml.Emit(next))]);
            Assert.InRange(withNext, Limit + 1, int.MaxValue);
        },
        Classes,
        "all fit",
        "some are left out",
        "all that may go are left out");

    private static void AssertAllowed(Situation now)
    {
        if (now.Plan is ConfigMapPlan.Patch)
            Assert.InRange(ConfigMapSize.Of(now.After!), 1, Limit);
        else if (now.Plan is ConfigMapPlan.Create)
            Assert.InRange(ConfigMapSize.Of(now.After!), 1, IsAllLeftOut(now) && now.World.Overrides.Text is not null ? ConfigMapPlanner.LargestRecreation : Limit);
        else
            Assert.Same(now.Present, now.After);
    }

    private static IEnumerable<string> Classes(Situation now)
    {
        yield return now.Result.LeftOut.IsEmpty ? "all fit" : IsAllLeftOut(now) ? "all that may go are left out" : "some are left out";
        yield return now.Plan is ConfigMapPlan.Refuse refuse ? $"refused {refuse.Reason}" : $"plan {now.Plan.GetType().Name}";
        yield return now.World.Overrides.Class;
        if (now.Present is null)
            yield return "no ConfigMap";
        if (now.Result.Desired.KeepsUnknown)
            yield return "nothing known";
    }

    private static bool IsAllLeftOut(Situation now) => now.Result.Toolsets.Toolsets
        .All(t => t is not { Type: "custom", Source: ToolsetSource.Service } || now.World.State(now.Present).InForce?.ContainsKey(t.Name) == true);

    /// <param name="missing">In bytes, to hold all toolsets.</param>
    private static ConfigMapRecord WithRoom(World world, ConfigMapRecord record, int missing)
    {
        const string Key = "big.bin";
        int all = ConfigMapSize.After(record, world.Generate(record).Desired) + Key.Length;
        return record.WithBinary(Key, Math.Max(0, Limit - all + missing));
    }
}
