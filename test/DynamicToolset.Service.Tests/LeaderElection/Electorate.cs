using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.LeaderElection;
using DynamicToolset.Sandbox.Api;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>
/// Replicas that stand for election on one simulated store, on a clock of the test. After every tenth of a second it is checked that no two lead.
/// </summary>
internal sealed class Electorate : IDisposable
{
    public static readonly ObjectKey LeaseKey = new("kubernaut-system", "dynamic-toolset-leader");

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<IReplica> _replicas = [];

    public Electorate()
    {
        Store = new KubeStore(historyLimit: 10_000, _time, new Random(1));
        Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = LeaseKey.Namespace } });
        Metrics = new ServiceMetrics(new StateStore(), _time, "1.2.3");
    }

    public KubeStore Store { get; }

    public ServiceMetrics Metrics { get; }

    public FakeTimeProvider Time => _time;

    public IEnumerable<IReplica> Leaders => _replicas.Where(r => r.Leads);

    /// <summary>False where a test makes two lead on purpose: somebody gives the Lease away.</summary>
    public bool IsOneLeader { get; set; } = true;

    public string? Holder => (string?)Lease()?["spec"]!["holderIdentity"];

    public JsonObject? Lease() => Store.Get(KubeResource.Leases, LeaseKey);

    /// <summary>As the overview makes it: without a spec.</summary>
    public void CreateLease() => Store.Create(KubeResource.Leases, Named());

    public void DeleteLease() => Do(() => Store.Delete(KubeResource.Leases, LeaseKey));

    public void EditLease(string spec) => Do(() =>
        Store.MergePatch(KubeResource.Leases, LeaseKey, new JsonObject { ["spec"] = JsonNode.Parse(spec) }));

    /// <summary>One more replica, which begins at once.</summary>
    public Candidate Join(string name, Action<FaultPlan>? plan = null, ElectionOptions? options = null)
    {
        var candidate = new Candidate(this, options ?? Options(name), plan ?? (_ => { }));
        _replicas.Add(candidate);
        Settle();
        return candidate;
    }

    /// <summary>The same with all that the service is beside.</summary>
    public Replica Run(string name, Action<FaultPlan>? plan = null, Func<Settings, Settings>? change = null, IProber? prober = null)
    {
        var replica = new Replica(this, name, plan ?? (_ => { }), change ?? (s => s), prober);
        _replicas.Add(replica);
        Settle();
        return replica;
    }

    public static ElectionOptions Options(string name) => new(
        ElectionOptions.IdentityOf(name, new Random(name.Length + name[^1])), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));

    public void Pass(double seconds)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(seconds); passed += Step)
        {
            _time.Advance(Step);
            Settle();
            Assert.True(!IsOneLeader || Leaders.Count() <= 1, "two lead");
        }
    }

    /// <returns>How many seconds it took.</returns>
    public double PassUntil(Func<bool> isTrue, double atMost = 60)
    {
        for (double passed = 0; passed < atMost; passed += Step.TotalSeconds)
        {
            if (isTrue())
                return passed;
            Pass(Step.TotalSeconds);
        }

        Assert.Fail($"{atMost} seconds were not enough.");
        return 0;
    }

    public void Do(Action action)
    {
        action();
        Settle();
    }

    public void Settle()
    {
        while (_replicas.Select(r => r.Thread.Run()).ToArray().Contains(true))
            continue;
        foreach (IReplica replica in _replicas)
            Assert.False(replica.Running.IsFaulted, $"{replica.Running.Exception}");
    }

    public void Dispose()
    {
        foreach (IReplica replica in _replicas)
            replica.Dispose();
        Metrics.Dispose();
    }

    private static JsonObject Named() =>
        new() { ["metadata"] = new JsonObject { ["name"] = LeaseKey.Name, ["namespace"] = LeaseKey.Namespace } };
}

internal interface IReplica : IDisposable
{
    ReplicaThread Thread { get; }

    /// <summary>Fails where a loop has.</summary>
    Task Running { get; }

    bool Leads { get; }
}

/// <summary>One replica, as far as it stands for election.</summary>
internal sealed class Candidate : IReplica
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _watching = new();
    private readonly Electorate _electorate;
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;

    public Candidate(Electorate electorate, ElectionOptions options, Action<FaultPlan> plan)
    {
        _electorate = electorate;
        plan(Faults);
        _loggers = LoggerFactory.Create(l => l.AddProvider(_log));
        Clock = new ReplicaClock(electorate.Time);
        Options = options;
        Api = new ReplicaApi(new SimulatedKubeApi(electorate.Store, electorate.Time, Faults, TimeSpan.FromMinutes(1)), electorate.Time);
        Elector = new LeaderElector(
            Api,
            Electorate.LeaseKey,
            options,
            () => Changes.Add(Elector!.Current),
            _ => { },
            new Reconnection(),
            electorate.Metrics,
            Clock,
            new Random(options.Identity[^1]),
            _loggers.CreateLogger<LeaderElector>());
        Thread.Do(() => Running = Task.WhenAll(Elector.WatchAsync(_watching.Token), Elector.RunAsync(_stop.Token)));
    }

    public ElectionOptions Options { get; }

    public LeaderElector Elector { get; }

    public ReplicaApi Api { get; }

    public ReplicaClock Clock { get; }

    public ReplicaThread Thread { get; } = new();

    public FaultPlan Faults { get; } = new();

    /// <summary>What it led or followed, each time that this changed.</summary>
    public List<Leadership> Changes { get; } = [];

    public Task Running { get; private set; } = Task.CompletedTask;

    public bool Leads => Elector.Current.Leads;

    /// <summary>The lines of this message.</summary>
    public IReadOnlyList<JsonObject> Logged(string message) =>
        [.. _log.All.Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => (string?)line["msg"] == message)];

    public void Stop() => _electorate.Do(() => Thread.Do(_stop.Cancel));

    public void Dispose()
    {
        _watching.Cancel();
        _stop.Dispose();
        _watching.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }
}
