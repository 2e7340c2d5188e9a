using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>Replicas of the real controller in a simulated cluster in which everything goes wrong; see <see cref="World"/> and <see cref="Promises"/>.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Storm = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(6);

    /// <summary>Each takes half a second of one core.</summary>
    private const int Cases = 200;

    [Fact]
    public void There_are_never_two_writers_and_never_none_and_nothing_is_lost()
    {
        var count = new FaultCount();
        int steps = 0;
        Chance.Try(Cases, random => steps += Run(random, count));
        output.WriteLine($"{steps} steps\n{count}");
        if (Chance.IsEnough(Cases))
            Assert.All(FaultCount.Expected, fault => Assert.Contains(fault, count.All.Keys));
    }

    private static int Run(Random random, FaultCount count)
    {
        var world = new World(random.Next(), replicas: random.Next(2, 4), count);
        using StreamWriter? diary = Environment.GetEnvironmentVariable("SIMULATION_DIARY") is { Length: > 0 } path ? new StreamWriter(path) : null;
        world.Record = diary;
        try
        {
            for (int slot = 0; slot < world.Slots; slot++)
                world.Start(slot);
            for (int i = 0; i < 6; i++)
                world.Tenants.Install();
            world.RunFor(TimeSpan.FromMinutes(1));
            world.Chaos.Begin();
            world.RunFor(Storm);
            world.Chaos.End();
            world.RunFor(Quiet);
            Settled(world);
            return world.Steps;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new BrokenPromiseException($"{e.Message}\n{string.Join('\n', world.Diary)}", e);
        }
        finally
        {
            foreach (Replica replica in world.Replicas)
                replica.Dispose();
        }
    }

    /// <summary>All is well for a while: one leads, all agree, the ConfigMap is what it should be, and nobody writes any more.</summary>
    private static void Settled(World world)
    {
        Assert.Single(world.Replicas, r => r.Controller.Leadership.Leads);
        string? before = world.ConfigMap?.ToJsonString();
        world.RunFor(TimeSpan.FromMinutes(4));
        Assert.Equal(before, world.ConfigMap?.ToJsonString());
        Assert.Equal(Wanted(world), Data(world));
    }

    private static SortedDictionary<string, string> Data(World world) => new(
        world.Replicas.First().State!.Observed!.Data.Where(d => d.Key != ToolsetKey.Overrides).ToDictionary(), StringComparer.Ordinal);

    /// <summary>What the command generate makes of the same cluster.</summary>
    private static SortedDictionary<string, string> Wanted(World world)
    {
        ControllerState state = world.Replicas.First().State!;
        ToolsetPipeline pipeline = world.Replicas.First().Pipeline;
        var detected = pipeline.Detect(state.Detected.All.Select(d => d.Service).ToList());
        PipelineResult result = pipeline.Generate(
            [.. detected.OfType<Detection.Matched>()], _ => true, PresentToolsets.ReadHolders(state.Observed), OverrideState.Start.Next(OverrideParser.ParseIn(state.Observed)), state.Observed, null);
        return new(result.Desired.Data.ToDictionary(), StringComparer.Ordinal);
    }
}
