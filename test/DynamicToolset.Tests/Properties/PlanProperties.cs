using System.Collections.Immutable;
using System.Text;
using CsCheck;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Tests.Properties;

/// <summary>What holds for every cluster, every text of the admin's and every state of the ConfigMap.</summary>
public sealed class PlanProperties(ITestOutputHelper output)
{
    private const int Cases = 3_000;

    private static readonly string[] Expected =
    [
        "matching", "lookalike", "custom", "custom with a name", "annotated with a type", "malformed annotation", "opted out", "ExternalName", "hostile", "several of one name",
        "no overrides", "empty overrides", "valid overrides", "overrides with CRLF", "overrides with comments and anchors", "overrides with tabs",
        "overrides with characters beyond the BMP", "overrides with a byte order mark", "invalid YAML", "wrong shape", "any text",
        "no ConfigMap", "a ConfigMap", "plan None", "plan Create", "plan Patch", "plan Refuse",
        "owner Found", "owner Missing", "owner SwitchedOff", "owner Unknown", "owners corrected", "owners as they are", .. Enum.GetNames<TamperingKind>(),
    ];

    [Fact]
    public void P1_The_same_inputs_in_any_order_make_the_same_bytes() => Check(world =>
    {
        var random = new Random(world.Unhealthy);
        World shuffled = world with
        {
            Services = [.. world.Services.Select(s => (s.Class, Reorder(s.Service, random))).OrderBy(_ => random.Next())],
        };
        ConfigMapRecord? present = world.Present();
        Assert.Equal(world.Generate(present).Desired.Data, shuffled.Generate(present).Desired.Data);
        Assert.Equal(PlanText.Of(world.Plan(present)), PlanText.Of(shuffled.Plan(present)));
    });

    [Fact]
    public void P2_P3_One_write_reaches_a_state_that_needs_no_other() => Check(world =>
    {
        ConfigMapRecord? present = world.Present();
        ConfigMapPlan plan = world.Plan(present);
        if (plan is ConfigMapPlan.Refuse)
            return;
        ConfigMapRecord? after = Store.Apply(plan, present);
        // The round after it reads the incumbents and the overrides back from what was written.
        Assert.Equal("nothing to write\n", PlanText.Of(world.Plan(after)));
    });

    [Fact]
    public void P4_No_plan_changes_the_admin_s_text() => Check(world =>
    {
        ConfigMapRecord? present = world.Present();
        ConfigMapPlan plan = world.Plan(present);
        if (plan is ConfigMapPlan.Patch patch)
            Assert.DoesNotContain(ToolsetKey.Overrides, patch.Changes.Data.Keys.Concat(patch.Changes.BinaryDataRemovals));
        string? before = present is null && plan is ConfigMapPlan.Create ? world.Overrides.Text : World.OverridesIn(present);
        Assert.Same(before, World.OverridesIn(Store.Apply(plan, present)));
    });

    [Fact]
    public void P4_A_text_that_cannot_be_understood_changes_nothing_but_the_problem() => Check(world =>
    {
        ConfigMapRecord? present = world.Present();
        OverrideState good = OverrideState.Start.Next(OverrideParser.Parse("grafana: {enabled: false}\nmine: {config: {url: u}}"));
        OverrideSet text = OverrideParser.Parse(world.Overrides.Text);
        DesiredConfigMap before = world.Generate(present, good).Desired, after = world.Generate(present, good.Next(text)).Desired;
        if (text.Problem is null)
            return;
        Assert.Equal(before.Data, after.Data);
        Assert.Equal(before.KeepsUnknown, after.KeepsUnknown);
        Assert.Equal($"overrides.yaml:{text.Problem}", after.Annotations[DesiredConfigMap.OverrideErrorAnnotation]);
    });

    [Fact]
    public void P6_What_belongs_to_others_is_never_touched() => Check(world =>
    {
        ConfigMapRecord? present = world.Present();
        if (present is null)
            return;
        ConfigMapRecord after = Store.Apply(world.Plan(present), present)!;
        Assert.Equal(present.Data.Where(d => !ToolsetKey.IsOurs(d.Key)), after.Data.Where(d => !ToolsetKey.IsOurs(d.Key)));
        Assert.Equal(present.BinaryDataKeys.Where(k => !ToolsetKey.IsOurs(k)), after.BinaryDataKeys.Where(k => !ToolsetKey.IsOurs(k)));
        Assert.Equal(present.Labels.Remove(DesiredConfigMap.ManagedByLabel), after.Labels.Remove(DesiredConfigMap.ManagedByLabel));
        Assert.Equal(present.Annotations.Remove(DesiredConfigMap.OverrideErrorAnnotation), after.Annotations.Remove(DesiredConfigMap.OverrideErrorAnnotation));
        Assert.Equal(present.Owners.Where(o => !World.IsOurs(o)), after.Owners.Where(o => !World.IsOurs(o)));
        Assert.Equal((present.Key, present.Uid, present.Immutable), (after.Key, after.Uid, after.Immutable));
    });

