using System.Collections.Immutable;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

/// <summary>What holds for every cluster, every text of the admin's and every state of the ConfigMap.</summary>
public sealed class PlanProperties(ITestOutputHelper output)
{
    private const int Cases = 10_000;

    private static readonly string[] Expected =
    [
        "matching", "lookalike", "custom", "custom with a name", "annotated with a type", "malformed annotation", "opted out", "ExternalName", "hostile", "several of one name",
        .. Generated.OverrideClasses,
        "no ConfigMap", "a ConfigMap", "plan None", "plan Create", "plan Patch", "plan Refuse",
        "owner Found", "owner Missing", "owner SwitchedOff", "owner Unknown", "owners corrected", "owners as they are", .. Enum.GetNames<TamperingKind>(),
    ];

    [Fact]
    public void P1_The_same_inputs_in_any_order_make_the_same_bytes() => Check(now =>
    {
        World world = now.World;
        var random = new Random(world.Unhealthy);
        World shuffled = world with
        {
            Services = [.. world.Services.Select(s => (s.Class, Reorder(s.Service, random))).OrderBy(_ => random.Next())],
        };
        Assert.Equal(now.Result.Desired.Data, shuffled.Generate(now.Present).Desired.Data);
        Assert.Equal(PlanText.Of(now.Plan), PlanText.Of(shuffled.Plan(now.Present)));
    });

    [Fact]
    public void P2_P3_One_write_reaches_a_state_that_needs_no_other() => Check(now =>
    {
        // The round after it reads the incumbents and the overrides back from what was written.
        if (now.Plan is not ConfigMapPlan.Refuse)
            Assert.Equal("nothing to write\n", PlanText.Of(now.World.Plan(now.After)));
    });

    [Fact]
    public void P4_No_plan_changes_the_admin_s_text() => Check(now =>
    {
        if (now.Plan is ConfigMapPlan.Patch patch)
            Assert.DoesNotContain(ToolsetKey.Overrides, patch.Changes.Data.Keys.Concat(patch.Changes.BinaryDataRemovals));
        string? before = now.Present is null && now.Plan is ConfigMapPlan.Create ? now.World.Overrides.Text : World.OverridesIn(now.Present);
        Assert.Same(before, World.OverridesIn(now.After));
    });

    [Fact]
    public void P4_A_text_that_cannot_be_understood_changes_nothing_but_the_problem() => Check(now =>
    {
        OverrideSet text = OverrideParser.Parse(now.World.Overrides.Text);
        if (text.Problem is null)
            return;
        OverrideState good = OverrideState.Start.Next(OverrideParser.Parse("grafana: {enabled: false}\nmine: {config: {url: u}}"));
        DesiredConfigMap before = now.World.Generate(now.Present, good).Desired, after = now.World.Generate(now.Present, good.Next(text)).Desired;
        Assert.Equal(before.Data, after.Data);
        Assert.Equal(before.KeepsUnknown, after.KeepsUnknown);
        // Behind it stands how many more there are.
        Assert.StartsWith($"overrides.yaml:{text.Problem}", after.Annotations[DesiredConfigMap.OverrideErrorAnnotation], StringComparison.Ordinal);
    });

    [Fact]
    public void P6_What_belongs_to_others_is_never_touched() => Check(now =>
    {
        if (now.Present is not { } present || now.After is not { } after)
            return;
        Assert.Equal(present.Data.Where(d => !ToolsetKey.IsOurs(d.Key)), after.Data.Where(d => !ToolsetKey.IsOurs(d.Key)));
        Assert.Equal(present.BinaryData.Where(d => !ToolsetKey.IsOurs(d.Key)), after.BinaryData.Where(d => !ToolsetKey.IsOurs(d.Key)));
        Assert.Equal(present.Labels.Remove(DesiredConfigMap.ManagedByLabel), after.Labels.Remove(DesiredConfigMap.ManagedByLabel));
        string[] ours = [DesiredConfigMap.OverrideErrorAnnotation, HolderAnnotation.Name];
        Assert.Equal(present.Annotations.RemoveRange(ours), after.Annotations.RemoveRange(ours));
        Assert.Equal(present.Owners.Where(o => !World.IsOurs(o)), after.Owners.Where(o => !World.IsOurs(o)));
        Assert.Equal((present.Key, present.Uid, present.Immutable), (after.Key, after.Uid, after.Immutable));
    });

    [Fact]
    public void P7_Nothing_is_removed_on_account_of_what_is_not_known() => Check(now =>
    {
        if (now.World.State(now.Present).InForce is null && now.Plan is ConfigMapPlan.Patch patch)
            Assert.DoesNotContain(patch.Changes.Data, d => d.Value is null || now.Present!.Data.ContainsKey(d.Key));
    });

    [Fact]
    public void P8_A_newcomer_never_changes_a_toolset_that_is_there() =>
        Gen.Select(World.All, Generated.Clusters).Holds(
            3_000,
            output,
            input =>
            {
                (World world, World after) = (Plain(input.Item1), WithNewcomer(input).World);
                ConfigMapRecord? present = Store.Apply(world.Plan(null), null);
                DesiredConfigMap before = world.Generate(present).Desired, then = after.Generate(present).Desired;
                var texts = then.Data.ToDictionary();
                // The file for HolmesGPT holds all toolsets, the newcomer among them.
                Assert.All(before.Data.Where(d => ToolsetKey.IsToolset(d.Key)), toolset => Assert.Equal(toolset.Value, texts.GetValueOrDefault(toolset.Key)));
            },
            input => [WithNewcomer(input).Class],
            "matching",
            "annotated with a type",
            "custom",
            "none");

    private void Check(Action<Situation> promise) => Situation.All.Holds(Cases, output, promise, now => now.Classes(), Expected);

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

    private static ServiceRecord Reorder(ServiceRecord service, Random random) => service with
    {
        Labels = service.Labels.OrderBy(_ => random.Next()).ToDictionary(),
        Annotations = service.Annotations.OrderBy(_ => random.Next()).ToDictionary(),
    };
}
