using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>Replicas of the real controller in a simulated cluster in which everything goes wrong; see <see cref="World"/> and <see cref="Promises"/>.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Storm = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(6);

    private const string SeedFile = "test/DynamicToolset.Service.Tests/Simulation/seeds.txt";

    /// <summary>Each takes a fifth of a second of one core.</summary>
    private const int Cases = 200;

    private const int RecordedCases = 30;

    [Fact]
    public void A_seed_is_replayed_exactly()
    {
        const int Seed = 7;
        Assert.Equal(Trace(), Trace());

        static ulong Trace() => Run(new Random(Seed), new FaultCount()).Trace;
    }

    /// <summary>Each was chosen by chance once, and is tried for ever.</summary>
    [Fact]
    public void What_was_broken_once_stays_mended()
    {
        foreach (string line in File.ReadLines(Path.Combine(RepositoryRoot.Path, SeedFile)).Where(l => l.Length > 0 && l[0] != '#'))
        {
            int seed = int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
            if (Record.Exception(() => Run(new Random(seed), new FaultCount())) is { } broken)
                Assert.Fail($"Seed {line}\nmake simulate SEED={seed}\n{broken.Message}");
        }
    }

    [Fact]
    public void There_are_never_two_writers_and_never_none_and_nothing_is_lost()
    {
        var count = new FaultCount();
        int steps = 0;
        ulong trace = 0;
        Chance.Try(Cases, random =>
        {
            World world = Run(random, count);
            steps += world.Steps;
            trace = (trace * 31) + world.Trace;
        });
        output.WriteLine($"{steps} steps, trace {trace:x16}\n{count}");
        if (Chance.IsEnough(Cases))
            Assert.All(FaultCount.Expected, fault => Assert.Contains(fault, count.All.Keys));
    }

    /// <summary>Whatever happened to a replica, its journal tells why it did what it did.</summary>
    [Fact]
    public void What_a_replica_has_recorded_is_decided_again_as_it_was()
    {
        var records = new List<RecordedLife>();
        Chance.Try(RecordedCases, random => Run(random, new FaultCount(), records));
        (int rounds, int starts) = (records.Sum(r => r.Count.Rounds), records.Sum(r => r.Count.Starts));
        output.WriteLine($"{rounds} rounds, {starts} starts");
        if (Chance.IsEnough(RecordedCases))
            Assert.True(rounds > 100 * RecordedCases && starts > 10 * RecordedCases, $"{rounds} rounds, {starts} starts");
    }

    private static World Run(Random random, FaultCount count, List<RecordedLife>? records = null)
    {
        var world = new World(random.Next(), replicas: random.Next(2, 4), count) { Records = records };
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
            SettledAsync(world).GetAwaiter().GetResult();
            return world;
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
    private static async Task SettledAsync(World world)
    {
        Replica leader = Assert.Single(world.Replicas, r => r.Controller.Leadership.Leads);
        Assert.All(world.Replicas.Where(r => r != leader), r => Assert.StartsWith($"{leader.Process.Name}_", ((Leadership.Follower)r.Controller.Leadership).Holder, StringComparison.Ordinal));
        string? before = world.ConfigMap?.ToJsonString();
        world.RunFor(TimeSpan.FromMinutes(3));
        Assert.Equal(before, world.ConfigMap?.ToJsonString());
        SortedDictionary<string, string> data = Data(world);
        Assert.Equal(await WantedAsync(world), data);
        for (int slot = 0; slot < world.Slots; slot++)
        {
            world.Remove(slot);
            world.Start(slot);
        }

        // What was known to those before stands in the ConfigMap.
        world.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(data, Data(world));
    }

    private static SortedDictionary<string, string> Data(World world) => new(
        world.Replicas.First().State!.Observed!.Data.Where(d => d.Key != ToolsetKey.Overrides).ToDictionary(), StringComparer.Ordinal);

    /// <summary>What the command generate makes of the same cluster, whatever a replica knows of it.</summary>
    private static async Task<SortedDictionary<string, string>> WantedAsync(World world)
    {
        ToolsetPipeline pipeline = world.Replicas.First().Pipeline;
        (KubeList<ServiceRecord> services, ConfigMapRecord? present) = await world.ReadAsync();
        PipelineResult result = pipeline.Generate(
            [.. pipeline.Detect([.. services.Items]).OfType<Detection.Matched>()], _ => true, PresentToolsets.ReadHolders(present), OverrideState.Start.Next(OverrideParser.ParseIn(present)), present, null);
        return new(result.Desired.Data.ToDictionary(), StringComparer.Ordinal);
    }
}
