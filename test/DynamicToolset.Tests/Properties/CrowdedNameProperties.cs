using System.Collections.Immutable;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

/// <summary>What holds where Services that want one name are left out.</summary>
public sealed class CrowdedNameProperties(ITestOutputHelper output)
{
    [Fact]
    public void P2_P12_Names_that_change_hands_have_settled_after_one_round_for_a_program_that_runs_on_and_for_one_that_starts() => CrowdedNames.All.Holds(
        1_000,
        output,
        world =>
        {
            (Incumbents incumbents, ConfigMapRecord present) = world.AfterTheFirstRound();
            PipelineResult result = world.Generate(incumbents, present);
            ConfigMapPlan plan = ConfigMapPlanner.Plan(result.Desired, present.Present());
            Assert.Equal(Print(result), Print(world.Generate(incumbents, present)));
            if (plan is ConfigMapPlan.Refuse)
                return;
            ConfigMapRecord after = Store.Apply(plan, present)!;
            foreach (PipelineResult next in (PipelineResult[])[world.Generate(Incumbents.Of(result.Endpoints), after, result), world.Generate(PresentToolsets.Read(after), after)])
            {
                Assert.Equal("nothing to write\n", PlanText.Of(ConfigMapPlanner.Plan(next.Desired, after.Present())));
                Assert.Equal(Print(result), Print(next));
            }
        },
        Classes,
        Expected);

    [Fact]
    public void Where_one_turn_is_enough_no_other_name_changes_hands() => CrowdedNames.All.Holds(
        500,
        output,
        world =>
        {
            (Incumbents incumbents, ConfigMapRecord present) = world.AfterTheFirstRound();
            ImmutableArray<ImmutableArray<NamedEndpoint>> turns = world.Turns(incumbents, present);
            if (turns.Length <= 2)
                Assert.Equal(turns[^1], world.Generate(incumbents, present).Endpoints);
        },
        Classes,
        Expected);

    private static readonly string[] Expected =
        ["nothing collides", "all fit", "all holders are written", "a holder is left out", "several turns", "more than three turns", "refused", "with the file for HolmesGPT"];

    private static IEnumerable<string> Classes(CrowdedNames world)
    {
        (Incumbents incumbents, ConfigMapRecord present) = world.AfterTheFirstRound();
        PipelineResult result = world.Generate(incumbents, present);
        ImmutableArray<ImmutableArray<NamedEndpoint>> turns = world.Turns(incumbents, present);
        if (turns[0].All(e => e.Name == e.Detection.Name))
            yield return "nothing collides";
        yield return (result.LeftOut.IsEmpty, turns.Length) switch
        {
            (true, 1) => "all fit",
            (_, 1) => "all holders are written",
            (_, 2) => "a holder is left out",
            (_, <= 4) => "several turns",
            _ => "more than three turns",
        };
        if (ConfigMapPlanner.Plan(result.Desired, present.Present()) is ConfigMapPlan.Refuse)
            yield return "refused";
        if (world.WritesHolmes)
            yield return "with the file for HolmesGPT";
    }

    private static string Print(PipelineResult result) => string.Join(
        '\n', [.. result.Endpoints.Select(e => $"{e.Name} {e.Detection.Service.Key}"), .. result.LeftOut.Select(t => $"left out {t.Name}"), .. result.Desired.Data.Select(d => $"{d.Key} {d.Value}")]);
}
