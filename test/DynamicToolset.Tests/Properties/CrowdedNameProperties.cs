using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

/// <summary>What holds where Services that want one name are left out, or are down.</summary>
public sealed class CrowdedNameProperties(ITestOutputHelper output)
{
    [Fact]
    public void P2_P12_Who_has_a_name_is_settled_after_one_round_for_a_program_that_runs_on_and_for_one_that_starts() => CrowdedNames.All.Holds(
        1_000,
        output,
        world =>
        {
            (Incumbents incumbents, ConfigMapRecord present) = world.AfterTheFirstRound();
            PipelineResult result = world.Generate(incumbents, present);
            ConfigMapPlan plan = ConfigMapPlanner.Plan(result.Desired, present);
            Assert.Equal(Print(result), Print(world.Generate(incumbents, present)));
            if (plan is ConfigMapPlan.Refuse)
                return;
            ConfigMapRecord after = Store.Apply(plan, present)!;
            foreach (PipelineResult next in (PipelineResult[])[world.Generate(result.Names.Holders, after, result), world.Generate(PresentToolsets.ReadHolders(after), after)])
            {
                Assert.Equal("nothing to write\n", PlanText.Of(ConfigMapPlanner.Plan(next.Desired, after)));
                Assert.Equal(Print(result), Print(next));
            }
        },
        Classes,
        Expected);

    [Fact]
    public void A_name_stays_with_its_Service_whoever_is_left_out_or_down() => CrowdedNames.All.Holds(
        500,
        output,
        world =>
        {
            (Incumbents incumbents, ConfigMapRecord present) = world.AfterTheFirstRound();
            Incumbents after = world.Generate(incumbents, present).Names.Holders;
            foreach ((string name, ObjectKey holder) in incumbents.ByName)
                Assert.True(world.MayLose(name, holder) || after.ByName[name] == holder, $"{name} went from {holder} to {after.ByName[name]}");
        },
        Classes,
        Expected);

    private static readonly string[] Expected =
        ["nothing collides", "all fit", "a holder is left out", "a holder is down", "refused", "with the file for HolmesGPT"];

    private static IEnumerable<string> Classes(CrowdedNames world)
    {
        (Incumbents incumbents, ConfigMapRecord present) = world.AfterTheFirstRound();
        PipelineResult result = world.Generate(incumbents, present);
        if (result.Endpoints.All(e => e.Name == e.Detection.Name))
            yield return "nothing collides";
        if (result.LeftOut.IsEmpty)
            yield return "all fit";
        if (result.LeftOut.Any(t => incumbents.ByName.ContainsKey(t.Name)))
            yield return "a holder is left out";
        if (result.Names.Holders.ByName.Count > result.Endpoints.Length)
            yield return "a holder is down";
        if (ConfigMapPlanner.Plan(result.Desired, present) is ConfigMapPlan.Refuse)
            yield return "refused";
        if (world.WritesHolmes)
            yield return "with the file for HolmesGPT";
    }

    private static string Print(PipelineResult result) => string.Join(
        '\n', [.. result.Endpoints.Select(e => $"{e.Name} {e.Detection.Service.Key}"), .. result.LeftOut.Select(t => $"left out {t.Name}"), .. result.Desired.Data.Select(d => $"{d.Key} {d.Value}")]);
}