    [Fact]
    public void P7_Nothing_is_removed_on_account_of_what_is_not_known() => Check(world =>
    {
        ConfigMapRecord? present = world.Present();
        PipelineResult result = world.Generate(present);
        Assert.Equal(RefuseReason.NotSynced, Assert.IsType<ConfigMapPlan.Refuse>(ConfigMapPlanner.Plan(result.Desired, default, world.Overrides.Text)).Reason);
        if (world.State(present).InForce is not null || ConfigMapPlanner.Plan(result.Desired, present.Present()) is not ConfigMapPlan.Patch patch)
            return;
        Assert.DoesNotContain(patch.Changes.Data, d => d.Value is null || present!.Data.ContainsKey(d.Key));
    });

    [Fact]
    public void P8_A_newcomer_never_changes_a_toolset_that_is_there() =>
        Gen.Select(World.All, Generated.Clusters).Holds(
            Cases,
            output,
            input =>
            {
                (World world, World after) = (Plain(input.Item1), WithNewcomer(input).World);
                ConfigMapRecord? present = Store.Apply(world.Plan(null), null);
                DesiredConfigMap before = world.Generate(present).Desired, then = after.Generate(present).Desired;
                var texts = then.Data.ToDictionary();
                Assert.All(before.Data, toolset => Assert.Equal(toolset.Value, texts.GetValueOrDefault(toolset.Key)));
            },
            input => [WithNewcomer(input).Class],
            "matching",
            "annotated with a type",
            "custom",
            "none");

    [Fact]
    public void P12_No_plan_makes_the_ConfigMap_larger_than_allowed() =>
        Gen.Select(World.All, Generated.LargeOverrides, Gen.Int[600 * 1024, 940 * 1024], (world, overrides, foreign) => (World: world with { Overrides = overrides }, foreign)).Holds(
            150,
            output,
            input =>
            {
                ConfigMapRecord? present = WithForeign(input);
                ConfigMapPlan plan = input.World.Plan(present);
                ConfigMapRecord? after = Store.Apply(plan, present);
                if (plan is ConfigMapPlan.Patch or ConfigMapPlan.Create)
                    Assert.InRange(SizeOf(after!), 1, ConfigMapPlanner.LargestSize);
                else
                    Assert.Same(present, after);
            },
            input => [input.World.Plan(WithForeign(input)) is ConfigMapPlan.Refuse refuse ? $"refused {refuse.Reason}" : "written or equal", input.World.Overrides.Class],
            "refused TooLarge",
            "large overrides",
            "half a mebibyte of overrides",
            "written or equal");

    private void Check(Action<World> promise) => World.All.Holds(Cases, output, promise, world => world.Classes(), Expected);

    /// <summary>Without preferred namespaces, which may well take a name, and without overrides, which a newcomer of that name joins.</summary>
    private static World Plain(World world) => world with { Preferred = [], Overrides = ("no overrides", null) };

    /// <summary>
    /// Adds a Service that is not there yet. One that a rule finds is allowed to take a name from one that only an annotation names, so
    /// then it comes to a cluster without those; and a name that somebody chose freely competes with fallback names.
    /// </summary>
    private static (World World, string Class) WithNewcomer((World World, ImmutableArray<(string Class, ServiceRecord Service)> Newcomers) input)
    {
        World world = Plain(input.World);
        foreach ((string name, ServiceRecord service) in input.Newcomers)
        {
            bool isFound = new Detector(BuiltInRules.All).Detect(service) is Detection.Matched { Rule: not null };
            bool isRival = isFound && world.Services.Any(s => s.Class == "annotated with a type");
            if (!isRival && world.Services.All(s => s.Service.Key != service.Key))
                return (world with { Services = world.Services.Add((name, service)) }, name);
        }

        return (world, "none");
    }

    private static ConfigMapRecord? WithForeign((World World, int Foreign) input) => input.World.Present()?.With("foreign.bin", new string('x', input.Foreign));

    private static int SizeOf(ConfigMapRecord record) => record.Data.Sum(d => Encoding.UTF8.GetByteCount(d.Key) + Encoding.UTF8.GetByteCount(d.Value));

    private static ServiceRecord Reorder(ServiceRecord service, Random random) => service with
    {
        Labels = service.Labels.OrderBy(_ => random.Next()).ToDictionary(),
        Annotations = service.Annotations.OrderBy(_ => random.Next()).ToDictionary(),
    };
}
